/* The thread: replies and utterances on the page, each in its place whenever it comes. */

import { link, pageAddress, prose } from "./prose.js";
import { say, showTime } from "./words.js";

const thread = document.getElementById("thread");
const latest = document.getElementById("latest");
const TITLED = /^(answer_|book_confirmed|appointment_(one|moved)$)/; // their first line says what the rest is about
const NEAR = 80; // pixels from the end that count as being there

const shown = new Map(); // name -> element

/* Shows a reply once; `tap` is called with the button chosen. False where it is there already. */
export function showReply(reply, tap) {
  const name = `reply-${reply.id}`;
  if (shown.has(name)) return false;
  const element = message("reply", say("bot"), reply.at);
  element.lang = reply.language;
  const body = element.querySelector(".body");
  body.append(prose(reply.text, { titled: TITLED.test(reply.key) }));
  if (reply.attachments?.length) body.append(files(reply.attachments));
  if (reply.buttons.length) body.append(choices(reply.buttons, tap));
  place(element, name, [reply.id, 0, 0]);
  return true;
}

function choices(buttons, tap) {
  const group = document.createElement("div");
  group.className = "choices";
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", say("choices"));
  for (const button of buttons) {
    const url = button.url && pageAddress(button.url);
    if (url) {
      const element = link(url, button.title);
      element.classList.add("chip");
      group.append(element);
    } else if (button.token) {
      const element = document.createElement("button");
      element.type = "button";
      element.className = "chip";
      element.textContent = button.title;
      element.addEventListener("click", () => tap(button));
      group.append(element);
    }
  }
  return group;
}

function chip(url, title) {
  const element = link(url, title);
  element.className = "chip";
  element.removeAttribute("title");
  return element;
}

/* Pictures stand on the page, other files behind a link. Only paths of our own are followed. */
function files(attachments) {
  const group = document.createElement("div");
  group.className = "files";
  for (const { title, media_type: type, path, page } of attachments) {
    const url = ownAddress(path);
    if (!url) continue;
    if (type.startsWith("image/")) {
      const address = ownAddress(page);
      group.append(picture(url, title, address));
      if (address) group.append(chip(address, say("appointment")));
    } else {
      const element = chip(url, title);
      element.classList.add("file");
      group.append(element);
    }
  }
  return group;
}

function picture(url, title, page) {
  const image = document.createElement("img");
  image.src = url.href;
  image.alt = title;
  image.width = image.height = 200;
  const element = link(page ?? url, "");
  element.className = "picture";
  element.title = title;
  element.prepend(image);
  // After some weeks its page is gone, and so is the picture.
  image.addEventListener("error", () => element.remove());
  return element;
}

function ownAddress(path) {
  return path?.startsWith("/") && !path.startsWith("//") ? pageAddress(location.origin + path) : null;
}

/* Shows an utterance, or its new state. `retry` is called where the visitor wants it sent again. */
export function showUtterance(utterance, retry) {
  const name = `said-${utterance.id}`;
  let element = shown.get(name);
  if (!element) {
    element = message("said", say("you"), utterance.at);
    const text = document.createElement("p");
    text.textContent = utterance.text;
    element.querySelector(".body").append(text);
    place(element, name, [utterance.after, 1, utterance.at]);
  }
  element.dataset.state = utterance.state;
  element.querySelector(".trouble")?.remove();
  const note = { waiting: utterance.stuck && say("waiting"), failed: say("failed"), refused: say("refused") };
  if (!note[utterance.state]) return;
  const trouble = document.createElement("div");
  trouble.className = "trouble";
  const sentence = document.createElement("span");
  sentence.textContent = utterance.reason || note[utterance.state];
  trouble.append(sentence);
  if (utterance.state === "failed") {
    const again = document.createElement("button");
    again.type = "button";
    again.className = "again";
    again.textContent = say("retry");
    again.addEventListener("click", () => retry(utterance));
    trouble.append(again);
  }
  element.append(trouble);
  if (element === thread.lastElementChild) follow(element);
}

function message(kind, author, at) {
  const element = document.createElement("div");
  element.className = `message ${kind}`;
  const who = document.createElement("span");
  who.className = "unseen";
  who.textContent = `${author}: `;
  const body = document.createElement("div");
  body.className = "body";
  const time = document.createElement("time");
  const moment = new Date(at);
  time.dateTime = moment.toISOString();
  time.textContent = showTime(moment);
  element.append(who, body, time);
  return element;
}

/* Puts an element before the first one that comes later. */
function place(element, name, order) {
  const atEnd = nearEnd();
  element.order = order;
  let before = thread.lastElementChild;
  while (before && comesLater(before.order, order)) before = before.previousElementSibling;
  if (before) before.after(element);
  else thread.prepend(element);
  shown.set(name, element);
  if (element !== thread.lastElementChild) return;
  if (atEnd || element.classList.contains("said")) follow(element);
  else latest.hidden = false;
}

function comesLater(order, than) {
  for (let at = 0; at < order.length; at++) {
    if (order[at] !== than[at]) return order[at] > than[at];
  }
  return false;
}

/* Scrolls so that the element can be read from its beginning; a short question stays in sight above its answer. */
function follow(element) {
  const before = element.previousElementSibling;
  const top = before?.classList.contains("said") && before.offsetHeight < 100 ? before : element;
  if (element.offsetHeight > thread.clientHeight) thread.scrollTop = top.offsetTop - 8;
  else thread.scrollTop = thread.scrollHeight;
}

function nearEnd() {
  return thread.scrollHeight - thread.scrollTop - thread.clientHeight < NEAR;
}

export function toEnd() {
  thread.scrollTop = thread.scrollHeight;
}

export function clear() {
  thread.replaceChildren();
  shown.clear();
}

/* While `work` fills the thread, screen readers stay silent. */
export function quietly(work) {
  thread.setAttribute("aria-live", "off");
  work();
  toEnd();
  setTimeout(() => thread.setAttribute("aria-live", "polite"), 300);
}

thread.addEventListener("scroll", () => {
  if (nearEnd()) latest.hidden = true;
});
latest.addEventListener("click", () => {
  toEnd();
  thread.focus({ preventScroll: true });
});
