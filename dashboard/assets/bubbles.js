// The bubbles' page: the playhead and its controls, and what the pointer and the keys do in the picture.

(function () {
  "use strict";
  const grapevine = (window.grapevine = window.grapevine || {});
  const LISTED_EVERY_MS = 250;
  const NICE_MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720, 1440, 2880, 10080, 20160];
  const words = () => grapevine.data.bubbles.words;
  const part = (name) => document.querySelector(`[data-page="bubbles"] [data-part="${name}"]`);
  const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const nice = (minutes) => NICE_MINUTES.find((one) => one >= minutes) || NICE_MINUTES.at(-1);

  let state = null;
  // Milliseconds that the last frames took to draw, newest last: the journeys read them.
  const frames = [];

  function fresh() {
    return {
      of: null, picture: grapevine.bubblesPicture.empty(), moment: null, playing: false, speed: 1, halfLife: 30,
      view: { zoom: 1, x: 0, y: 0 }, chosen: null, hits: { groups: [], posts: [] }, standing: null, follows: true,
      listedAt: 0, drawnAt: 0,
    };
  }

  const isShown = () => state !== null && state.picture.span !== null && part("canvas") !== null;

  // -- what the server sends --

  function takeData(sent, context) {
    if (!sent) return window.dash_clientside.no_update;
    const of = JSON.stringify(context);
    const isNew = state === null || state.of !== of;
    if (isNew) state = { ...fresh(), of };
    state.picture = grapevine.bubblesPicture.take(state.picture, sent);
    if (state.picture.span) {
      const [start, end] = state.picture.span;
      if (isNew) {
        state.halfLife = nice(mostlyWithin(state.picture) / 60 / 8);
        state.speed = nice(mostlyWithin(state.picture) / 60 / 60);
        setNumber("half-life", state.halfLife);
        setNumber("speed", state.speed);
      }
      if (state.follows && !state.playing) state.moment = end;
      const slider = part("playhead");
      slider.min = start; slider.max = end; slider.step = Math.max(1, Math.round((end - start) / 600));
    }
    draw(true);
    return { layout: state.picture.layout, posts: state.picture.t.length, flows: state.picture.flows.length };
  }

  // Seconds in which nine of ten posts came: a few late ones do not make the others fade slowly.
  function mostlyWithin({ t, order }) {
    const at = (share) => t[order[Math.floor(share * (order.length - 1))]];
    return at(0.95) - at(0.05);
  }

  const setNumber = (name, value) => { const field = part(name); if (field) field.value = value; };

  // -- drawing --

  function draw(listAtOnce) {
    const canvas = part("canvas"), strip = part("strip");
    if (!isShown()) return;
    const began = performance.now();
    state.standing = grapevine.bubblesPicture.at(state.picture, state.moment, state.halfLife * 60);
    state.hits = grapevine.bubblesCanvas.drawPicture(canvas, state.picture, state.standing, state.view, state.chosen);
    grapevine.bubblesCanvas.drawStrip(strip, state.picture, state.moment, grapevine.bubblesWords.captionNow(state));
    frames.push(performance.now() - began);
    if (frames.length > 600) frames.shift();
    const slider = part("playhead");
    slider.value = state.moment;
    slider.setAttribute("aria-valuetext", grapevine.bubblesWords.clock(state.moment));
    if (listAtOnce || began - state.listedAt >= LISTED_EVERY_MS) { state.listedAt = began; grapevine.bubblesWords.list(state); }
  }

  // One step of playing; what is drawn slowly is not drawn late.
  function tick(time) {
    if (!state.playing || !part("canvas")) { state.playing = false; return; }
    const passed = Math.min(0.25, (time - state.drawnAt) / 1000);
    state.drawnAt = time;
    const end = state.picture.span[1];
    state.moment = Math.min(end, state.moment + passed * state.speed * 60);
    if (state.moment >= end) stop();
    draw(false);
    if (state.playing) requestAnimationFrame(tick);
  }

  // With reduced motion the picture goes on in steps of a second, and nothing glides.
  function step() {
    if (!state.playing || !part("canvas")) { state.playing = false; return; }
    state.moment = Math.min(state.picture.span[1], state.moment + state.speed * 60);
    if (state.moment >= state.picture.span[1]) stop();
    draw(true);
    if (state.playing) setTimeout(step, 1000);
  }

  function play() {
    if (state.moment >= state.picture.span[1]) state.moment = state.picture.span[0];
    state.playing = true;
    state.follows = false;
    state.drawnAt = performance.now();
    namePlay();
    if (still()) setTimeout(step, 1000);
    else requestAnimationFrame(tick);
  }

  function stop() {
    state.playing = false;
    state.follows = state.moment >= state.picture.span[1];
    namePlay();
    draw(true);
  }

  function namePlay() {
    const button = part("play");
    if (button) button.querySelector("span:last-child").textContent = state.playing ? words().pause : words().play;
    if (button) button.querySelector("span").textContent = state.playing ? "❚❚" : "►";
  }

  function moveTo(moment) {
    const [start, end] = state.picture.span || [0, 0];
    state.moment = Math.min(end, Math.max(start, moment));
    state.follows = state.moment >= end;
    draw(true);
  }

  // -- the pointer and the keys --

  function under(event) {
    const box = part("canvas").getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    const hit = (one) => Math.hypot(one.x - x, one.y - y) <= Math.max(4, one.r);
    return { x, y, post: [...state.hits.posts].reverse().find(hit), group: state.hits.groups.find(hit) };
  }

  function choose(place) {
    state.chosen = place;
    draw(true);
    const hit = state.hits.groups.find((one) => one.place === place);
    grapevine.bubblesWords.tell(state, hit ? { group: hit, x: hit.x, y: hit.y } : null);
  }

  function zoom(factor, around) {
    const canvas = part("canvas").getBoundingClientRect(), at = around || { x: canvas.width / 2, y: canvas.height / 2 };
    const zoomed = Math.min(60, Math.max(1, state.view.zoom * factor)), by = zoomed / state.view.zoom;
    state.view = zoomed === 1 ? { zoom: 1, x: 0, y: 0 } : {
      zoom: zoomed,
      x: (state.view.x - (at.x - canvas.width / 2)) * by + (at.x - canvas.width / 2),
      y: (state.view.y - (at.y - canvas.height / 2)) * by + (at.y - canvas.height / 2),
    };
    draw(false);
  }

  const presses = {
    play: () => (state.playing ? stop() : play()),
    back: () => moveTo(state.moment - Number(part("playhead").step) * 10),
    forward: () => moveTo(state.moment + Number(part("playhead").step) * 10),
    now: () => moveTo(state.picture.span[1]),
    closer: () => zoom(1.5),
    farther: () => zoom(1 / 1.5),
    whole: () => { state.view = { zoom: 1, x: 0, y: 0 }; draw(false); },
  };

  document.addEventListener("click", (event) => {
    if (!isShown()) return;
    const pressed = event.target.closest("[data-press]");
    if (pressed) presses[pressed.dataset.press]();
    const line = event.target.closest(".bubble-line");
    if (line) choose(Number(line.dataset.group));
    if (event.target === part("canvas") && !state.dragged) {
      const hit = under(event);
      choose(hit.post ? hit.post.place : hit.group ? hit.group.place : null);
    }
    if (event.target === part("strip")) {
      const box = part("strip").getBoundingClientRect(), [start, end] = state.picture.span;
      moveTo(start + (event.clientX - box.left) / box.width * (end - start));
    }
  });

  document.addEventListener("input", (event) => {
    if (!isShown()) return;
    if (event.target === part("playhead")) moveTo(Number(event.target.value));
    if (event.target === part("half-life") && event.target.value > 0) { state.halfLife = Number(event.target.value); draw(true); }
    if (event.target === part("speed") && event.target.value > 0) state.speed = Number(event.target.value);
  });

  document.addEventListener("pointermove", (event) => {
    if (!isShown()) return;
    if (state.drag) {
      state.dragged = state.dragged || Math.hypot(event.clientX - state.drag.x, event.clientY - state.drag.y) > 4;
      state.view = { ...state.view, x: state.drag.view.x + event.clientX - state.drag.x, y: state.drag.view.y + event.clientY - state.drag.y };
      draw(false);
    } else if (event.target === part("canvas")) grapevine.bubblesWords.tell(state, under(event));
    else if (!event.target.closest(".bubble-line")) grapevine.bubblesWords.tell(state, null);
  });

  document.addEventListener("pointerdown", (event) => {
    if (!isShown()) return;
    state.dragged = false;
    if (event.target === part("canvas") && state.view.zoom > 1) state.drag = { x: event.clientX, y: event.clientY, view: state.view };
  });
  document.addEventListener("pointerup", () => { if (state) state.drag = null; });

  document.addEventListener("wheel", (event) => {
    if (!isShown() || event.target !== part("canvas") || !event.ctrlKey) return;
    event.preventDefault();
    const box = part("canvas").getBoundingClientRect();
    zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, { x: event.clientX - box.left, y: event.clientY - box.top });
  }, { passive: false });

  document.addEventListener("keydown", (event) => {
    if (!isShown() || event.target !== part("canvas") || event.ctrlKey || event.metaKey || event.altKey) return;
    const loud = [...state.hits.groups].filter((one) => one.loud > 0).sort((one, other) => other.loud - one.loud);
    const here = loud.findIndex((one) => one.place === state.chosen);
    const moves = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    if (event.key in moves && loud.length) choose(loud[(here + moves[event.key] + loud.length) % loud.length].place);
    else if (event.key === "+") zoom(1.5);
    else if (event.key === "-") zoom(1 / 1.5);
    else if (event.key === "0") presses.whole();
    else if (event.key === " ") presses.play();
    else if (event.key === "Escape") choose(null);
    else if (event.key === "Enter" && state.picture.links[state.chosen]) window.location.assign(state.picture.links[state.chosen]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  document.addEventListener("focusin", (event) => {
    const line = isShown() && event.target.closest(".bubble-line");
    if (line && Number(line.dataset.group) !== state.chosen) choose(Number(line.dataset.group));
  });

  // The picture follows the size of the window, and the theme: on paper it is light.
  window.addEventListener("resize", () => draw(false));
  new MutationObserver(() => draw(false)).observe(document.documentElement, {
    attributes: true, attributeFilter: ["data-mantine-color-scheme"],
  });

  grapevine.bubbles = { frames, state: () => state };
  window.dash_clientside = Object.assign({}, window.dash_clientside, { bubbles: { take: takeData } });
})();
