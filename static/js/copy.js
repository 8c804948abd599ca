// Copying ready words. Plain HTTP on the office network has no asynchronous clipboard, so the old way it is.

/** Copy the words of the field that a pressed `data-copy` button names, and say so beside it. */
export function start() {
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-copy]");
    if (button) copy(button);
  });
}

function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  field.focus();
  field.select();
  field.setSelectionRange(0, field.value.length);
  const isCopied = document.execCommand("copy");
  const told = button.parentElement.querySelector("[role=status]");
  told.textContent = isCopied ? button.dataset.copied : button.dataset.notCopied;
  if (isCopied) button.focus();
}
