// What the browser does by itself: clock and data age, theme, drafts, drawer, and the ways from a click to an act.
// Namespace for Dash's ClientsideFunction; keys.js and grid.js hold the keyboard and the list.

(function () {
  "use strict";
  const none = () => window.dash_clientside.no_update;
  const byId = (id) => document.getElementById(id);

  // --- The clock and the data age ---------------------------------------------------------------------------
  const FRESH_SECONDS = 120;
  const SILENT_SERVER_MS = 8000;
  const live = { now: null, last: null, heardAt: null, speed: 1 };
  const clockFormat = new Intl.DateTimeFormat("en-GB", {
    timeZone: "Europe/London", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
  });
  const dayFormat = new Intl.DateTimeFormat("en-GB", {
    timeZone: "Europe/London", day: "numeric", month: "short", year: "numeric",
  });
  const minuteFormat = new Intl.DateTimeFormat("en-GB", {
    timeZone: "Europe/London", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });

  const zoneFormat = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London", hour: "2-digit", timeZoneName: "short" });
  const HOUR_MS = 3600000;

  // " BST" or " GMT" in the hour that the clocks show twice, else nothing.
  function zone(ms) {
    const shown = minuteFormat.format(ms);
    if (minuteFormat.format(ms - HOUR_MS) !== shown && minuteFormat.format(ms + HOUR_MS) !== shown) return "";
    return " " + zoneFormat.formatToParts(ms).find((part) => part.type === "timeZoneName").value;
  }

  function london(ms) {
    return dayFormat.format(ms) + ", " + minuteFormat.format(ms) + zone(ms);
  }

  // A replayed clock may run faster than ours: its pace is read off two answers.
  function takeLive(data) {
    const heardAt = performance.now();
    if (live.heardAt !== null && heardAt - live.heardAt > 500) {
      const speed = (data.now - live.now) / (heardAt - live.heardAt);
      live.speed = Math.abs(speed - 1) < 0.2 ? 1 : Math.max(0, speed);
    }
    Object.assign(live, { now: data.now, last: data.last, heardAt });
  }

  function shownNow() {
    const passed = performance.now() - live.heardAt;
    // Paused, the clock goes on by itself; else an answer is due, and it never runs far ahead of one.
    return live.now + live.speed * (isPaused() ? passed : Math.min(passed, SILENT_SERVER_MS));
  }

  function length(seconds) {
    if (seconds < 60) return Math.floor(seconds) + " s";
    if (seconds < 3600) return Math.floor(seconds / 60) + " min";
    const hours = Math.floor(seconds / 3600);
    return hours < 48 ? hours + " h" : Math.floor(hours / 24) + " days";
  }

  function isPaused() {
    return document.body.classList.contains("paused");
  }

  function dataAge() {
    if (isPaused()) return ["attention", "paused at " + minuteFormat.format(live.now)];
    if (live.last === null) return ["attention", "no posts yet"];
    const seconds = Math.max(0, (shownNow() - live.last) / 1000);
    // A fast replay is fresh as long as its posts are so to whoever watches it.
    const felt = seconds / Math.max(1, live.speed);
    return felt < FRESH_SECONDS ? ["fine", "live, " + length(felt)] : ["attention", "no posts for " + length(seconds)];
  }

  function setText(element, text) {
    if (element && element.textContent !== text) element.textContent = text;
  }

  function tick() {
    if (live.now === null) return;
    const clock = byId("clock");
    const age = byId("data-age");
    const gone = !isPaused() && performance.now() - live.heardAt > SILENT_SERVER_MS;
    document.body.classList.toggle("disconnected", gone);
    const [level, words] = gone ? ["wrong", "disconnected"] : dataAge();
    if (age) {
      age.dataset.level = level;
      setText(age, words);
    }
    if (!gone) setText(clock, clockFormat.format(shownNow()) + zone(shownNow()));
    const banner = byId("disconnected");
    if (banner && gone !== !banner.hidden) {
      banner.hidden = !gone;
      if (!gone) Object.keys(sent).forEach(unanswered);
      setText(banner, gone ? "The server has not answered since " + clockFormat.format(live.now) +
        ". What is on screen is as it was then. Updates go on by themselves when it answers again." : "");
    }
  }
  setInterval(tick, 250);

  // --- What was sent and not yet answered -----------------------------------------------------------------------
  // Dash leaves `running` as it is after a network error, so the browser itself holds a button and lets it go.
  const ANSWER_DUE_MS = 8000;
  const NOTES = {
    "reason-confirm": "reason-problem", "correction-save": "correction-note", "sighting-save": "sighting-note",
    "incident-save": "incident-note", "incident-settle": "incident-note", "rearrange-save": "rearrange-note",
  };
  const UNANSWERED = "Not logged: the server did not answer. Your text is kept. Try again: nothing is logged twice.";
  const sent = {};

  function hold(id) {
    clearTimeout(sent[id]);
    sent[id] = setTimeout(() => unanswered(id), ANSWER_DUE_MS);
    byId(id).setAttribute("aria-disabled", "true");
    window.dash_clientside.set_props(NOTES[id], { children: null });
    if (id === "reason-confirm") unansweredAct = Object.assign({}, actRequest, { reason: byId("reason-text").value });
  }

  function letGo(id) {
    clearTimeout(sent[id]);
    delete sent[id];
    const button = byId(id);
    if (button) button.removeAttribute("aria-disabled");
  }

  function unanswered(id) {
    letGo(id);
    if (!byId(NOTES[id])) return;
    window.dash_clientside.set_props(NOTES[id], { children: UNANSWERED });
    showNote(id);
  }

  // The note stands above the button, which may be below the fold of a long form.
  function showNote(id) {
    const bring = () => {
      const button = byId(id), note = byId(NOTES[id]);
      if (button && note && note.textContent) button.scrollIntoView({ block: "nearest" });
    };
    setTimeout(bring, 60);
  }

  function hearAnswer(answer) {
    if (!answer) return none();
    letGo(answer.button);
    showNote(answer.button);
    if (answer.button === "reason-confirm" && answer.known) unansweredAct = null;
    return none();
  }

  // Captured: a second press while the first is on its way never reaches Dash.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("#" + Object.keys(NOTES).join(", #"));
    if (button) sendOnce(event, button.id);
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing && event.target.id === "reason-text") sendOnce(event, "reason-confirm");
  }, true);

  function sendOnce(event, id) {
    if (id in sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else hold(id);
  }

  // --- Acts -------------------------------------------------------------------------------------------------
  let cameFrom = null;
  // What waits until this browser knows who acts: {store, request}.
  let pending = null;
  // The act in the dialog, and the one that was sent and got no answer: the same act soon after is the same request.
  let actRequest = null;
  let unansweredAct = null;
  const SAME_ACT_MS = 300000;

  function newRequest() {
    if (window.crypto.randomUUID) return window.crypto.randomUUID();
    return Array.from(window.crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // A try that got no answer is the same request when it is made again: the server then logs it once.
  function keptOf(act, about) {
    if (act === "correct") return { request: (keptDrafts()[about.rumour] || {}).request || newRequest() };
    const before = unansweredAct;
    const same = before && before.act === act && before.incident === about.incident && before.rumour === about.rumour;
    return same && Date.now() - before.at < SAME_ACT_MS
      ? { request: before.request, reason: before.reason } : { request: newRequest() };
  }

  function keptDrafts() {
    return JSON.parse(window.localStorage.getItem("drafts")) || {};
  }

  function startAct(button) {
    const about = button.closest("[data-rumour]").dataset;
    const request = Object.assign(
      { act: button.dataset.act, incident: about.incident, rumour: about.rumour, claim: about.claim, at: Date.now() },
      keptOf(button.dataset.act, about));
    actRequest = request;
    letGo("reason-confirm");
    rememberFocus(button);
    pending = knowsWho() ? null : { store: "act-request", request };
    window.dash_clientside.set_props("act-request", { data: request });
  }

  function knowsWho() {
    return Boolean(JSON.parse(window.localStorage.getItem("officer")));
  }

  function rememberFocus(button) {
    const focused = document.activeElement;
    cameFrom = focused && focused !== document.body ? focused : button;
  }

  // Sends a request to the server once it is known who makes it.
  function ask(store, request) {
    rememberFocus(null);
    pending = knowsWho() ? null : { store, request };
    if (pending) window.dash_clientside.set_props("identity-dialog", { opened: true });
    else window.dash_clientside.set_props(store, { data: request });
  }

  function goOn(officer) {
    if (!officer || !pending) return none();
    const { store, request } = pending;
    pending = null;
    const again = Object.assign({}, request, { at: Date.now() });
    if (store === "act-request") return again;
    window.dash_clientside.set_props(store, { data: again });
    return none();
  }

  document.addEventListener("click", (event) => {
    const act = event.target.closest("[data-act]");
    if (act) return startAct(act);
    const reason = event.target.closest("[data-reason]");
    if (reason) {
      window.dash_clientside.set_props("reason-text", { value: reason.dataset.reason });
      byId("reason-text").focus();
      return;
    }
    const field = event.target.closest("[data-field]");
    if (field) {
      event.preventDefault();
      focusField(field.dataset.field);
    }
  });

  function focusField(id) {
    const field = byId(id);
    const input = field && (field.matches("input, textarea") ? field : field.querySelector("input, textarea"));
    if (input) input.focus();
  }

  // --- The correction drawer --------------------------------------------------------------------------------
  const FIELDS = ["verdict", "wording", "channel", "authority", "evidence_url", "issued_at", "review_by"];
  const EMPTY = { verdict: null, wording: "", channel: "", authority: "", evidence_url: "", issued_at: "", review_by: "" };

  function showDrawer(request, drafts, liveData) {
    const errors = [null, ...FIELDS.map(() => null), (request && request.note) || null];
    letGo("correction-save");
    if (!request) {
      if (cameFrom) setTimeout(returnFocus, 60);
      return [true, none(), ...FIELDS.map(none), ...errors];
    }
    const draft = Object.assign({}, EMPTY, { issued_at: london((liveData || {}).now || Date.now()) }, (drafts || {})[request.rumour]);
    setTimeout(() => focusField("correction-verdict"), 60);
    return [false, "Claim: " + request.claim, ...FIELDS.map((name) => draft[name]), ...errors];
  }

  // The screen may be drawn anew after an act, and what had the focus be gone: then its like takes it.
  function returnFocus() {
    const giveBack = () => {
      if (document.activeElement !== document.body) return;
      const like = cameFrom && cameFrom.dataset.act ? "[data-act='" + cameFrom.dataset.act + "']" : null;
      const back = cameFrom && cameFrom.isConnected ? cameFrom : (like && document.querySelector(like)) || document.querySelector("[data-act]");
      if (back) back.focus();
    };
    giveBack();
    setTimeout(giveBack, 500);
  }

  function keepDraft(...given) {
    const [request, drafts] = given.slice(FIELDS.length);
    if (!request) return none();
    const draft = { request: request.request };
    FIELDS.forEach((name, place) => { draft[name] = given[place]; });
    const written = FIELDS.some((name) => name !== "issued_at" && draft[name]);
    const kept = Object.assign({}, drafts);
    if (written) kept[request.rumour] = draft; else delete kept[request.rumour];
    return kept;
  }

  function dropDraft(acted, drafts) {
    if (!acted || acted.act !== "correct" || acted.keep || !drafts || !(acted.rumour in drafts)) return none();
    const kept = Object.assign({}, drafts);
    delete kept[acted.rumour];
    return kept;
  }

  // The button that opens a form says where unsent text waits. Screens are drawn anew at any time, hence the watching.
  let unsent = [];

  function markUnsent() {
    document.querySelectorAll(".act-bar [data-act='correct']").forEach((button) => {
      const waits = unsent.includes(button.closest("[data-rumour]").dataset.rumour);
      if (waits !== ("unsent" in button.dataset)) {
        if (waits) button.dataset.unsent = ""; else delete button.dataset.unsent;
      }
    });
  }
  new MutationObserver(markUnsent).observe(document.documentElement, { childList: true, subtree: true });

  // --- The page in view: "board", "rumour", "sources" or none -----------------------------------------------------
  function pageInView() {
    const page = document.querySelector("main [data-page]");
    return page && page.dataset.page;
  }

  // --- Theme ------------------------------------------------------------------------------------------------
  function isDark(theme) {
    return theme ? theme === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
  }

  // What forms.js and sources.js need of this file.
  window.grapevineHouse = {
    ask, newRequest, letGo, focusField, returnFocus,
    londonNow: () => london(live.now === null ? Date.now() : shownNow()),
  };

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    grapevine: {
      take_live: (data) => { if (data) { takeLive(data); tick(); } return "Europe/London"; },
      show_officer: (officer) => (officer ? officer.name + " (" + officer.role + ")" : "Who are you?"),
      open_identity: (clicks, officer) => {
        pending = null;
        return [true, officer ? officer.name : "", officer ? officer.role : null];
      },
      go_on: goOn,
      open_keys: () => true,
      next_theme: (clicks, theme) => (isDark(theme) ? "light" : "dark"),
      use_theme: (theme) => theme || none(),
      toggle_pause: (clicks, paused) => !paused,
      name_pause: (paused) => {
        document.body.classList.toggle("paused", Boolean(paused));
        const page = pageInView();
        window.dash_clientside.set_props(page ? page + "-tick" : "pulse", { disabled: Boolean(paused) });
        tick();
        return paused ? "Resume live updates" : "Pause live updates";
      },
      is_paused: (context, paused) => Boolean(paused),
      show_act: (acted) => {
        const page = pageInView();
        if (acted && page && page !== "sources") window.dash_clientside.set_props(page + "-acted", { data: acted });
        return none();
      },
      hear_answer: hearAnswer,
      mark_unsent: (drafts) => {
        unsent = Object.keys(drafts || {});
        markUnsent();
        return none();
      },
      chosen_before: (incident) => window.sessionStorage.getItem("chosen:" + incident),
      show_drawer: showDrawer,
      keep_draft: keepDraft,
      drop_draft: dropDraft,
      close_drawer: () => null,
      focus_errors: (children) => {
        if (children) setTimeout(() => byId("correction-errors").focus(), 60);
        return none();
      },
      change_incident: (choices) => {
        const page = document.querySelector("main [data-incident]");
        if (!choices.length || !page || page.dataset.incident === choices[0]) return none();
        return "/incident/" + encodeURIComponent(choices[0]);
      },
      // While the list is drawn anew nothing is chosen for a moment: only an empty list chooses nothing.
      chosen_row: (rows, shown, before, incident) => {
        const id = rows && rows.length ? rows[0].id : (rows && rows.ids ? rows.ids[0] : null);
        if (!id) return shown && !shown.ids.length ? null : none();
        window.sessionStorage.setItem("chosen:" + incident, id);
        return id !== before ? id : none();
      },
      prepare_grid: () => {
        window.grapevineGrid.prepare();
        return none();
      },
    },
  });
})();
