// The keyboard: one letter an act. Never while somebody types, never with Ctrl, Alt or Meta held.

(function () {
  "use strict";
  const grapevine = (window.grapevine = window.grapevine || {});
  const TYPED_IN = "input, textarea, select, [contenteditable='true'], [role='combobox'], [role='listbox'], [role='option']";

  function dialogOpen() {
    return document.querySelector("dialog[open]") !== null;
  }

  function click(selector) {
    const element = document.querySelector(selector);
    if (!element || element.hidden) return false;
    element.click();
    return true;
  }

  function actOf(key) {
    const found = Object.entries(grapevine.data.acts).find(([, act]) => act.key === key);
    return found && found[0];
  }

  function handle(event) {
    const key = event.key, act = actOf(key);
    if (act) return click(".act-bar [data-act='" + act + "']");
    if (key === "j" || key === "ArrowDown") return grapevine.grid.move(1);
    if (key === "k" || key === "ArrowUp") return grapevine.grid.move(-1);
    if (key === "Enter") return !event.target.closest("button, a, summary") && grapevine.grid.openChosen();
    if (key === "n") return click("#board-show") || click("#rumour-show");
    if (key === "y") return click("[data-tries]");
    if (key === "s") return click("[data-opens='sighting']");
    if (key === "?") return click("#keys-button");
    if (key === "/") {
      const words = document.getElementById("board-words");
      if (words) words.focus();
      return words !== null;
    }
    return false;
  }

  // Captured, so that the grid's own arrows do not move the choice a second time.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !(event.target instanceof Element) || dialogOpen()) return;
    if (event.key === "Escape") {
      if (!grapevine.forms.closeDrawer() && event.target.id === "board-words") event.target.blur();
      return;
    }
    if (event.target.matches(TYPED_IN)) return;
    const arrows = event.key === "ArrowDown" || event.key === "ArrowUp";
    // Where the arrows already scroll or choose something, they are left alone.
    if (arrows && event.target !== document.body && !event.target.closest(".board-grid")) return;
    if (handle(event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }, true);

  document.addEventListener("click", (event) => {
    if (event.target.closest("#keys-button")) document.getElementById("keys-dialog").showModal();
    if (event.target.closest("#who")) document.getElementById("you-dialog").showModal();
    if (event.target.closest("[data-close-dialog]")) event.target.closest("dialog").close();
  });
})();
