// Where the focus goes when what had it is drawn anew, hidden or closed. Nothing else moves the focus by itself.

(function () {
  "use strict";
  const grapevine = (window.grapevine = window.grapevine || {});
  // The buttons that may be drawn anew while somebody works with them.
  const FOLLOWED = "[data-opens], [data-source-act], [data-source-open]";
  // Where nothing like them is left.
  const INSTEAD = ["main [data-opens='undo']", "main [data-opens='rearrange']", "#source-more-title", "main .act-bar button", "main"];
  // What a button is by its marks; and which of them may differ where no button is quite the same.
  const PASSING = ["unsent", "armed"];
  const LOOSE = [...PASSING, "act", "sourceAct"];
  // The marks of the button that had the focus last, and the page it was on.
  let followed = null;
  // A selector of what is to have the focus as soon as it can be seen.
  let awaited = null;

  function marks(element, without) {
    const kept = Object.entries(element.dataset).filter(([name]) => !without.includes(name));
    return JSON.stringify(kept.sort());
  }

  function canBeSeen(element) {
    return Boolean(element) && element.getClientRects().length > 0;
  }

  function follow(button) {
    followed = { marks: marks(button, PASSING), loose: marks(button, LOOSE), page: window.location.pathname };
  }

  function successor() {
    const here = Array.from(document.querySelectorAll(FOLLOWED)).filter(canBeSeen);
    return here.find((one) => marks(one, PASSING) === followed.marks)
      || here.find((one) => marks(one, LOOSE) === followed.loose)
      || INSTEAD.map((selector) => document.querySelector(selector)).find(canBeSeen);
  }

  function restore() {
    const next = awaited && document.querySelector(awaited);
    if (canBeSeen(next)) {
      awaited = null;
      next.focus();
    }
    if (!followed || document.activeElement !== document.body) return;
    if (followed.page !== window.location.pathname) followed = null;
    else if (successor()) successor().focus();
  }

  // After the frame in which the browser itself takes the focus from what is gone.
  let due = false;
  function restoreSoon() {
    if (due) return;
    due = true;
    requestAnimationFrame(() => requestAnimationFrame(() => {
      due = false;
      restore();
    }));
  }

  document.addEventListener("grapevine:drawn", restoreSoon);
  document.addEventListener("focusin", (event) => {
    const button = event.target.closest(FOLLOWED);
    if (button) follow(button);
    else followed = null;
  });
  document.addEventListener("pointerdown", (event) => {
    awaited = null;
    if (!event.target.closest(FOLLOWED)) followed = null;
  });

  grapevine.focus = {
    // To what had it before; to its like where it is gone by now or will be in a moment.
    giveBack: (element) => {
      if (!element) return;
      if (element.matches(FOLLOWED)) follow(element);
      if (canBeSeen(element)) element.focus();
      restoreSoon();
    },
    // To what a selector names, as soon as it can be seen.
    await: (selector) => {
      awaited = selector;
      restoreSoon();
    },
  };
})();
