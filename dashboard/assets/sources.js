// The sources page: from a button to an act. A dead letter is erased at the second press only.

(function () {
  "use strict";
  const grapevine = (window.grapevine = window.grapevine || {});
  const ARMED_MS = 5000;
  const TITLE = "#source-more-title";
  let known = {};
  // Which source is shown in full, and whether the focus is to go there once it is drawn.
  let shown = null;
  let awaited = false;

  function tell(source, text) {
    const results = Object.assign({}, known, { [source]: { text, level: "fine" } });
    window.dash_clientside.set_props("source-results", { data: results });
  }

  function armed(button) {
    if (button.dataset.sourceAct !== "discard" || "armed" in button.dataset) return true;
    const word = button.textContent;
    button.dataset.armed = "";
    button.textContent = grapevine.data.words.sources.sure;
    setTimeout(() => { delete button.dataset.armed; button.textContent = word; }, ARMED_MS);
    return false;
  }

  document.addEventListener("click", (event) => {
    const act = event.target.closest("[data-source-act]");
    if (act && armed(act)) {
      const { sourceAct, source, letter } = act.dataset;
      if (sourceAct === "test") tell(source, grapevine.data.words.sources.testing);
      const request = { act: sourceAct, source, letter: letter || null, at: Date.now() };
      window.dash_clientside.set_props("source-request", { data: request });
    }
    const open = event.target.closest("[data-source-open]");
    if (open) {
      const name = open.dataset.sourceOpen || null;
      // Shown already, it can be seen at once; another is drawn first.
      if (name && name === shown) grapevine.focus.await(TITLE);
      awaited = name !== shown;
      shown = name;
      window.dash_clientside.set_props("source-chosen", { data: name });
    }
  });

  document.addEventListener("grapevine:saved", ({ detail }) => {
    if (detail.form === "permission") tell(detail.keep.source, detail.keep.result);
  });

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    sources: {
      more_drawn: (drawn) => {
        if (awaited && drawn) grapevine.focus.await(TITLE);
        awaited = false;
      },
      remember: (results) => { known = results || {}; },
    },
  });
})();
