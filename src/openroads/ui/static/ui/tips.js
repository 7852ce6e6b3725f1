// Explanations in <abbr title> for those who point, touch or tab: the words appear under the term and Esc puts them away.
"use strict";
(() => {
  let tip = null;
  function hide() {
    if (!tip) return;
    tip.of.removeAttribute("aria-describedby");
    tip.box.remove();
    tip = null;
  }
  function show(term) {
    if (tip?.of === term) return;
    hide();
    const box = document.createElement("div");
    box.className = "tip";
    box.id = "tip";
    box.setAttribute("role", "tooltip");
    box.textContent = term.dataset.tip;
    (term.closest("dialog") || document.body).append(box);
    const at = term.getBoundingClientRect();
    const size = box.getBoundingClientRect();
    const room = document.documentElement.clientWidth - size.width - 8;
    const below = at.bottom + 6 + size.height < window.innerHeight;
    box.style.left = `${Math.max(8, Math.min(at.left, room))}px`;
    box.style.top = `${below ? at.bottom + 6 : at.top - size.height - 6}px`;
    term.setAttribute("aria-describedby", "tip");
    tip = { of: term, box };
  }
  function ready(root) {
    for (const term of root.querySelectorAll("abbr[title]")) {
      term.dataset.tip = term.title;
      term.removeAttribute("title");
      term.tabIndex = 0;
    }
  }
  ready(document);
  document.addEventListener("htmx:afterSwap", (event) => ready(event.detail.target));
  const term = (event) => event.target.closest?.("abbr[data-tip]");
  document.addEventListener("pointerover", (event) => { if (term(event)) show(term(event)); else if (tip && !event.target.closest?.(".tip")) hide(); });
  document.addEventListener("focusin", (event) => { if (term(event)) show(term(event)); else hide(); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  document.addEventListener("scroll", hide, { passive: true, capture: true });
})();
