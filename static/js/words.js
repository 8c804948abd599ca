// What the page says. All texts come from the server, in the reader's language.

const words = { ...document.getElementById("page-words").dataset };
const time = JSON.parse(words.time);
document.querySelectorAll("[data-words]").forEach(learn);

/** Take up the texts that `element` carries, too. */
export function learn(element) {
  Object.assign(words, element.dataset);
}

/** The text called `name` with `values` put into its %(places)s. */
export const say = (name, values = {}) => fill(words[name], values);

/** Working time in words: seconds left, or seconds past due where it is late. */
export function remaining(seconds, late) {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  const values = { hours: Math.floor(minutes / 60), minutes: minutes % 60 };
  const pattern = !minutes ? "under_a_minute" : !values.hours ? "minutes" : values.minutes ? "hours_minutes" : "hours";
  return fill(time[late ? "late" : "left"], { time: fill(time[pattern], values) });
}

/** `pattern` with `values` put into its %(places)s. */
export const fill = (pattern, values) => pattern.replace(/%\((\w+)\)s/g, (place, name) => values[name] ?? place);
