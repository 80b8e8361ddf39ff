// The coding desk: shows one flow after another at once, and keeps each label in this browser until it is saved.
// The frame and what fills it are dashboard/components/coding_desk.py's and dashboard/pages/coding.py's.

(function () {
  "use strict";
  const grapevine = (window.grapevine = window.grapevine || {});
  const ANSWER_DUE_MS = 8000;
  const TRY_AGAIN_MS = 2000;
  const ACTS_A_MESSAGE = 20;
  const KEYS = { 1: 0, 2: 1, 3: 2, 4: 3 };
  const TYPED_IN = "input, textarea, select, [contenteditable='true'], [role='combobox']";
  const words = () => grapevine.data.words.coding;
  // {incident, coder, mode, cards}: mode "code" or "settle"; a card is {round, flow, claim, text, answered, facts,
  // label, done, said}. `label` is what this person says; saved or not.
  let deck = null;
  let place = 0;
  // {number, timer} of the message that is on its way.
  let onWay = null;
  let later = null;
  let drawnIn = null;

  // --- What is kept until it is saved -------------------------------------------------------------------------
  const store = () => ["coding", deck.mode, deck.incident, deck.coder].join(":");
  const pending = () => JSON.parse(window.localStorage.getItem(store()) || "[]");

  function keep(acts) {
    if (acts.length) window.localStorage.setItem(store(), JSON.stringify(acts));
    else window.localStorage.removeItem(store());
  }

  function add(act) {
    keep([...pending(), Object.assign({ request: grapevine.sending.newRequest() }, act)]);
    send();
  }

  function send() {
    clearTimeout(later);
    if (!deck || onWay || !pending().length) return showSaved();
    const number = grapevine.sending.newRequest();
    onWay = { number, timer: setTimeout(unanswered, ANSWER_DUE_MS) };
    const acts = pending().slice(0, ACTS_A_MESSAGE);
    window.dash_clientside.set_props("coding-sent", { data: { number, incident: deck.incident, coder: deck.coder, acts } });
    showSaved();
  }

  function unanswered() {
    if (onWay) clearTimeout(onWay.timer);
    onWay = null;
    send();
  }

  // Requests are named: what is sent again because its answer was lost acts once.
  function hear(answer) {
    if (!answer || !deck || !onWay || answer.sent !== onWay.number) return;
    clearTimeout(onWay.timer);
    onWay = null;
    const refused = pending().filter((act) => act.request in answer.problems);
    keep(pending().filter((act) => !answer.done.includes(act.request) && !(act.request in answer.problems)));
    refused.forEach(takeBack);
    if (refused.length) problem(answer.problems[refused[0].request]);
    if (answer.ended) window.dash_clientside.set_props("coding-acted", { data: answer.number });
    const moved = answer.done.length + refused.length > 0;
    if (moved) send();
    else if (pending().length) later = setTimeout(send, TRY_AGAIN_MS);
    showSaved();
    render();
  }

  function takeBack(act) {
    const card = deck.cards.find((one) => one.flow === act.flow && one.round === act.round);
    if (card) Object.assign(card, { label: null, done: false });
  }

  document.addEventListener("grapevine:reconnected", () => deck && unanswered());

  // --- What is shown ------------------------------------------------------------------------------------------
  const root = () => document.querySelector("main [data-desk]");
  const part = (name) => root().querySelector("[data-desk-" + name + "]");

  // What the server gives of the flows, with what is not saved yet.
  function take(given) {
    if (onWay) clearTimeout(onWay.timer);
    onWay = null;
    deck = given && given.cards ? JSON.parse(JSON.stringify(given)) : null;
    if (!deck) return;
    for (const act of pending()) {
      const card = deck.cards.find((one) => one.flow === act.flow && one.round === act.round);
      if (card) Object.assign(card, { label: act.label, done: true });
    }
    place = next(0);
    drawnIn = null;
    render();
    send();
  }

  // The first flow from a place on, and else from the beginning, that is not done; one past the last for none.
  function next(from) {
    const open = deck.cards.map((card, at) => at).filter((at) => !deck.cards[at].done);
    const found = open.find((at) => at >= from);
    return found === undefined ? (open.length ? open[0] : deck.cards.length) : found;
  }

  function text(element, said) {
    if (element && element.textContent !== said) element.textContent = said;
  }

  function problem(said) {
    if (root()) text(part("problem"), said);
  }

  function showSaved() {
    if (!root() || !deck) return;
    const waiting = pending().length;
    const said = !waiting ? (deck.cards.some((card) => card.done) ? words().saved : "") : onWay && waiting < 4 ? words().saving : words().waiting.replace("{}", waiting);
    text(part("saved"), said);
  }

  function render() {
    if (!root() || !deck || root().dataset.desk !== deck.mode) return;
    drawnIn = root();
    const card = deck.cards[place], done = deck.cards.filter((one) => one.done).length;
    text(part("progress"), words().progress.replace("{done}", done).replace("{all}", deck.cards.length));
    Object.assign(part("bar"), { max: deck.cards.length, value: done });
    part("card").hidden = !card;
    part("done").hidden = Boolean(card);
    part("keys").classList.toggle("coding-idle", !card);
    root().querySelectorAll("[data-desk-label]").forEach((button) => {
      button.setAttribute("aria-pressed", String(Boolean(card) && card.label === button.dataset.deskLabel));
      button.disabled = !card;
    });
    if (card) fill(card);
    else focusFinish();
    showSaved();
  }

  // The key that was pressed last can no longer have the focus.
  function focusFinish() {
    const button = part("done").querySelector("button"), focused = document.activeElement;
    if (button && (focused === document.body || focused.disabled)) button.focus();
  }

  function fill(card) {
    for (const name of ["claim", "text", "facts", "answered"]) text(root().querySelector("[data-card='" + name + "']"), card[name] || "");
    root().querySelector("[data-card-part='answered']").hidden = card.answered === null;
    const said = root().querySelector("[data-card-said]");
    if (said) said.replaceChildren(...card.said.map(([name, stance, word]) => saidBy(name, stance, word)));
  }

  function saidBy(name, stance, word) {
    const item = document.createElement("li"), mark = document.createElement("span"), who = document.createElement("span");
    item.className = "stance stance-" + stance;
    mark.className = "mark";
    mark.setAttribute("aria-hidden", "true");
    mark.textContent = Object.fromEntries(grapevine.data.stances)[stance];
    who.textContent = word + ", " + name;
    item.append(mark, who);
    return item;
  }

  // --- What is pressed ----------------------------------------------------------------------------------------
  function label(stance) {
    const card = deck.cards[place];
    if (!card) return;
    problem("");
    Object.assign(card, { label: stance, done: true });
    const act = { act: deck.mode, round: card.round, flow: card.flow, label: stance };
    const reason = deck.mode === "settle" ? part("reason") : null;
    if (reason) act.reason = reason.value;
    if (reason) reason.value = "";
    place = next(place + 1);
    render();
    add(act);
  }

  const presses = {
    back: () => { if (place > 0) place -= 1; render(); },
    // Who settles leaves a flow for later; who codes says that they cannot tell.
    skip: () => {
      if (deck.mode === "code") return label(null);
      if (place < deck.cards.length) place = next(place + 1);
      render();
    },
    finish: () => {
      if (next(0) < deck.cards.length || pending().some((act) => act.act === "finish")) return;
      add({ act: "finish", round: deck.cards[0].round, flow: null, label: null });
    },
  };

  function isHere() {
    return Boolean(deck) && Boolean(root()) && root().dataset.desk === deck.mode && !document.querySelector("dialog[open]");
  }

  document.addEventListener("click", ({ target }) => {
    if (!isHere()) return;
    const key = target.closest("[data-desk-label]"), button = target.closest("[data-desk-press]");
    if (key) label(key.dataset.deskLabel);
    if (button) presses[button.dataset.deskPress]();
  });

  // Before the keys of every page (keys.js): here s skips.
  document.addEventListener("keydown", (event) => {
    if (!isHere() || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (!(event.target instanceof Element) || event.target.matches(TYPED_IN)) return;
    const stances = Array.from(root().querySelectorAll("[data-desk-label]"), (one) => one.dataset.deskLabel);
    if (event.key in KEYS) label(stances[KEYS[event.key]]);
    else if (event.key === "s") presses.skip();
    else if (event.key === "z") presses.back();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  document.addEventListener("grapevine:drawn", () => {
    if (root() && root() !== drawnIn) render();
  });

  window.dash_clientside = Object.assign({}, window.dash_clientside, { coding: { take, hear } });
})();
