// One key per answer: a button with data-key answers to its key while its post has the focus (on a page with one post, always). Never inside a field; off with the other single keys.
"use strict";
(() => {
  if (document.documentElement.dataset.keys === "off") return;
  const typing = (target) =>
    target.closest?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), select, textarea, [contenteditable]");

  function places() {
    const near = document.activeElement?.closest?.("[data-card], [data-turn]");
    if (near) return [near];
    const all = [...document.querySelectorAll("main [data-turn]")];
    const cards = document.querySelectorAll("main [data-card]");
    return all.length ? all : cards.length === 1 ? [...cards] : [];
  }

  let afterG = -Infinity; // the letter after g leads to a way (keys.js)
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (event.repeat || typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "g") { afterG = event.timeStamp; return; }
    if (event.timeStamp - afterG < 1200) { afterG = -Infinity; return; }
    for (const place of places()) {
      // Open topics have the figures and y to themselves: a key never says something that is not in sight.
      const open = place.querySelector("details[data-own-keys][open]");
      const within = open && /^[0-9y]$/.test(event.key) ? open : place;
      const wanted = [...within.querySelectorAll(`[data-key="${CSS.escape(event.key)}"]`)].find(
        (button) => within === open || button.matches("summary") || !button.closest("details[data-own-keys]"),
      );
      if (!wanted) continue;
      event.preventDefault();
      wanted.click();
      // What closes must not take the focus along: the next key is for the same post.
      if (wanted.matches("summary")) (wanted.parentElement.open ? wanted.parentElement.querySelector("button") : wanted)?.focus();
      return;
    }
  });

  // After an answer the card is another one: the focus stays on it, so that the next key is for the same post, and j goes on.
  document.addEventListener("htmx:afterSwap", (event) => {
    const place = event.detail.elt;
    if (!place?.matches?.("[data-card]") || place.contains(document.activeElement)) return;
    place.tabIndex = -1;
    place.focus({ preventScroll: true });
  });
})();
