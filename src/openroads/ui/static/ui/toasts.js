// Closes a message. The button exists only here: without a script the next page clears it.
function arm(root) {
  for (const button of root.querySelectorAll(".toast [data-close]")) button.hidden = false;
}

arm(document);
document.addEventListener("htmx:afterSwap", (event) => arm(event.target));
document.addEventListener("click", (event) => {
  const button = event.target.closest(".toast [data-close]");
  if (button) button.closest(".toast").remove();
});
