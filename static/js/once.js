// Whoever presses a button twice in a row means it once: a tick would be taken back, a text saved twice.

const SENDS = 'button:not([type="button"])';

/** Let the second press of a double click send nothing. */
export function start() {
  document.addEventListener("click", swallow, { capture: true });
}

function swallow(event) {
  if (event.detail < 2 || !event.target.closest(SENDS)) return;
  event.preventDefault();
  event.stopPropagation();
}
