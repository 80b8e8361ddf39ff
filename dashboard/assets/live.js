// The clock and the data age, between two answers of the server; and whether the server answers at all.

(function () {
  "use strict";
  const grapevine = (window.grapevine = window.grapevine || {});
  const words = () => grapevine.data.words.live;
  const byId = (id) => document.getElementById(id);
  // Longer than this without a post, and somebody should look.
  const FRESH_SECONDS = 120;
  const SILENT_SERVER_MS = 8000;
  // now, last: the server's time, and when its newest post arrived, in milliseconds since 1970. speed: seconds of the
  // server's clock for each of ours; a replay may run faster. past: a moment is looked back on, and the clock stands.
  const live = { now: null, last: null, speed: 1, past: false, heardAt: null };

  const format = (more) => new Intl.DateTimeFormat("en-GB", Object.assign({ timeZone: "Europe/London" }, more));
  const clock = format({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  const minutes = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const day = format({ day: "numeric", month: "short", year: "numeric" });
  const zoneName = format({ hour: "2-digit", timeZoneName: "short" });
  const HOUR_MS = 3600000;

  // " BST" or " GMT" in the hour that the clocks show twice, else nothing.
  function zone(ms) {
    const shown = minutes.format(ms);
    if (minutes.format(ms - HOUR_MS) !== shown && minutes.format(ms + HOUR_MS) !== shown) return "";
    return " " + zoneName.formatToParts(ms).find((part) => part.type === "timeZoneName").value;
  }

  function london(ms, seconds) {
    return day.format(ms) + ", " + (seconds ? clock : minutes).format(ms) + zone(ms);
  }

  function isPaused() {
    return document.body.classList.contains("paused");
  }

  function shownNow() {
    if (live.past) return live.now;
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

  // How long ago the newest post came to this server, in seconds of whoever watches: what tells whether it is alive.
  function dataAge() {
    if (live.past) return ["attention", words().past];
    if (isPaused()) return ["attention", words().paused.replace("{}", minutes.format(live.now) + zone(live.now))];
    if (live.last === null) return ["attention", words().none];
    const seconds = Math.max(0, (shownNow() - live.last) / 1000 / live.speed);
    const [level, said] = seconds < FRESH_SECONDS ? ["fine", words().fresh] : ["attention", words().silent];
    return [level, said.replace("{}", length(seconds))];
  }

  function setText(element, text) {
    if (element && element.textContent !== text) element.textContent = text;
  }

  function tick() {
    if (live.now === null) return;
    const gone = !isPaused() && !live.past && performance.now() - live.heardAt > SILENT_SERVER_MS;
    document.body.classList.toggle("disconnected", gone);
    const [level, said] = gone ? ["wrong", words().disconnected] : dataAge();
    const age = byId("data-age");
    if (age) age.dataset.level = level;
    setText(age, said);
    if (!gone) setText(byId("clock"), clock.format(shownNow()) + zone(shownNow()));
    showBanner(gone);
  }

  function showBanner(gone) {
    const banner = byId("disconnected");
    if (!banner || gone === !banner.hidden) return;
    banner.hidden = !gone;
    setText(banner, gone ? words().banner.replace("{}", clock.format(live.now) + zone(live.now)) : "");
    if (!gone) document.dispatchEvent(new Event("grapevine:reconnected"));
  }
  setInterval(tick, 250);

  grapevine.live = { london, londonNow: () => london(live.now === null ? Date.now() : shownNow()), tick };
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    live: {
      take: (told) => {
        // What a poll of a page before asked comes late; only the address leads out of the past.
        if (!told || (live.past && !("past" in told))) return;
        Object.assign(live, told, { heardAt: performance.now() });
        document.body.classList.toggle("in-the-past", live.past);
        if (live.past) grapevine.forms.closeDrawer();
        tick();
      },
    },
  });
})();
