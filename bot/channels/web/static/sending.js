/* Sending: utterances go out one after another, again and again until the server has them or says no. */

import { keepUtterance } from "./memory.js";
import { Refused, send } from "./wire.js";

const ATTEMPTS = 6; // with a network; without one we wait for it
const LONGEST = 8_000;

const queue = [];
let running = false;
let wake = () => {};

/* `changed` is told of each new state, `accepted` of each utterance that will be answered. */
export function enqueue(utterance, listeners) {
  utterance.state = "waiting";
  utterance.reason = "";
  queue.push(utterance);
  settle(utterance, listeners);
  if (!running) run(listeners);
}

/* Keeps and shows no more of the utterance with this id, though it is still being sent. */
export function hush(id) {
  for (const utterance of queue) if (utterance.id === id) utterance.quiet = true;
}

async function run(listeners) {
  running = true;
  while (queue.length) {
    await deliver(queue[0], listeners);
    queue.shift();
  }
  running = false;
}

async function deliver(utterance, listeners) {
  for (let attempt = 1; ; attempt++) {
    try {
      const accepted = await send(utterance.id, utterance.body);
      utterance.state = "sent";
      utterance.stuck = false;
      settle(utterance, listeners);
      if (accepted) listeners.accepted(utterance);
      return;
    } catch (error) {
      if (error instanceof Refused && error.status < 500) {
        // Too fast may be tried again; what cannot be read will never be.
        utterance.state = error.status === 429 || error.status === 401 ? "failed" : "refused";
        utterance.reason = error.text;
        settle(utterance, listeners);
        return;
      }
      if (attempt >= ATTEMPTS && navigator.onLine) {
        utterance.state = "failed";
        settle(utterance, listeners);
        return;
      }
      if (!navigator.onLine) attempt = 0;
      utterance.stuck = true;
      settle(utterance, listeners);
      await pause(Math.min(500 * 2 ** attempt, LONGEST));
    }
  }
}

function settle(utterance, { changed }) {
  if (!utterance.quiet) keepUtterance(utterance);
  changed(utterance);
}

/* Waits, but not longer than until the network is back. */
function pause(milliseconds) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

/* Tries at once: there is a network again. */
export const hurry = () => wake();

addEventListener("online", hurry);
