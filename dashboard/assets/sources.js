// The sources page: from a button to an act. A dead letter is erased at the second press only.

(function () {
  "use strict";
  const ARMED_MS = 5000;
  let known = {};
  // Which source is shown in full, and whether the focus is to go there once it is drawn.
  let shown = null;
  let goes = false;

  function tell(source, text) {
    const results = Object.assign({}, known, { [source]: { text, level: "fine" } });
    window.dash_clientside.set_props("source-results", { data: results });
  }

  function armed(button) {
    if (button.dataset.sourceAct !== "discard" || "armed" in button.dataset) return true;
    const word = button.textContent;
    button.dataset.armed = "";
    button.textContent = "Press again to erase it";
    setTimeout(() => { delete button.dataset.armed; button.textContent = word; }, ARMED_MS);
    return false;
  }

  document.addEventListener("click", (event) => {
    const act = event.target.closest("[data-source-act]");
    if (act && armed(act)) {
      const { sourceAct, source, letter } = act.dataset;
      if (sourceAct === "test") tell(source, "Testing…");
      window.grapevineHouse.ask("source-request", { act: sourceAct, source, letter: letter || null, at: Date.now() });
    }
    const open = event.target.closest("[data-source-open]");
    if (open) {
      const name = open.dataset.sourceOpen || null;
      goes = Boolean(name);
      const title = document.getElementById("source-more-title");
      if (name && name === shown && title.offsetParent) goToMore(true);
      shown = name;
      window.dash_clientside.set_props("source-chosen", { data: name });
    }
  });

  function goToMore(drawn) {
    const title = document.getElementById("source-more-title");
    if (goes && drawn && title) {
      goes = false;
      setTimeout(() => title.focus(), 60);
    }
    return window.dash_clientside.no_update;
  }

  // --- Tables are drawn anew while one works in them: what had the focus gives it to its like ---------------------
  let focused = null;

  document.addEventListener("focusin", (event) => {
    const button = event.target.closest("[data-page='sources'] :is([data-source-act], [data-source-open])");
    focused = button && { act: button.dataset.sourceAct, source: button.dataset.source || button.dataset.sourceOpen, letter: button.dataset.letter };
  });
  document.addEventListener("pointerdown", (event) => {
    if (!event.target.closest("button")) focused = null;
  });

  function like(about) {
    const of = (selector) => Array.from(document.querySelectorAll(selector));
    const same = (button) => button.dataset.source === about.source && button.dataset.letter === about.letter;
    if (!about.act) return of("[data-source-open]").find((button) => button.dataset.sourceOpen === about.source);
    const here = of("[data-source-act]").filter(same);
    return here.find((button) => button.dataset.sourceAct === about.act) || here[0];
  }

  new MutationObserver(() => {
    if (!focused || document.activeElement !== document.body || !document.querySelector("[data-page='sources']")) return;
    const next = like(focused) || document.getElementById("source-more-title");
    if (next) next.focus();
  }).observe(document.documentElement, { childList: true, subtree: true });

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    grapevineSources: {
      goToMore,
      remember: (results) => {
        known = results || {};
        return window.dash_clientside.no_update;
      },
    },
  });
})();
