// The forms that are open and change a rumour: the server is told of them, and says who else has it in hand.

(function () {
  "use strict";
  const grapevine = (window.grapevine = window.grapevine || {});
  const KEEP_MS = 5000;
  // By form, while it is open: {root, about, request, broken}. `broken`: somebody went on in its place.
  const open = new Map();
  const part = (root, name) => root.querySelector("[data-in-hand-" + name + "]");

  async function ask(name, what, more) {
    const state = open.get(name), { about, request } = state;
    const asked = Object.assign({ form: name, do: what, about, request }, more);
    try {
      const answer = await window.fetch(grapevine.data.root + grapevine.data.here.inHand, {
        method: "POST", keepalive: what === "leave", body: JSON.stringify(asked),
        headers: grapevine.signedIn.headers({ "Content-Type": "application/json" }),
      });
      const told = await answer.json();
      // The form may have been closed meanwhile, or opened for something else.
      return open.get(name) === state && state.request === request ? told : null;
    } catch {
      // Without an answer nobody is told anything, and the form goes on as it is.
      return null;
    }
  }

  async function keep(name) {
    const state = open.get(name), request = grapevine.forms.requestOf(name);
    // Once it was saved as something else than an earlier try, the form goes on as another request.
    if (request && request !== state.request) {
      ask(name, "leave");
      state.request = request;
    }
    show(name, await ask(name, "keep"));
  }

  function leave(name) {
    if (!open.has(name)) return;
    ask(name, "leave");
    open.delete(name);
  }

  // Whoever may not send the form is told that when they do.
  function show(name, told) {
    if (!told || told.says === undefined) return;
    const state = open.get(name), { root } = state, shown = part(root, "says");
    state.broken = told.broken;
    if (shown.textContent !== told.says) shown.textContent = told.says;
    part(root, "ask").hidden = !told.says;
    part(root, "go").textContent = grapevine.data.words.inHand[told.broken ? "saveAllTheSame" : "goOn"];
    if (!told.says) problem(root, "");
  }

  function problem(root, text) {
    part(root, "problem").textContent = text;
    if (text) part(root, "why").setAttribute("aria-invalid", "true");
    else part(root, "why").removeAttribute("aria-invalid");
  }

  async function goOn(name) {
    const { root, broken } = open.get(name), reason = part(root, "why");
    const told = await ask(name, "go-on", { reason: reason.value });
    if (!told) return;
    if (told.problems) {
      problem(root, Object.values(told.problems).join(" "));
      reason.focus();
      return;
    }
    reason.value = "";
    show(name, told);
    grapevine.formProblems.show(root, {});
    if (broken && !told.says) grapevine.forms.send(name, "save");
    else grapevine.formValues.focus(root.querySelector("form :is(input, textarea)"));
  }

  const isHeld = (name) => grapevine.data.forms[name].edits;
  const nameOf = (element) => element.closest("[data-form]").dataset.form;

  document.addEventListener("grapevine:opened", ({ target, detail }) => {
    if (!isHeld(detail.form)) return;
    // Opened anew where it stood open for something else.
    leave(detail.form);
    const request = grapevine.forms.requestOf(detail.form);
    open.set(detail.form, { root: target, about: detail.about, request, broken: false });
    show(detail.form, { says: "", broken: false });
    keep(detail.form);
  });
  document.addEventListener("grapevine:closed", ({ detail }) => leave(detail.form));
  document.addEventListener("grapevine:refused", ({ detail }) => {
    if (detail.problems["in-hand"] && open.has(detail.form)) keep(detail.form);
  });
  // The page that a form stood in was left.
  document.addEventListener("grapevine:drawn", () => {
    Array.from(open).filter(([, { root }]) => !root.isConnected).forEach(([name]) => leave(name));
  });
  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-in-hand-go]")) goOn(nameOf(target));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("[data-in-hand-why]")) return;
    event.preventDefault();
    goOn(nameOf(event.target));
  });
  // The browser may bring the page back as it was: then its forms are open again.
  window.addEventListener("pagehide", () => Array.from(open.keys()).forEach((name) => ask(name, "leave")));
  setInterval(() => Array.from(open.keys()).forEach(keep), KEEP_MS);
})();
