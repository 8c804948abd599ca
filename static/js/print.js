// A press prints the page; without scripts the browser's own menu does.

/** Let `[data-print]` print. */
export function start() {
  document.addEventListener("click", ({ target }) => target.closest("[data-print]") && print());
  document.addEventListener("shown", reveal);
  reveal();
}

function reveal() {
  for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
}
