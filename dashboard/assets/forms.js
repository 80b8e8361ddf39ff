// The forms that are no correction: an incident's settings, and what somebody heard. Unsent text survives a reload.
// Namespace for Dash's ClientsideFunction; clientside.js knows who acts and holds the buttons.

(function () {
  "use strict";
  const none = () => window.dash_clientside.no_update;
  const house = window.grapevineHouse;
  const INCIDENT = ["name", "purpose", "lawful_basis", "terms", "languages", "accounts", "sources", "area", "retention", "reason"];
  const SIGHTING = ["text", "heard_by", "heard_at", "place", "reliability"];
  const PUT_BACK = "What was typed before and not saved was put back.";

  function without(drafts, name) {
    if (!drafts || !(name in drafts)) return none();
    const kept = Object.assign({}, drafts);
    delete kept[name];
    return kept;
  }

  function same(one, other) {
    return JSON.stringify(one || "") === JSON.stringify(other || "");
  }

  // The text areas keep their own element: a summary that is empty takes no focus.
  function focusErrors(children, id) {
    if (children) setTimeout(() => document.getElementById(id).focus(), 60);
    return none();
  }

  // --- An incident's settings ---------------------------------------------------------------------------------
  function fillIncident(context, drafts) {
    const draft = ((context && drafts) || {})[context && context.draft];
    ["incident-save", "incident-settle"].forEach(house.letGo);
    if (!draft) return [...INCIDENT.map(none), house.newRequest(), null];
    return [...INCIDENT.map((name) => draft[name]), draft.request || house.newRequest(), PUT_BACK];
  }

  function keepIncident(...given) {
    const [context, request, drafts] = given.slice(INCIDENT.length);
    if (!context) return none();
    const draft = { request };
    INCIDENT.forEach((name, place) => { draft[name] = given[place]; });
    if (INCIDENT.every((name) => same(draft[name], context.initial[name]))) return without(drafts, context.draft);
    return Object.assign({}, drafts, { [context.draft]: draft });
  }

  // --- What somebody heard ------------------------------------------------------------------------------------
  function openSighting() {
    const page = document.querySelector("main [data-incident]");
    if (!page || !page.dataset.incident) return;
    const draft = "sighting:" + page.dataset.incident;
    const kept = JSON.parse(window.localStorage.getItem("form-drafts")) || {};
    window.dash_clientside.set_props("drawer", { data: null });
    house.ask("sighting", { incident: page.dataset.incident, draft, request: (kept[draft] || {}).request || house.newRequest() });
  }

  function showSighting(request, drafts) {
    const errors = [null, ...SIGHTING.map(() => null), (request && request.note) || null];
    house.letGo("sighting-save");
    if (!request) {
      setTimeout(house.returnFocus, 60);
      return [true, ...SIGHTING.map(none), ...errors];
    }
    const empty = { text: "", heard_by: null, heard_at: house.londonNow(), place: "", reliability: "" };
    const draft = Object.assign(empty, (drafts || {})[request.draft]);
    setTimeout(() => house.focusField("sighting-text"), 60);
    return [false, ...SIGHTING.map((name) => draft[name]), ...errors];
  }

  function keepSighting(...given) {
    const [request, drafts] = given.slice(SIGHTING.length);
    if (!request) return none();
    const draft = { request: request.request };
    SIGHTING.forEach((name, place) => { draft[name] = given[place]; });
    if (!draft.text && !draft.place && !draft.reliability && !draft.heard_by) return without(drafts, request.draft);
    return Object.assign({}, drafts, { [request.draft]: draft });
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-sighting]")) openSighting();
  });

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    grapevineForms: {
      focusErrors, fillIncident, keepIncident, showSighting, keepSighting,
      drop: (saved, drafts) => (saved ? without(drafts, saved.draft) : none()),
    },
  });
})();
