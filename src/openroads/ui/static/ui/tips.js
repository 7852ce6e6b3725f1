// Tooltips for marks in a drawing: shows the <title> of the mark under pointer or focus at once. Esc hides it.
const tip = document.createElement("div");
tip.className = "tip";
tip.setAttribute("role", "tooltip");
tip.id = "tip";
tip.hidden = true;
document.body.append(tip);
let shownFor = null;

function titleOf(mark) {
  return mark?.querySelector(":scope > title");
}

// The nearest mark with a title of its own; the title of the whole drawing is its name, not a tip.
function markAt(target) {
  for (let node = target; node instanceof SVGElement && !(node instanceof SVGSVGElement); node = node.parentNode)
    if (titleOf(node) || node.dataset.tip) return node;
  return null;
}

function show(mark) {
  if (mark === shownFor) return;
  hide();
  const title = titleOf(mark);
  tip.textContent = mark.dataset.tip || title.textContent;
  if (title) {
    // The browser's own slow tooltip would come on top of ours; the words stay for screen readers.
    mark.dataset.tip = title.textContent;
    mark.setAttribute("aria-label", title.textContent);
    title.remove();
  }
  tip.hidden = false;
  shownFor = mark;
  const box = mark.getBoundingClientRect();
  const own = tip.getBoundingClientRect();
  const room = document.documentElement.clientWidth - own.width - 8;
  const above = box.top - own.height - 8;
  tip.style.left = `${Math.max(8, Math.min(box.left + box.width / 2 - own.width / 2, room))}px`;
  tip.style.top = `${above > 8 ? above : box.bottom + 8}px`;
}

function hide() {
  tip.hidden = true;
  shownFor = null;
}

for (const [kind, target] of [["pointerover", "target"], ["focusin", "target"]])
  document.addEventListener(kind, (event) => {
    if (tip.contains(event.target)) return; // WCAG 1.4.13: one may point at the tip itself
    const mark = markAt(event[target]);
    if (mark) show(mark);
    else if (kind === "pointerover" || shownFor) hide();
  });
document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
window.addEventListener("scroll", hide, { passive: true });
