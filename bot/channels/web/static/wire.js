/* The wire: requests to the server, and the stream of replies. Server-sent events are read with fetch,
   since EventSource cannot carry the visitor's token. */

import { forget, keep, recall } from "./memory.js";
import { language } from "./words.js";

const SILENCE = 40_000; // the server gives a sign of life every 15 s

/* The server's no: `text` is its sentence for the visitor, `retryAfter` seconds. */
export class Refused extends Error {
  constructor(status, text, retryAfter) {
    super(`refused with ${status}`);
    this.status = status;
    this.text = text;
    this.retryAfter = retryAfter;
  }
}

async function refusal(response) {
  const told = await response.json().catch(() => ({}));
  return new Refused(response.status, told.text ?? "", Number(response.headers.get("Retry-After")) || 0);
}

async function newToken() {
  const response = await fetch("/chat/visitors", { method: "POST", headers: { "Accept-Language": language() } });
  if (!response.ok) throw await refusal(response);
  return (await response.json()).token;
}

/* The visitor's token; `stale` is one the server did not accept. Two tabs agree on one new token. */
function token(stale) {
  const decide = async () => {
    if (recall("token") === stale) forget("token");
    if (!recall("token")) keep("token", await newToken());
    return recall("token");
  };
  return navigator.locks ? navigator.locks.request("ctc.token", decide) : decide();
}

async function call(path, options = {}) {
  let own = recall("token") ?? (await token());
  for (let again = true; ; again = false) {
    const headers = { ...options.headers, Authorization: `Bearer ${own}`, "Accept-Language": language() };
    const response = await fetch(path, { ...options, headers, cache: "no-store" });
    if (response.ok) return response;
    if (response.status !== 401 || !again) throw await refusal(response);
    own = await token(own);
  }
}

/* Says `body` under `id`, however often it is called. False where it was said before. */
export async function send(id, body) {
  const payload = JSON.stringify({ client_id: id, language_hint: language(), ...body });
  const headers = { "Content-Type": "application/json" };
  // `keepalive`: said while the page is being left, it still arrives.
  const response = await call("/chat/messages", { method: "POST", headers, body: payload, keepalive: true });
  return (await response.json()).accepted;
}

export async function history() {
  return (await (await call("/chat/history")).json()).replies;
}

/* Reads the stream after the reply `after` until it ends; `heard` gets each event's kind and data. */
export async function follow(after, { opened, heard, signal }) {
  const watchdog = new AbortController();
  const stop = () => watchdog.abort();
  signal.addEventListener("abort", stop);
  let timer = setTimeout(stop, SILENCE);
  try {
    const response = await call(`/chat/events?after=${after}`, { signal: watchdog.signal });
    opened();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(timer);
      timer = setTimeout(stop, SILENCE);
      const events = (rest + value).split("\n\n");
      rest = events.pop();
      for (const event of events) tell(event, heard);
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    stop();
  }
}

function tell(event, heard) {
  let kind = "message";
  let data = "";
  for (const line of event.split("\n")) {
    if (line.startsWith("event: ")) kind = line.slice(7);
    if (line.startsWith("data: ")) data += line.slice(6);
  }
  if (data) heard(kind, JSON.parse(data));
}
