// Whoever is named in the list below a comment is put into it by a press.

/** Let `[data-mention]` write its person's username where the words are being written. */
export function start() {
  document.addEventListener("click", ({ target }) => {
    const name = target.closest("[data-mention]");
    if (name) mention(name.closest("form").elements.body, name.dataset.mention);
  });
}

function mention(field, username) {
  const before = field.value.slice(0, field.selectionStart);
  const begun = before.match(/@[\w.-]*$/)?.[0].length ?? 0;
  const apart = begun || !before || /\s$/.test(before) ? "" : " ";
  field.setRangeText(`${apart}@${username} `, field.selectionStart - begun, field.selectionEnd, "end");
  field.focus();
}
