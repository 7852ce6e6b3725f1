// After htmx replaced a part: says its news in the one live region, and moves focus to its new heading when asked.
const announcer = document.getElementById("announcer");

function say(words) {
  if (!announcer || !words) return;
  announcer.textContent = "";
  // TRICKY: the same words twice are read once; an empty moment in between makes a reader say them again.
  window.setTimeout(() => { announcer.textContent = words; }, 80);
}

document.addEventListener("htmx:afterSettle", (event) => {
  const part = event.detail.elt;
  if (!part?.querySelector) return;
  const news = part.matches("[data-says]") ? part : part.querySelector("[data-says]");
  if (news) say(news.dataset.says || news.textContent.trim());
  const heading = part.querySelector("[data-takes-focus]");
  if (heading) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: false });
  }
});

for (const fault of ["htmx:responseError", "htmx:sendError", "htmx:timeout"])
  document.addEventListener(fault, () => say(document.body.dataset.fault));
