// A post that was revealed: fetched once with its ticket, shown for a minute, and then gone from the page.

(function () {
  "use strict";
  const grapevine = (window.grapevine = window.grapevine || {});
  // Read out when so many seconds are left.
  const TOLD_AT = [30, 10];
  const part = (name) => document.querySelector("[data-revealed-" + name + "]");
  // {until, timer, toTell} of what is shown: until when, and at how many seconds it is still to be read out.
  let shown = null;
  // The button that asked for it.
  let asked = null;

  function say(text) {
    if (part("said")) part("said").textContent = text;
  }

  // Inside the dialog: what stands outside is not read out while it is open.
  function tell(text) {
    part("told").textContent = text;
  }

  function hide(text) {
    if (!shown) return;
    clearInterval(shown.timer);
    shown = null;
    grapevine.leaving.close();
    const dialog = document.getElementById("revealed");
    if (!dialog) return;
    ["text", "address", "site", "seconds", "told"].forEach((name) => (part(name).textContent = ""));
    part("link").removeAttribute("href");
    part("link").hidden = true;
    if (dialog.open) dialog.close();
    say(text);
    if (text) grapevine.focus.giveBack(asked);
  }

  function tick() {
    const { words } = grapevine.data, left = Math.ceil((shown.until - Date.now()) / 1000);
    if (left <= 0 || !document.getElementById("revealed")) return hide(words.reveal.hidden);
    const told = words.reveal.seconds.replace("{}", left);
    part("seconds").textContent = told;
    // A tick may come late and pass one over.
    if (left > shown.toTell[0] || !shown.toTell.length) return;
    shown.toTell.shift();
    tell(told);
  }

  function show({ text, address, link, site }) {
    const dialog = document.getElementById("revealed");
    if (!dialog) return;
    part("text").textContent = text;
    part("address").textContent = address || dialog.dataset.none;
    part("link").hidden = !link;
    if (link) {
      part("link").href = link;
      part("site").textContent = site;
    }
    const until = Date.now() + grapevine.data.revealSeconds * 1000;
    shown = { until, timer: setInterval(tick, 1000), toTell: [...TOLD_AT] };
    dialog.showModal();
    part("hide").focus();
    tick();
    tell(part("seconds").textContent);
  }

  async function fetchPost(ticket) {
    hide("");
    try {
      const answer = await fetch(grapevine.data.root + "/reveal", {
        method: "POST",
        body: new URLSearchParams({ ticket }),
        cache: "no-store",
        headers: grapevine.signedIn.headers(),
      });
      if (answer.ok) show(await answer.json());
      else say(await answer.text());
    } catch {
      say(grapevine.data.words.reveal.failed);
    }
  }

  document.addEventListener("grapevine:saved", ({ detail }) => {
    if (detail.keep && detail.keep.reveal) fetchPost(detail.keep.reveal);
  });
  document.addEventListener("click", ({ target }) => {
    asked = target.closest("[data-opens='reveal']") || asked;
    if (target.closest("[data-revealed-hide]")) hide(grapevine.data.words.reveal.hidden);
  });
  // By Esc too.
  document.addEventListener("close", ({ target }) => {
    if (target.id === "revealed") hide(grapevine.data.words.reveal.hidden);
  }, true);
  // A page that the browser keeps to come back to must not hold it.
  window.addEventListener("pagehide", () => hide(""));
  window.addEventListener("popstate", () => hide(""));
})();
