/* What this browser remembers: who the visitor is, the language chosen, and what they said.
   Where a browser forbids storage (some do in foreign frames) it lasts as long as the page. */

const PREFIX = "ctc.";
const UTTERANCE = "said.";
const MOST = 200;

const store = usable() ?? new Map();

function usable() {
  try {
    localStorage.setItem(PREFIX + "probe", "1");
    localStorage.removeItem(PREFIX + "probe");
    const names = () => Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
    return {
      get: (name) => localStorage.getItem(name) ?? undefined,
      set: (name, value) => localStorage.setItem(name, value),
      delete: (name) => localStorage.removeItem(name),
      keys: names,
    };
  } catch {
    return null;
  }
}

export const recall = (name) => store.get(PREFIX + name);
export const forget = (name) => store.delete(PREFIX + name);

export function keep(name, value) {
  try {
    store.set(PREFIX + name, value);
  } catch {
    // Full: the conversation goes on, only a reload will not show it.
  }
}

/* An utterance is {id, body, text, after, at, state}: `after` is the last reply seen before it, `state`
   waiting, sent, failed or refused. Each has a name of its own, so that two tabs never overwrite each other. */
export function keepUtterance(utterance) {
  keep(UTTERANCE + utterance.id, JSON.stringify(utterance));
}

export function utterances() {
  const found = [];
  for (const name of [...store.keys()]) {
    if (!name.startsWith(PREFIX + UTTERANCE)) continue;
    const utterance = read(store.get(name));
    if (utterance) found.push(utterance);
    else store.delete(name);
  }
  found.sort((a, b) => a.after - b.after || a.at - b.at);
  for (const old of found.splice(0, Math.max(0, found.length - MOST))) forget(UTTERANCE + old.id);
  return found;
}

/* Forgets what was said before the reply `before`. */
export function forgetUtterances(before) {
  for (const { id, after } of utterances()) if (after < before) forget(UTTERANCE + id);
}

/* The server knows nothing of the replies we had: forgets what was said to it, but nothing that waits. */
export function beginAnew() {
  for (const utterance of utterances()) {
    if (!utterance.after) continue;
    if (utterance.state === "waiting") keepUtterance({ ...utterance, after: 0 });
    else forget(UTTERANCE + utterance.id);
  }
}

/* Another tab's utterances, and its new visitor token. */
export function watch({ onUtterance, onToken }) {
  addEventListener("storage", ({ key, newValue }) => {
    if (key === PREFIX + "token" && newValue) onToken();
    if (key?.startsWith(PREFIX + UTTERANCE)) {
      const utterance = read(newValue);
      if (utterance) onUtterance(utterance);
    }
  });
}

function read(text) {
  try {
    const utterance = JSON.parse(text);
    return utterance?.id && utterance.body ? utterance : null;
  } catch {
    return null;
  }
}
