// The playhead: a time that is typed goes to the server, the slider goes to the address by itself.

(function () {
  "use strict";
  const PAUSE_MS = 250;
  // The slider was moved, and its moment is not shown yet.
  let moving = null;

  function go(slider) {
    const search = "?" + new URLSearchParams({ as_of: new Date(slider.value * 1000).toISOString() });
    window.dash_clientside.set_props("url", { search });
  }

  function say(slider) {
    const time = window.grapevine.live.london(slider.value * 1000);
    if (slider.getAttribute("aria-valuetext") !== time) slider.setAttribute("aria-valuetext", time);
    const shown = slider.parentElement.querySelector(".playhead-at");
    if (shown.textContent !== time) shown.textContent = time;
  }

  document.addEventListener("input", ({ target }) => {
    if (target.id !== "playhead-slider") return;
    say(target);
    clearTimeout(moving);
    moving = setTimeout(() => { moving = null; go(target); }, PAUSE_MS);
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".playhead-typed")) return;
    event.preventDefault();
    const text = document.getElementById("playhead-time").value;
    window.dash_clientside.set_props("playhead-asked", { data: { text, at: Date.now() } });
  });

  // Each step draws the line anew: what had the focus in it gets it back, by its id or its words.
  const nameOf = (element) => element.id || element.textContent;
  let held = null;
  document.addEventListener("focusin", ({ target }) => {
    held = target.closest(".playhead") ? nameOf(target) : null;
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (!target.closest(".playhead")) held = null;
  });

  function holdFocus() {
    if (held === null || document.activeElement !== document.body) return;
    const like = Array.from(document.querySelectorAll(".playhead :is(a, button, input)")).find((one) => nameOf(one) === held);
    if (like) like.focus();
  }

  // What the server drew: it says the moment, the fields follow.
  document.addEventListener("grapevine:drawn", () => {
    for (const field of document.querySelectorAll(".playhead [data-moment]")) {
      if (field.dataset.moment !== field.dataset.follows && !(moving && field.type === "range")) {
        field.dataset.follows = field.dataset.moment;
        field.value = field.dataset.moment;
      }
      if (field.type === "range") say(field);
    }
    requestAnimationFrame(holdFocus);
  });
})();
