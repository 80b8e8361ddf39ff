// Every form, from its description: opened, kept as a draft, sent, answered and closed. The description is
// dashboard/forms/form.py's; the parts are found by the data attributes that dashboard/forms/drawing.py writes.

(function () {
  "use strict";
  const grapevine = (window.grapevine = window.grapevine || {});
  // By form, while it is open: {root, about, request, initial, filled, from}. `from` had the focus before.
  const opened = new Map();
  const described = (name) => grapevine.data.forms[name];
  const rootOf = (name) => document.querySelector("[data-form='" + name + "']");

  // What a button, or the page round it, says of the thing that the form is about.
  function aboutOf(name, element) {
    return Object.fromEntries(described(name).about.map((part) => {
      const says = element.closest("[data-" + part + "]") || document.querySelector("main [data-" + part + "]");
      return [part, says ? says.dataset[part] : ""];
    }));
  }

  // --- Opening and closing ------------------------------------------------------------------------------------
  function open(name, opener) {
    const form = described(name), root = rootOf(name), focused = document.activeElement;
    if (!root || (form.shape === "button" && grapevine.sending.isBusy(name))) return;
    // Closed by the browser a moment ago, which says so a moment later.
    if (form.shape === "dialog" && opened.has(name) && !root.open) close(name);
    const about = aboutOf(name, form.shape === "page" ? root : opener), draft = grapevine.drafts.read(name, about);
    const request = draft ? draft.request : grapevine.sending.newRequest();
    const initial = grapevine.formValues.initial(root), fills = JSON.parse(opener.dataset.fills || "{}");
    const filled = Object.assign({}, initial, draft && draft.values, fills);
    const from = focused && focused !== document.body ? focused : opener;
    opened.set(name, { root, about, request, initial, filled, from });
    grapevine.formValues.write(root, filled);
    grapevine.formProblems.show(root, {});
    grapevine.formProblems.note(root, "");
    say(root, "put-back", draft ? grapevine.data.words.putBack : "");
    say(root, "claim-shown", about.claim);
    hold(name, grapevine.sending.isOnWay(name, request));
    if (form.opened) window.dash_clientside.set_props(form.opened, { data: { about, request } });
    tell("opened", root, { form: name, about, draft: Boolean(draft), fills });
    show(name);
  }

  function say(root, mark, text) {
    const place = root.querySelector("[data-" + mark + "]");
    if (place) place.textContent = text;
  }

  // At once, in the very event that asked for it: the next key that is pressed is typed into the form.
  function show(name) {
    const { shape } = described(name), { root } = opened.get(name);
    if (shape === "button") send(name, "save");
    if (shape === "drawer") {
      drawers().filter((other) => other !== name).forEach(hide);
      root.hidden = false;
    }
    if (shape === "dialog" && !root.open) root.showModal();
    if (shape === "drawer" || shape === "dialog") grapevine.formValues.focus(root.querySelector("form :is(input, textarea)"));
  }

  function drawers() {
    return Array.from(opened.keys()).filter((name) => described(name).shape === "drawer");
  }

  function hide(name) {
    const { root } = opened.get(name);
    opened.delete(name);
    if (root.open) root.close();
    else if (described(name).shape === "drawer") root.hidden = true;
    tell("closed", root, { form: name });
  }

  function close(name) {
    const { about, from } = opened.get(name), { drafts } = described(name), draft = grapevine.drafts.read(name, about);
    if (draft && drafts.cancelled && !draft.sent) grapevine.drafts.drop(name, about);
    hide(name);
    grapevine.focus.giveBack(from);
  }

  function closeDrawer() {
    const [name] = drawers();
    if (name) close(name);
    return Boolean(name);
  }

  function tell(what, root, detail) {
    root.dispatchEvent(new CustomEvent("grapevine:" + what, { bubbles: true, detail }));
  }

  // --- Sending and answers ------------------------------------------------------------------------------------
  function send(name, press) {
    const { root, about, request, initial } = opened.get(name);
    if (grapevine.sending.isOnWay(name, request)) return;
    const values = grapevine.formValues.read(root), changed = grapevine.formValues.changed(values, initial);
    grapevine.sending.send(name, { press, request, about, values, changed });
  }

  function hold(name, held) {
    const root = rootOf(name), buttons = root ? root.querySelectorAll("[type='submit']") : [];
    buttons.forEach((button) => button.setAttribute("aria-disabled", String(held)));
  }

  function answered(answer, message) {
    const name = answer.form, state = opened.get(name), here = Boolean(state) && state.request === answer.request;
    if (answer.saved) {
      grapevine.drafts.drop(name, message.about, answer.request);
      tell("saved", document, { form: name, keep: answer.keep });
      if (here && described(name).shape === "page") open(name, state.root);
      else if (here) close(name);
    } else if (here) {
      if (answer.again) state.request = answer.again;
      if (answer.again) keep(name);
      grapevine.formProblems.note(state.root, answer.note || "");
      grapevine.formProblems.show(state.root, answer.problems || {});
      tell("refused", state.root, { form: name, problems: answer.problems || {} });
    }
  }

  // --- What is typed ------------------------------------------------------------------------------------------
  function keep(name) {
    const { root, about, request, initial } = opened.get(name), { fields } = described(name);
    const values = grapevine.formValues.read(root);
    const written = grapevine.formValues.changed(values, initial).filter((each) => !fields[each].elsewhere);
    if (!written.length) return grapevine.drafts.drop(name, about, request);
    // The time of opening goes with what was written: a second try must say the same.
    const kept = Object.keys(fields).filter((each) => written.includes(each) || fields[each].default === "now");
    grapevine.drafts.write(name, about, { request, values: Object.fromEntries(kept.map((each) => [each, values[each]])) });
  }

  document.addEventListener("input", ({ target }) => {
    const root = target.form && target.form.closest("[data-form]");
    if (!root || !opened.has(root.dataset.form) || !target.name) return;
    keep(root.dataset.form);
    grapevine.formProblems.typed(root, target);
  });

  // --- What is pressed ----------------------------------------------------------------------------------------
  document.addEventListener("click", ({ target }) => {
    const opener = target.closest("[data-opens]"), closer = target.closest("[data-close]");
    if (opener) open(opener.dataset.opens, opener);
    if (closer) close(closer.closest("[data-form]").dataset.form);
  });
  document.addEventListener("submit", (event) => {
    const root = event.target.closest("[data-form]");
    if (!root) return;
    event.preventDefault();
    send(root.dataset.form, event.submitter.value);
  });
  // In a long form Enter would send what is not finished.
  document.addEventListener("keydown", (event) => {
    const root = event.target.closest("[data-form]");
    if (event.key === "Enter" && root && event.target.matches("input") && !root.matches("dialog")) event.preventDefault();
  });
  // The browser closes a dialog by Esc.
  document.addEventListener("close", ({ target }) => {
    if (opened.has(target.dataset.form) && !target.open) close(target.dataset.form);
  }, true);
  // A form that stands in a page is open as soon as it is drawn, and anew when it is about something else.
  document.addEventListener("grapevine:drawn", () => {
    document.querySelectorAll("[data-form]").forEach((root) => {
      const name = root.dataset.form, state = opened.get(name);
      if (described(name).shape === "page" && (!state || state.root !== root || isElsewhere(state))) open(name, root);
    });
  });

  // Whether the page has gone on to another thing under the same form.
  function isElsewhere({ root, about }) {
    return JSON.stringify(aboutOf(root.dataset.form, root)) !== JSON.stringify(about);
  }

  function offer(offered) {
    const state = offered && opened.get(offered.form);
    if (!state || state.request !== offered.request) return;
    grapevine.formOptions.show(state.root, offered.options);
    const chosen = Object.keys(offered.options).map((name) => [name, state.filled[name]]);
    grapevine.formValues.write(state.root, Object.fromEntries(chosen));
  }

  function requestOf(name) {
    const state = opened.get(name);
    return state && state.request;
  }

  grapevine.forms = { open, aboutOf, hold, answered, closeDrawer, send, requestOf };
  window.dash_clientside = Object.assign({}, window.dash_clientside, { forms: { offer } });
})();
