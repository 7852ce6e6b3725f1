// What just happened: a toast can be closed and leaves after eight seconds; an error stays until somebody closes it.
"use strict";
(() => {
  const LEAVES = 8000;
  function ready(toast) {
    const close = toast.querySelector("[data-close]");
    if (close) {
      close.hidden = false;
      close.addEventListener("click", () => toast.remove());
    }
    if (toast.classList.contains("bad")) return;
    let clock = 0;
    const wait = () => { clock = window.setTimeout(() => toast.remove(), LEAVES); };
    const stay = () => window.clearTimeout(clock);
    // Whoever reads it or stands on it keeps it.
    toast.addEventListener("pointerenter", stay);
    toast.addEventListener("pointerleave", wait);
    toast.addEventListener("focusin", stay);
    toast.addEventListener("focusout", wait);
    wait();
  }
  const tray = document.getElementById("toasts");
  if (!tray) return;
  tray.querySelectorAll(".toast").forEach(ready);
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (node.nodeType === 1 && node.matches(".toast")) ready(node);
  }).observe(tray, { childList: true });
})();
