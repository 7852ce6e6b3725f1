// What the import pages do beyond the forms themselves: a file that is too large is told so when it is chosen, one on its way says so, and a page that counts says when nobody answers it any more.
"use strict";
(() => {
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (!field.matches?.("input[type=file][data-most]")) return;
    const file = field.files[0];
    field.setCustomValidity(file && file.size > Number(field.dataset.most) ? field.dataset.tooLarge : "");
    field.reportValidity();
  });
  document.addEventListener("submit", (event) => {
    const said = event.target.querySelector("[data-sending]");
    if (!said) return;
    said.hidden = false;
    document.dispatchEvent(new CustomEvent("openroads:say", { detail: said.textContent.trim() }));
  });
  const lost = document.getElementById("lost");
  if (lost) for (const [what, gone] of [["htmx:sendError", true], ["htmx:responseError", true], ["htmx:afterSwap", false]]) {
    document.addEventListener(what, () => { lost.hidden = !gone; });
  }
  // Who comes back with the browser's own button finds a form that is not on its way any more.
  window.addEventListener("pageshow", () => document.querySelectorAll("[data-sending]").forEach((said) => { said.hidden = true; }));
})();
