// My work changes in place: after each decision the next card is at hand, and the focus with it.

let place = -1;

/** Follow what htmx puts in place of the list. */
export function start() {
  document.addEventListener("htmx:beforeRequest", ({ detail }) => (place = placeOf(detail.elt.closest("#desk .task"))));
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target?.id !== "desk" || detail.xhr.status >= 400) return;
    const { then } = detail.requestConfig.elt.dataset;
    goOn(then && document.getElementById(then));
  });
}

/** Where in the list a card stands that was decided in its row; of the one that lies open it does not matter. */
const placeOf = (task) => (task && !task.matches(".task--open") ? [...task.parentElement.children].indexOf(task) : -1);

/** Where the work goes on: what was asked for, else the row that moved up, else the card that lies open. */
function goOn(wanted) {
  const rows = document.querySelectorAll(".task:not(.task--away)");
  const row = rows[Math.min(place, rows.length - 1)];
  const next = wanted ?? (row ?? document.querySelector(".task--open") ?? rows[0])?.querySelector("h3 a");
  (next ?? document.getElementById("tasks-title")).focus({ preventScroll: Boolean(row && !wanted) });
}
