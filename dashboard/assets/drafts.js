// Unsent text, kept in this browser by form and by the thing that the form is about, with the name of its request.
// The button that opens a form says where unsent text waits.

(function () {
  "use strict";
  const grapevine = (window.grapevine = window.grapevine || {});
  const MINUTE_MS = 60000;

  function rules(name) {
    return grapevine.data.forms[name].drafts;
  }

  function keyOf(name, about) {
    // Whoever signs in at the same desk next has texts of their own.
    return ["draft", grapevine.signedIn.user(), name, ...rules(name).of.map((part) => about[part])].join(":");
  }

  // {request, values, at, sent}, or null. `sent`: on its way, or sent and never answered.
  function read(name, about) {
    if (!rules(name)) return null;
    const draft = JSON.parse(window.localStorage.getItem(keyOf(name, about)));
    const minutes = rules(name).minutes;
    const stale = draft && minutes !== null && Date.now() - draft.at > minutes * MINUTE_MS;
    return draft && !stale ? draft : null;
  }

  function write(name, about, draft) {
    if (!rules(name)) return;
    window.localStorage.setItem(keyOf(name, about), JSON.stringify(Object.assign({}, draft, { at: Date.now() })));
    mark();
  }

  // Of one request only, where one is given: a later opening's text is not lost with it.
  function drop(name, about, request) {
    const draft = read(name, about);
    if (!rules(name) || (draft && request && draft.request !== request)) return;
    window.localStorage.removeItem(keyOf(name, about));
    mark();
  }

  function note(name, about, request, sent) {
    const draft = read(name, about);
    if (draft && draft.request === request) write(name, about, Object.assign({}, draft, { sent }));
  }

  function mark() {
    document.querySelectorAll("[data-opens]").forEach((opener) => {
      const name = opener.dataset.opens;
      const waits = rules(name) && read(name, grapevine.forms.aboutOf(name, opener)) !== null;
      if (waits === ("unsent" in opener.dataset)) return;
      if (waits) opener.dataset.unsent = grapevine.data.words.unsent;
      else delete opener.dataset.unsent;
    });
  }

  document.addEventListener("grapevine:drawn", mark);
  window.addEventListener("storage", mark);

  grapevine.drafts = { read, write, drop, note };
})();
