/* The chat: joins memory, wire and thread; speaks first where nobody has spoken yet. */

import { beginAnew, forgetUtterances, keep, recall, utterances, watch } from "./memory.js";
import { enqueue, hurry, hush } from "./sending.js";
import { clear, quietly, showReply, showUtterance, toEnd } from "./thread.js";
import { LIMIT, names, say, speak } from "./words.js";
import { follow, history } from "./wire.js";

const field = document.getElementById("utterance");
const chooser = document.getElementById("language");
const typing = document.getElementById("typing");
const state = document.getElementById("state");
const counter = document.getElementById("counter");

const PATIENCE = 30_000; // how long the typing sign promises an answer
const TYPING_LASTS = 6_000;
const HIDDEN_FOR = 60_000; // a page nobody looks at gives its connection back
const PAGE = 100; // replies the server gives at once
const ERASED = "mydata_erased";

let last = 0;
let stream = new AbortController();
let wakeStream = () => {};
const expected = new Map(); // utterance id -> timer
const settled = new Set(); // utterances answered already: an answer may overtake the server's "stored"

const listeners = {
  changed: (utterance) => utterance.quiet || showUtterance(utterance, retry),
  accepted: expect,
};

/* --- saying something --- */

function utter(text, body) {
  const utterance = { id: newId(), text, body, after: last, at: Date.now() };
  enqueue(utterance, listeners);
}

const retry = (utterance) => enqueue(utterance, listeners);

const tap = (button) => {
  utter(button.title, { token: button.token });
  field.focus({ preventScroll: true });
};

/* The greeting is asked for once: a stored id makes asking again harmless. */
function greet() {
  const id = recall("greeted") ?? newId();
  keep("greeted", id);
  enqueue({ id, text: "/start", body: { text: "/start" }, after: 0, at: Date.now(), quiet: true }, listeners);
}

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Not a secure context: a page served over plain HTTP by name.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/* --- hearing replies --- */

function hear(reply) {
  if (reply.id <= last) return;
  last = reply.id;
  if (reply.key === ERASED) {
    forgetUtterances(reply.id);
    hush(reply.answers); // it may overtake the server's "stored", after which the request would be kept again
    clear();
  }
  showReply(reply, tap);
  answered(reply.answers);
}

function expect(utterance) {
  if (settled.has(utterance.id)) return;
  clearTimeout(expected.get(utterance.id));
  expected.set(utterance.id, setTimeout(() => answered(utterance.id), PATIENCE));
  showTyping();
}

function answered(id) {
  settled.add(id);
  clearTimeout(expected.get(id));
  expected.delete(id);
  showTyping();
}

let announced = 0;
function announce() {
  clearTimeout(announced);
  announced = setTimeout(() => { announced = 0; showTyping(); }, TYPING_LASTS);
  showTyping();
}

function showTyping() {
  const atEnd = typing.hidden;
  typing.hidden = expected.size === 0 && !announced;
  if (atEnd && !typing.hidden) toEnd();
}

async function listen() {
  for (let failures = 0; ; ) {
    stream = new AbortController();
    try {
      await follow(last, {
        signal: stream.signal,
        opened: () => { failures = 0; connected(true); hurry(); },
        heard: (kind, data) => {
          if (kind === "reply") { clearTimeout(announced); announced = 0; hear(data); }
          else if (kind === "typing") announce();
        },
      });
    } catch (error) {
      failures += 1;
      if (error.retryAfter) await pause(1000 * error.retryAfter);
    }
    if (document.hidden && sleeping) await visible();
    else {
      if (failures) connected(false);
      await pause(failures ? Math.min(500 * 2 ** failures, 10_000) * (0.75 + Math.random() / 2) : 300);
    }
  }
}

function pause(milliseconds) {
  return new Promise((resolve) => { setTimeout(resolve, milliseconds); wakeStream = resolve; });
}

let sleeping = false;
let drowsy = 0;
document.addEventListener("visibilitychange", () => {
  clearTimeout(drowsy);
  if (document.hidden) drowsy = setTimeout(() => { sleeping = true; stream.abort(); }, HIDDEN_FOR);
  else { sleeping = false; wakeStream(); }
});
const visible = () => new Promise((resolve) => { wakeStream = resolve; });

addEventListener("online", () => { wakeStream(); });
addEventListener("offline", () => { stream.abort(); connected(false); });

let wasConnected = true;
let calm = 0;
function connected(yes) {
  clearTimeout(calm);
  if (yes === wasConnected && yes) return;
  wasConnected = yes;
  state.dataset.state = yes ? "connected" : "away";
  state.textContent = say(yes ? "connected" : navigator.onLine ? "connecting" : "offline");
  if (yes) calm = setTimeout(() => { state.textContent = ""; }, 2500);
}

/* --- the composer --- */

document.getElementById("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value.trim();
  field.focus();
  if (!text) return;
  field.value = "";
  fit();
  utter(text, { text });
});

field.addEventListener("keydown", (event) => {
  // While an input method composes (Vietnamese, Korean, Chinese, Japanese) Enter belongs to it.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  field.form.requestSubmit();
});

function fit() {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
  const count = [...field.value].length;
  counter.hidden = count < LIMIT * 0.9;
  counter.classList.toggle("over", count > LIMIT);
  counter.textContent = counter.hidden ? "" : say("counter", { count, limit: LIMIT });
}
field.addEventListener("input", fit);

for (const button of document.querySelectorAll("[data-command]")) {
  button.addEventListener("click", () => utter(button.textContent, { text: button.dataset.command }));
}

chooser.addEventListener("change", () => {
  keep("language", chooser.value);
  speak(chooser.value);
  fit();
  utter(names[chooser.value], { language: chooser.value });
});

document.getElementById("close")?.addEventListener("click", close);
function close() {
  parent.postMessage("ctc:close", "*");
}
if (parent !== window) {
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  addEventListener("message", (event) => { if (event.data === "ctc:opened") field.focus(); });
  parent.postMessage("ctc:ready", "*");
}

/* --- beginning --- */

function restore(replies) {
  if (!replies.length) beginAnew();
  const first = replies.length < PAGE ? 0 : replies[0].id;
  quietly(() => {
    for (const reply of replies) hear(reply);
    for (const utterance of utterances()) {
      if (utterance.after < first) continue;
      showUtterance(utterance, retry);
      if (utterance.state === "waiting") enqueue(utterance, listeners);
    }
  });
  if (!replies.length && !utterances().length) greet();
}

async function begin() {
  const chosen = recall("language");
  if (chosen) speak(chosen);
  chooser.value = document.documentElement.lang;
  watch({
    onUtterance: (utterance) => {
      if (utterance.state !== "waiting") showUtterance(utterance, retry);
    },
    onToken: () => stream.abort(),
  });
  fit();
  for (let failures = 0; ; failures++) {
    try {
      restore(await history());
      break;
    } catch {
      connected(false);
      await pause(Math.min(500 * 2 ** failures, 10_000));
    }
  }
  listen();
}

begin();
