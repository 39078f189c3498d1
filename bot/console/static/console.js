// Small things without which the pages work as well: tables that sort, and days in words while they are chosen.

// A date field shows its day in the order of the browser's language; beside it stands what nobody misreads.
const vietnamese = document.documentElement.lang === "vi";
const naming = (options) => new Intl.DateTimeFormat(vietnamese ? "vi" : "en", { timeZone: "UTC", ...options });
const weekdays = naming({ weekday: "long" });
const months = naming({ month: "long" });

function inWords(value) {
  const day = value ? new Date(`${value}T00:00:00Z`) : null;
  if (!day || Number.isNaN(day.getTime())) return "";
  const [weekday, date, year] = [weekdays.format(day), day.getUTCDate(), day.getUTCFullYear()];
  if (vietnamese) return `${weekday === "Chủ Nhật" ? "Chủ nhật" : weekday}, ngày ${date} tháng ${day.getUTCMonth() + 1} năm ${year}`;
  return `${weekday}, ${date} ${months.format(day)} ${year}`;
}

for (const words of document.querySelectorAll("[data-in-words]")) {
  const field = document.getElementById(words.htmlFor.value);
  const tell = () => { words.value = inWords(field.value); };
  field?.addEventListener("input", tell);
  if (field) tell(); // a browser that came back may hold another day than the page
}

for (const table of document.querySelectorAll("table[data-sortable]")) {
  for (const heading of table.querySelectorAll("th[data-sort]")) {
    const button = document.createElement("button");
    button.className = "sort";
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    heading.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => sortBy(table, heading));
  }
}

function sortBy(table, heading) {
  const down = heading.getAttribute("aria-sort") === "ascending";
  for (const other of table.querySelectorAll("th[data-sort]")) other.setAttribute("aria-sort", "none");
  heading.setAttribute("aria-sort", down ? "descending" : "ascending");
  const value = (row) => {
    const cell = row.cells[heading.cellIndex];
    return cell.dataset.value ?? cell.textContent.trim();
  };
  const order = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const body = table.tBodies[0];
  const rows = [...body.rows].sort((one, two) => order.compare(value(one), value(two)));
  body.append(...(down ? rows.reverse() : rows));
}
