/* Plain text becomes paragraphs, lists and links. Everything is set as text, never as markup. */

import { say } from "./words.js";

const LINK = /https?:\/\/[^\s<>"'`「」『』（）]+/g;
const BULLET = /^\s{0,1}[•●▪]\s+(.*)$/;
const NUMBER = /^(\d{1,3})[.)]\s+(.*)$/;
const SOURCE = /[:：,，、]\s*https?:\/\/\S*[^\s.。]$/;
const SOURCES_SHOWN = 2; // of more, all but the first fold away: on a phone they would push the answer's buttons out of sight
const INDENTED = /^\s{2,}(\S.*)$/;

/* The elements of `text`; `titled` where its first line is the title of what follows. */
export function prose(text, { titled = false } = {}) {
  const body = document.createElement("div");
  body.className = "prose";
  const lines = text.split("\n");
  let list = null;
  lines.forEach((line, at) => {
    const bullet = BULLET.exec(line);
    const number = NUMBER.exec(line);
    const indented = INDENTED.exec(line);
    if (bullet) list = item(body, list, "UL", bullet[1]);
    else if (number) list = item(body, list, "OL", number[2], Number(number[1]));
    else if (indented && list) list.lastElementChild.append(paragraph(indented[1], "note"));
    else {
      list = null;
      if (line.trim()) body.append(paragraph(line, kindOf(line, at, lines, titled)));
    }
  });
  fold(body);
  return body;
}

/* Several sources below each other: the first one stays, the others open with a tap. */
function fold(body) {
  for (const first of body.querySelectorAll(":scope > :not(.source) + .source")) {
    const others = [];
    for (let next = first.nextElementSibling; next?.className === "source"; next = next.nextElementSibling) others.push(next);
    if (others.length < SOURCES_SHOWN) continue;
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = say("more_sources", { count: others.length });
    details.className = "sources";
    first.after(details);
    details.append(summary, ...others);
  }
}

function kindOf(line, at, lines, titled) {
  if (titled && at === 0 && lines.length > 1) return "title";
  if (SOURCE.test(line)) return "source";
  const next = lines[at + 1] ?? "";
  return /[:：]$/.test(line) && (BULLET.test(next) || NUMBER.test(next)) ? "section" : "";
}

function item(body, list, tag, text, number) {
  if (list?.tagName !== tag) {
    list = document.createElement(tag);
    if (tag === "OL") list.start = number;
    body.append(list);
  }
  const entry = document.createElement("li");
  entry.append(...linked(text));
  list.append(entry);
  return list;
}

function paragraph(text, kind) {
  const element = document.createElement("p");
  if (kind) element.className = kind;
  element.append(...linked(text.trim()));
  return element;
}

function linked(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const address = trimmed(match[0]);
    const url = pageAddress(address);
    if (!url) continue;
    parts.push(text.slice(end, match.index), link(url, shortened(url)));
    end = match.index + address.length;
  }
  parts.push(text.slice(end));
  return parts.filter((part) => part !== "");
}

/* A sentence's own mark after an address is not part of it; a closing bracket only where one was opened. */
function trimmed(address) {
  for (;;) {
    const last = address.at(-1);
    const opens = address.split("(").length;
    const closes = address.split(")").length;
    if (".,;:!?…。、，；：！？]}»”".includes(last) || (last === ")" && closes > opens)) address = address.slice(0, -1);
    else return address;
  }
}

/* The address as a URL if a page may be opened there, else null. */
export function pageAddress(address) {
  try {
    const url = new URL(address);
    return ["https:", "http:"].includes(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

function shortened(url) {
  const rest = url.pathname + url.search + url.hash;
  return url.host + (rest === "/" ? "" : rest.length > 16 ? "/…" : rest);
}

/* A link that opens a page of its own and tells it nothing about us. */
export function link(url, text) {
  const element = document.createElement("a");
  element.href = url.href;
  element.target = "_blank";
  element.rel = "noopener noreferrer";
  element.title = url.href;
  const hint = document.createElement("span");
  hint.className = "unseen";
  hint.textContent = ` (${say("new_page")})`;
  element.append(text, hint);
  return element;
}
