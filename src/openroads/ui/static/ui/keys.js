// Single keys: g then a letter goes to a way, / to the find field, ? lists them, j and k walk a list. Never inside a field.
const FIELDS = "input, textarea, select, [contenteditable], dialog, [role='combobox']";
const PAUSE = 1500; // ms in which the second letter after g counts
let waiting = 0;

document.addEventListener("keydown", (event) => {
  if (document.documentElement.dataset.keys === "off") return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest?.(FIELDS) || document.querySelector("dialog[open]")) return;
  if (waiting && Date.now() - waiting < PAUSE) {
    waiting = 0;
    go(event);
    return;
  }
  const deeds = { g: wait, "/": find, "?": list, j: () => walk(event, 1), k: () => walk(event, -1) };
  if (Object.hasOwn(deeds, event.key)) deeds[event.key](event);
});

function wait() {
  waiting = Date.now();
}

function go(event) {
  const way = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
  if (!way) return;
  event.preventDefault();
  way.click();
}

function find(event) {
  const field = document.querySelector("#find input");
  if (!field) return;
  event.preventDefault();
  if (field.checkVisibility()) field.focus();
  else document.dispatchEvent(new CustomEvent("openroads:find"));
}

function list(event) {
  const dialog = document.getElementById("keys-dialog");
  if (!dialog) return;
  event.preventDefault();
  dialog.showModal();
}

// The list a page names with data-walk: the first link of each of its rows.
function walk(event, step) {
  const links = [...document.querySelectorAll("[data-walk] > *")].map((row) => row.querySelector("a[href]")).filter(Boolean);
  if (!links.length) return;
  event.preventDefault();
  const at = links.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1);
  links[next].focus();
}
