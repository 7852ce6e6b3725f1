// One polite live region for the page: results are said, and after a swap the focus goes to the new heading when the old focus is gone.
"use strict";
(() => {
  const region = document.getElementById("announcer");
  if (!region) return;
  let said = "";
  function say(words) {
    if (!words || words === said) return;
    said = words;
    region.textContent = "";
    window.setTimeout(() => { region.textContent = words; }, 60); // an emptied region is read again
  }
  document.addEventListener("openroads:say", (event) => say(event.detail));
  document.addEventListener("htmx:afterSwap", (event) => {
    const place = event.detail.elt?.isConnected ? event.detail.elt : event.detail.target;
    const heading = place?.querySelector?.("[data-say], h1, h2");
    if (!heading || place.matches("[hx-trigger=load]")) return; // what a page fills in by itself nobody asked for
    say(heading.textContent.trim());
    if (document.activeElement && document.activeElement !== document.body) return;
    if (place.matches("[hx-trigger*=every]")) return; // a page that counts by itself never takes the focus
    heading.tabIndex = -1;
    heading.focus({ preventScroll: false });
  });
  document.addEventListener("htmx:sendError", () => say(document.body.dataset.fault));
})();
