// A passkey or security key that was not given: says so in a toast. allauth's own script would only write to the console.
"use strict";
(() => {
  const tray = document.getElementById("toasts");
  if (!tray) return;
  document.addEventListener("allauth.error", (event) => {
    const fault = event.detail && event.detail.exception;
    // Browsers bind keys to a name: at an address of numbers, or without https, they give none at all.
    const why = fault && fault.name === "SecurityError" ? "no-key-here" : "key-refused";
    const words = document.getElementById(why);
    if (!words) return;
    event.preventDefault();
    tray.querySelectorAll("[data-key-refused]").forEach((toast) => toast.remove());
    tray.append(words.content.cloneNode(true));
  });
})();
