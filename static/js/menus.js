// Menus close when one turns to something else, as menus do.

/** Close open menus on Escape, on a click beside them, and when the focus leaves. */
export function start() {
  document.addEventListener("click", ({ target }) => closeAll(target));
  document.addEventListener("submit", ({ target }) => chosen(target.closest(".menu")));
  document.addEventListener("focusin", ({ target }) => closeAll(target));
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.(".menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

/** What was chosen in a menu that stays on the page stands on the button that opened it. */
function chosen(menu) {
  if (!menu?.open || !menu.querySelector("[hx-get], [hx-post]")) return;
  menu.open = false;
  menu.querySelector("summary").focus();
}

function closeAll(but) {
  for (const menu of document.querySelectorAll(".menu[open], .card__menu[open]")) if (!menu.contains(but)) menu.open = false;
}
