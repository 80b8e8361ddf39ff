// From a form to the server and back: a button is held while its request is on the way, and what got no answer says so.
// Dash leaves a request without an answer as it is, so the browser itself counts the seconds.

(function () {
  "use strict";
  const grapevine = (window.grapevine = window.grapevine || {});
  const ANSWER_DUE_MS = 8000;
  // By form: {message, timer} of what is on its way.
  const onWay = new Map();
  // By request, of what was sent: an answer may come late.
  const messages = new Map();

  function newRequest() {
    if (window.crypto.randomUUID) return window.crypto.randomUUID();
    const bytes = window.crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function isOnWay(name, request) {
    const sent = onWay.get(name);
    return Boolean(sent) && sent.message.request === request;
  }

  function send(name, message) {
    clearTimeout((onWay.get(name) || {}).timer);
    onWay.set(name, { message, timer: setTimeout(() => unanswered(name), ANSWER_DUE_MS) });
    messages.set(message.request, message);
    grapevine.forms.hold(name, true);
    grapevine.drafts.note(name, message.about, message.request, true);
    const data = Object.assign({ number: newRequest() }, message);
    window.dash_clientside.set_props(grapevine.data.forms[name].sent, { data });
  }

  function arrived(name) {
    const sent = onWay.get(name);
    if (sent) clearTimeout(sent.timer);
    onWay.delete(name);
    grapevine.forms.hold(name, false);
  }

  function unanswered(name) {
    const { message } = onWay.get(name);
    arrived(name);
    grapevine.forms.answered({ form: name, request: message.request, note: grapevine.data.words.unanswered }, message);
  }

  function hear(answer) {
    if (!answer) return;
    const message = messages.get(answer.request);
    if (!message) return;
    if (isOnWay(answer.form, answer.request)) arrived(answer.form);
    if (answer.known) grapevine.drafts.note(answer.form, message.about, answer.request, false);
    grapevine.forms.answered(answer, message);
  }

  // The server answers again: what was sent while it did not will never be answered.
  document.addEventListener("grapevine:reconnected", () => Array.from(onWay.keys()).forEach(unanswered));

  grapevine.sending = { send, isOnWay, isBusy: (name) => onWay.has(name), newRequest };
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    sending: { hear },
  });
})();
