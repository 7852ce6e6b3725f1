// Slips and small lists (<details>) close on Esc and on a click elsewhere; one is open at a time.
const MENUS = "details.popover, details.choice-of";

function close(menu) {
  menu.open = false;
}

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.open || !menu.matches?.(MENUS)) return;
  for (const other of document.querySelectorAll(MENUS)) if (other !== menu) close(other);
  keepInSight(menu);
}, true);

document.addEventListener("pointerdown", (event) => {
  for (const menu of document.querySelectorAll(MENUS))
    if (menu.open && !menu.contains(event.target)) close(menu);
});

document.addEventListener("focusin", (event) => {
  for (const menu of document.querySelectorAll(MENUS))
    if (menu.open && !menu.contains(event.target)) close(menu);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = [...document.querySelectorAll(MENUS)].find((one) => one.open);
  if (!menu) return;
  close(menu);
  menu.querySelector("summary").focus();
  event.stopPropagation();
});

// A list near the right edge would leave the window: shift it back by what sticks out.
function keepInSight(menu) {
  const list = menu.querySelector(":scope > :not(summary)");
  if (!list) return;
  list.style.translate = "";
  const margin = 8;
  const box = list.getBoundingClientRect();
  const right = box.right - (document.documentElement.clientWidth - margin);
  const shift = right > 0 ? -Math.min(right, box.left - margin) : Math.max(0, margin - box.left);
  if (shift) list.style.translate = `${shift}px 0`;
}

// Buttons and links that open a dialog of this page: data-opens="its id". Without a script a link is followed.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (!dialog) return;
  event.preventDefault();
  dialog.showModal();
});

// A click on the ground behind a dialog closes it.
document.addEventListener("click", (event) => {
  const dialog = event.target;
  if (!(dialog instanceof HTMLDialogElement) || !dialog.open) return;
  const box = dialog.getBoundingClientRect();
  const inside = event.clientX >= box.left && event.clientX <= box.right
    && event.clientY >= box.top && event.clientY <= box.bottom;
  if (!inside) dialog.close();
});
