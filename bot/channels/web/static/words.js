/* The page's own sentences, in the language chosen. */

const data = JSON.parse(document.getElementById("sentences").textContent);

export const LIMIT = data.limit;
export const names = data.names;

export function language() {
  return document.documentElement.lang;
}

export function say(key, facts = {}) {
  return data.sentences[language()][key].replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);
}

/* Writes every sentence of the page anew in another language. */
export function speak(code) {
  if (!(code in data.sentences)) return;
  document.documentElement.lang = code;
  document.title = say("title");
  for (const element of document.querySelectorAll("[data-say]")) element.textContent = say(element.dataset.say);
  for (const element of document.querySelectorAll("[data-say-label]")) {
    element.setAttribute("aria-label", say(element.dataset.sayLabel));
  }
  for (const element of document.querySelectorAll("[data-say-placeholder]")) {
    element.placeholder = say(element.dataset.sayPlaceholder);
  }
}

const CITY = "Asia/Ho_Chi_Minh";

/* The hour in the city; with the day where it is not today. */
export function showTime(moment) {
  const day = (date) => date.toLocaleDateString("en-CA", { timeZone: CITY });
  const today = day(moment) === day(new Date());
  const form = { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: CITY };
  return moment.toLocaleString(language(), today ? form : { ...form, day: "numeric", month: "numeric" });
}
