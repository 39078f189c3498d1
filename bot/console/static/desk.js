// The day keeps itself fresh, never under somebody's hands.
const EVERY = 4000;
const live = document.querySelector("[data-live]");
const offline = document.querySelector("[data-offline]");

for (const item of document.querySelectorAll(".scripted")) item.classList.remove("scripted");
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());

function isBusy() {
  const here = document.activeElement;
  if (!live.contains(here)) return false;
  return here.matches("select, input, textarea");
}

let sending = false;
addEventListener("submit", () => { sending = true; });
addEventListener("pageshow", () => { sending = false; });

async function refresh() {
  if (sending || document.hidden || isBusy()) return;
  let answer;
  try {
    const headers = { "If-None-Match": live.dataset.mark ?? "", "X-By-Itself": "1" };
    answer = await fetch(live.dataset.live, { cache: "no-store", redirect: "manual", headers });
  } catch {
    offline.hidden = false;
    return;
  }
  if (answer.type === "opaqueredirect") { location.reload(); return; } // signed out meanwhile
  if (answer.status === 304) { offline.hidden = true; return; } // nothing has changed
  if (!answer.ok) { offline.hidden = false; return; }
  const fresh = await answer.text();
  offline.hidden = true;
  if (sending || isBusy()) return;
  const focused = live.contains(document.activeElement) ? document.activeElement.id : "";
  const typed = [...live.querySelectorAll("input[id], select[id]")].map((field) => [field.id, field.value]);
  live.innerHTML = fresh;
  for (const [id, value] of typed) {
    const field = document.getElementById(id);
    if (!field || field.value === value) continue;
    if (field.matches("select") && ![...field.options].some((option) => option.value === value)) continue;
    field.value = value;
  }
  live.dataset.mark = answer.headers.get("ETag") ?? "";
  if (focused) document.getElementById(focused)?.focus();
}

if (live) setInterval(refresh, EVERY);
