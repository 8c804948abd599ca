// A press prints the page; without scripts the browser's own menu does.

/** Let `[data-print]` print. */
export function start() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
}
