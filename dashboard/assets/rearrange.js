// Merging, splitting and moving flows on a rumour's page: from a click to a request, and the drawer's focus.
// Namespace for Dash's ClientsideFunction; clientside.js knows who acts.

(function () {
  "use strict";
  const none = () => window.dash_clientside.no_update;
  const house = window.grapevineHouse;

  function incidentInView() {
    return document.querySelector("main [data-incident]").dataset.incident;
  }

  let undoing = false;
  const SETTLED_MS = 700;

  // What had the focus may be gone with a rumour that was merged away: then the way back takes it.
  function giveFocusBack() {
    setTimeout(house.returnFocus, 60);
    setTimeout(() => {
      const back = document.querySelector("[data-undo]");
      if (document.activeElement === document.body && back) back.focus();
    }, SETTLED_MS);
  }

  // A dialog that asked who acts gives the focus back to where it was, a moment after it closes.
  function takeFocus() {
    const panel = document.getElementById("rearrange-drawer");
    if (panel && !panel.hidden && !panel.contains(document.activeElement)) house.focusField("rearrange-act-field");
  }

  document.addEventListener("click", (event) => {
    const open = event.target.closest("[data-rearrange]");
    const undo = event.target.closest("[data-undo]");
    if (open) {
      ["drawer", "sighting"].forEach((other) => window.dash_clientside.set_props(other, { data: null }));
      house.ask("rearrange", {
        incident: incidentInView(), rumour: open.dataset.rearrange, request: house.newRequest(),
      });
    } else if (undo) {
      undoing = true;
      house.ask("rearrange-undo", { incident: incidentInView(), number: undo.dataset.undo, at: Date.now() });
    }
  });

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    grapevineRearrange: {
      close: () => [true, null],
      focus: (hidden) => {
        if (hidden) giveFocusBack();
        else [60, SETTLED_MS].forEach((ms) => setTimeout(takeFocus, ms));
        return none();
      },
      undone: () => {
        if (undoing) giveFocusBack();
        undoing = false;
        return none();
      },
    },
  });
})();
