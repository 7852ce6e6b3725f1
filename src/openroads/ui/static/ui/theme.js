// Changes the theme at once and asks the server to remember it; without this file the button posts and the page comes back.
"use strict";
(() => {
  const order = ["system", "light", "dark"];
  const root = document.documentElement;
  for (const form of document.querySelectorAll("form.theme")) {
    const button = form.querySelector("button");
    const names = (form.dataset.names || "").split("|");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const chosen = button.value;
      const body = new FormData(form);
      body.set("theme", chosen);
      fetch(form.action, { method: "POST", body, credentials: "same-origin", redirect: "manual" });
      if (chosen === "system") root.removeAttribute("data-theme");
      else root.dataset.theme = chosen;
      form.dataset.themeNow = chosen;
      button.value = order[(order.indexOf(chosen) + 1) % order.length];
      const said = `${form.dataset.says}: ${names[order.indexOf(chosen)] || chosen}`;
      button.setAttribute("aria-label", said);
      document.dispatchEvent(new CustomEvent("openroads:say", { detail: said }));
    });
  }
})();
