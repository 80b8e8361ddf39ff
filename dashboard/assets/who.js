// Who acts: asked once, when something is first sent, and kept in this browser.

(function () {
  "use strict";
  const grapevine = (window.grapevine = window.grapevine || {});
  let officer = null;
  // What is sent as soon as it is known who sends it.
  let waiting = null;

  function ask(act) {
    waiting = act;
    grapevine.forms.open("identity", document.activeElement);
  }

  document.addEventListener("grapevine:opened", (event) => {
    if (event.detail.form === "identity" && officer) grapevine.formValues.write(event.target, officer);
  });
  document.addEventListener("grapevine:saved", (event) => {
    if (event.detail.form !== "identity") return;
    officer = event.detail.keep;
    window.dash_clientside.set_props("officer", { data: officer });
    const act = waiting;
    waiting = null;
    if (act) act();
  });
  document.addEventListener("grapevine:closed", (event) => {
    if (event.detail.form === "identity") waiting = null;
  });

  grapevine.who = {
    known: () => officer,
    whenKnown: (act) => (officer ? act() : ask(act)),
    // The server does not know whom this browser names.
    askAgain: (act) => {
      officer = null;
      ask(act);
    },
  };
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    who: {
      know: (kept) => {
        officer = kept || null;
        return kept ? kept.name + " (" + kept.role + ")" : grapevine.data.words.whoAreYou;
      },
    },
  });
})();
