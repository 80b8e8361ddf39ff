// The keyboard: one letter an act. Never while somebody types, never with Ctrl, Alt or Meta held.

(function () {
  "use strict";
  const ACTS = { t: "take", p: "park", d: "dismiss", c: "correct" };

  // Each page is named by its heading, in the browser's tab and for a screen reader.
  new MutationObserver(() => {
    const heading = document.querySelector("main h1");
    const title = heading && heading.textContent ? heading.textContent + " · Grapevine" : "Grapevine";
    if (document.title !== title) document.title = title;
  }).observe(document.documentElement, { childList: true, subtree: true, characterData: true });

  function isTyping(target) {
    return target.matches("input, textarea, select, [contenteditable='true'], [role='combobox'], [role='listbox'], [role='option']");
  }

  function dialogOpen() {
    return document.querySelector("[role='dialog'][aria-modal='true']") !== null;
  }

  function click(selector) {
    const element = document.querySelector(selector);
    if (!element || element.hidden) return false;
    element.click();
    return true;
  }

  function handle(event) {
    const key = event.key;
    if (key === "j" || key === "ArrowDown") return window.grapevineGrid.move(1);
    if (key === "k" || key === "ArrowUp") return window.grapevineGrid.move(-1);
    if (key === "Enter") return !event.target.closest("button, a, summary") && window.grapevineGrid.openChosen();
    if (key === "n") return click("#board-show") || click("#rumour-show");
    if (key === "s") return click("[data-open-sighting]");
    if (key === "?") return click("#keys-button");
    if (key === "/") {
      const words = document.getElementById("board-words");
      if (words) words.focus();
      return words !== null;
    }
    return key in ACTS && click(".act-bar [data-act='" + ACTS[key] + "']");
  }

  // Captured, so that the grid's own arrows do not move the choice a second time.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !(event.target instanceof Element)) return;
    if (event.key === "Escape") {
      const drawer = document.querySelector(".drawer:not([hidden])");
      if (!dialogOpen() && drawer) click("#" + drawer.id.replace("-drawer", "-close"));
      else if (event.target.id === "board-words") event.target.blur();
      return;
    }
    if (dialogOpen() || isTyping(event.target)) return;
    const arrows = event.key === "ArrowDown" || event.key === "ArrowUp";
    // Where the arrows already scroll or choose something, they are left alone.
    if (arrows && event.target !== document.body && !event.target.closest(".board-grid")) return;
    if (handle(event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }, true);
})();
