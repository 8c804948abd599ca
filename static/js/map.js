// On a phone the staircase shows which step is in view, and leads to each.

/** Mark the step in view. */
export function start() {
  const flow = document.getElementById("flow");
  if (!flow) return;
  if (!location.hash) showOwn(flow);
  const watch = new IntersectionObserver(mark, { root: flow, threshold: 0.6 });
  flow.querySelectorAll("[data-column]").forEach((column) => watch.observe(column));
  document.addEventListener("click", (event) => {
    const step = event.target.closest("[data-map]");
    if (!step) return;
    event.preventDefault();
    document.getElementById(`tahap-${step.dataset.map}`).scrollIntoView({ inline: "start", block: "nearest", behavior: calm() });
  });
}

/** Begin where something waits for this person; only where steps do not fit beside each other. */
function showOwn(flow) {
  const lanes = document.getElementById("isi").dataset.lanes.split(" ");
  const card = [...flow.querySelectorAll("[data-card]")].find((one) => lanes.includes(one.dataset.lane));
  if (card && matchMedia("(width < 44rem)").matches) flow.scrollLeft = card.closest("[data-column]").offsetLeft - 16;
}

function mark(entries) {
  for (const { target, isIntersecting } of entries) {
    document.getElementById(`map-${target.dataset.column}`)?.toggleAttribute("aria-current", isIntersecting);
  }
}

const calm = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth");
