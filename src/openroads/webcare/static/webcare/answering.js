// Keys of the inbox: a button or link with data-key answers to its key, r goes to the box, x chooses the row that has the focus, Ctrl Enter sends. Says that somebody writes. Never inside a field, but for Ctrl Enter.
"use strict";
(() => {
  const box = document.querySelector("[data-focus]");
  const keysOff = document.documentElement.dataset.keys === "off";
  const typing = (target) =>
    target.closest?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), select, textarea, [contenteditable]");
  let afterG = -Infinity; // the letter after g leads to a way (keys.js)

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      const form = event.target.closest?.("form[data-write]");
      const send = form?.querySelector(".btn.go");
      if (send) { event.preventDefault(); form.requestSubmit(send); }
      return;
    }
    if (keysOff || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented || event.repeat) return;
    if (event.key === "Escape" && event.target === box) { box.blur(); return; }
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "g") { afterG = event.timeStamp; return; }
    if (event.timeStamp - afterG < 1200) { afterG = -Infinity; return; }
    if (event.key === box?.dataset.focus) { event.preventDefault(); box.focus(); return; }
    if (event.key === "x") {
      const row = document.activeElement?.closest?.(".queue > li") || document.querySelector(".queue > li.open");
      const choice = row?.querySelector("input[type=checkbox]");
      if (choice) { event.preventDefault(); choice.click(); }
      return;
    }
    const wanted = document.querySelector(`[data-case] [data-key="${CSS.escape(event.key)}"], .about [data-key="${CSS.escape(event.key)}"]`);
    if (wanted) { event.preventDefault(); wanted.click(); }
  });

  // What the page says of itself every fifteen seconds: whether somebody has written in the last half minute.
  let wrote = -Infinity;
  box?.addEventListener("input", () => { wrote = performance.now(); });
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt?.id === "there") event.detail.parameters.writes = performance.now() - wrote < 30000 ? "1" : "0";
  });

  // An answer that is put in goes behind what was typed a moment ago, kept as a draft or not yet.
  document.querySelector(".beside")?.addEventListener("submit", (event) => {
    if (!box || !event.target.querySelector("[name=code]")) return;
    const typed = document.createElement("input");
    Object.assign(typed, { type: "hidden", name: "text", value: box.value });
    event.target.append(typed);
  });

  // The newest word is in sight; a short conversation begins at the top anyway.
  const body = document.querySelector(".talk-body");
  if (body) body.scrollTop = body.scrollHeight;
})();
