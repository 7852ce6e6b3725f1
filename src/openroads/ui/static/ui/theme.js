// Changes the theme at once; the server keeps the choice in a cookie and writes it into the next page.
const ORDER = ["system", "light", "dark"];

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form.theme");
  if (!form) return;
  event.preventDefault();
  const wanted = form.querySelector("button").value;
  const body = new FormData(form);
  body.set("theme", wanted);
  if (wanted === "system") document.documentElement.removeAttribute("data-theme");
  else document.documentElement.dataset.theme = wanted;
  name(wanted);
  try {
    await fetch(form.action, { method: "POST", body, redirect: "manual", credentials: "same-origin" });
  } catch {
    // Offline: this page shows the wanted theme, the next one will not know of it.
  }
});

function name(theme) {
  for (const form of document.querySelectorAll("form.theme")) {
    const button = form.querySelector("button");
    const words = form.dataset.names.split("|")[ORDER.indexOf(theme)];
    button.value = ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length];
    button.setAttribute("aria-label", `${form.dataset.says}: ${words}`);
    form.dataset.themeNow = theme;
    const announcer = document.getElementById("announcer");
    if (announcer) announcer.textContent = `${form.dataset.says}: ${words}`;
  }
}
