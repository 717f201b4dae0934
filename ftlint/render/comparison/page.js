"use strict";
// Filters, sorts and walks through the conversations; without it the page is whole, and stands as it was written.
const main = document.querySelector("main"), tools = document.getElementById("tools");
const [text, kind, order, shown] = ["text", "kind", "order", "shown"].map((name) => document.getElementById(name));
const rows = [...main.children].map((row, place) => ({ row, place, says: row.textContent.toLowerCase() }));

function arrange() {
  const wanted = text.value.toLowerCase(), by = order.value;
  for (const { row, says } of rows)
    row.hidden = !(says.includes(wanted) && (!kind.value || row.dataset.kinds.split(" ").includes(kind.value)));
  rows.sort((a, b) => (by ? b.row.dataset[by] - a.row.dataset[by] : 0) || a.place - b.place);
  main.append(...rows.map(({ row }) => row));
  shown.value = `${rows.filter(({ row }) => !row.hidden).length} of ${rows.length}`;
}

function walk(event) {
  const step = { j: 1, k: -1 }[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("[type=search], select")) return;
  const seen = rows.map(({ row }) => row).filter((row) => !row.hidden);
  const next = seen[seen.indexOf(document.activeElement.closest("article")) + step];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView();
}

tools.addEventListener("input", arrange);
document.addEventListener("keydown", walk);
tools.hidden = false;
arrange();
