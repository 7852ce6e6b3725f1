// Single keys: g and a letter to a way, j and k through a list, / to the find field, ? to the list of keys. Never inside a field; off when the reader switched them off.
"use strict";
(() => {
  if (document.documentElement.dataset.keys === "off") return;
  const PATIENCE = 1200; // milliseconds between g and its letter
  let afterG = -Infinity; // TRICKY: 0 is the moment the page opened, and would swallow the first key of a quick hand

  const typing = (target) =>
    target.closest?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), select, textarea, [contenteditable]");

  // The rows one walks through: what a page marks with data-walk, else the first list of things, else the first table.
  const stops = () => {
    const list = document.querySelector("main [data-walk]") || document.querySelector("main .todo-list, main .queue, main .table tbody, main .posts, main .voices");
    const rows = list ? [...list.children] : [];
    return rows.map((row) => row.querySelector("a[href], button") || row).filter((stop) => stop.offsetParent !== null);
  };

  function step(direction) {
    const all = stops();
    if (!all.length) return;
    const here = document.activeElement;
    const row = here?.closest("main [data-walk] > *"); // of a marked list the whole row counts, whatever in it has the focus
    const at = all.findIndex((stop) => (row ? row.contains(stop) : stop === here || stop.parentElement?.contains(here)));
    const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + direction))];
    if (!next.matches("a[href], button")) next.tabIndex = -1;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    const key = event.key;
    if (event.timeStamp - afterG < PATIENCE) {
      afterG = -Infinity;
      const way = [...document.querySelectorAll(".road [data-go]")].find((link) => link.dataset.go === key);
      if (way) {
        event.preventDefault();
        way.click();
      }
      return;
    }
    if (key === "g") afterG = event.timeStamp;
    else if (key === "j" || key === "k") step(key === "j" ? 1 : -1);
    else if (key === "/") {
      const field = document.querySelector("#find input");
      if (!field || field.offsetParent === null) return;
      event.preventDefault();
      field.focus();
    } else if (key === "?") {
      const dialog = document.getElementById("keys-dialog");
      if (dialog) dialog.showModal();
    }
  });
})();
