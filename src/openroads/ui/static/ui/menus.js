// Small lists that open from a word (<details>): Esc and a click elsewhere close them, and one open list closes the other.
"use strict";
(() => {
  const KINDS = "details.choice-of, details.popover";
  const open = () => [...document.querySelectorAll(KINDS)].filter((list) => list.open);
  document.addEventListener("click", (event) => {
    for (const list of open()) if (!list.contains(event.target)) list.open = false;
  });
  document.addEventListener("focusout", (event) => {
    for (const list of open()) {
      if (event.relatedTarget && list.contains(event.target) && !list.contains(event.relatedTarget)) list.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const list of open()) {
      const held = list.contains(document.activeElement);
      list.open = false;
      if (held) list.querySelector("summary").focus();
      event.preventDefault();
    }
  });
  // A list near the edge of the window opens to the other side.
  document.addEventListener("toggle", (event) => {
    const list = event.target;
    if (!(list instanceof HTMLDetailsElement) || !list.matches(KINDS)) return;
    list.classList.remove("to-start");
    const box = list.open && list.lastElementChild.getBoundingClientRect();
    if (box && box.right > document.documentElement.clientWidth) list.classList.add("to-start");
  }, true);
  // Links that open a dialog of this page (data-opens); without a script they lead to the page that says the same.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    const dialog = opener && document.getElementById(opener.dataset.opens);
    if (!dialog || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    dialog.showModal();
  });
})();
