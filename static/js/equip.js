// What only an open card needs. A board fetches it with the first card that is opened; other pages begin with it.

let equipped;

/** Fetch and start it, once. */
export function equip() {
  equipped ??= Promise.all([
    import("./copy.js"),
    import("./reading.js"),
    import("./texts.js"),
    import("./drafts.js"),
    import("./order.js"),
    import("./viewer.js"),
    import("./desk.js"),
    import("./mentions.js"),
    import("./print.js"),
  ]).then((parts) => parts.forEach((part) => part.start()));
  return equipped;
}
