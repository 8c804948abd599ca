// Said to those who do not see it happen.

/** Let a screen reader say `words` as soon as it is silent. */
export function announce(words) {
  const announcer = document.getElementById("announcer");
  announcer.textContent = "";
  requestAnimationFrame(() => (announcer.textContent = words));
}
