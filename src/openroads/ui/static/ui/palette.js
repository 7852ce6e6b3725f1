// The command palette: Ctrl K opens it, arrows choose, Enter goes. Its entries stand in the page as JSON; without this file the find field leads to the menu.
"use strict";
(() => {
  const dialog = document.getElementById("palette");
  const source = document.getElementById("palette-entries");
  if (!dialog || !source) return;
  const entries = JSON.parse(source.textContent);
  const field = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  const none = dialog.querySelector(".none");
  let found = [];
  let at = 0;

  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  // Every typed word must stand in the entry; an entry whose words begin with them comes first.
  function look(words) {
    const wanted = plain(words).split(/\s+/).filter(Boolean);
    const rank = (entry) => {
      const text = plain(`${entry.label} ${entry.hint}`);
      if (!wanted.every((word) => text.includes(word))) return entry.words && wanted.length ? 3 : -1;
      if (!wanted.length) return entry.words ? -1 : 1;
      return wanted.every((word) => text.split(/\s+/).some((part) => part.startsWith(word))) ? 0 : 2;
    };
    return entries.map((entry) => [rank(entry), entry]).filter(([place]) => place >= 0)
      .sort((one, other) => one[0] - other[0]).slice(0, 12).map(([, entry]) => entry);
  }

  function choose(place) {
    at = found.length ? (place + found.length) % found.length : 0;
    [...list.children].forEach((row, n) => row.setAttribute("aria-selected", String(n === at)));
    const row = list.children[at];
    if (row) {
      field.setAttribute("aria-activedescendant", row.id);
      row.scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  }

  function show() {
    const words = field.value.trim();
    found = look(words);
    list.replaceChildren(...found.map((entry, n) => {
      const row = document.createElement("li");
      row.id = `palette-${n}`;
      row.setAttribute("role", "option");
      const label = document.createElement("span");
      label.textContent = entry.words ? `${entry.label} “${words}”` : entry.label;
      const hint = document.createElement("small");
      hint.textContent = entry.hint;
      row.append(label, hint);
      return row;
    }));
    none.hidden = found.length > 0;
    choose(0);
  }

  function go(entry) {
    if (!entry) return;
    dialog.close();
    window.location.assign(entry.url + (entry.words ? encodeURIComponent(field.value.trim()) : ""));
  }

  function open(words = "") {
    field.value = words;
    show();
    dialog.showModal();
    field.focus();
  }

  field.addEventListener("input", show);
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      go(found[at]);
    }
  });
  list.addEventListener("click", (event) => go(found[[...list.children].indexOf(event.target.closest("[role=option]"))]));
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else if (!document.querySelector("dialog[open]")) open();
  });
})();
