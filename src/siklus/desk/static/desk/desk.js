/* The keyboard of the desk, and nothing the pages need: "/" searches, "g" then a letter goes, "j" and "k" move along a
   list, Enter opens. Print buttons appear because printing needs a script; Ctrl+P does the same. */
"use strict";

const typing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;
const rows = () => [...document.querySelectorAll("[data-row]")];
let waitingForLetter = false;

const move = (step) => {
  const all = rows();
  const here = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[Math.min(all.length - 1, Math.max(0, here + step))];
  if (next) next.querySelector("a.go").focus();
};

const keys = { j: () => move(1), k: () => move(-1) };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (waitingForLetter) {
    waitingForLetter = false;
    const way = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    if (way) { event.preventDefault(); way.click(); }
  } else if (event.key === "g") {
    waitingForLetter = true;
  } else if (event.key === "/") {
    const find = document.getElementById("cari");
    if (find) { event.preventDefault(); find.focus(); find.select(); }
  } else if (event.key in keys) {
    event.preventDefault();
    keys[event.key]();
  }
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
