// The ticks of a time axis, chosen anew as it is zoomed or its width changes. The server wrote them all, from few to
// many, with what a London clock shows at each: see dashboard/figures/axes.py.

(function () {
  "use strict";
  const grapevine = (window.grapevine = window.grapevine || {});
  // A label such as "01:30 BST" with room beside it, in pixels.
  const ROOM = 88;

  // The most ticks from `first` to `last`, in milliseconds since 1970, that have room in `width` pixels: each with its
  // label, and the day or the year under the first and where it changes.
  function chosen(levels, first, last, width) {
    let found = [];
    for (const level of levels) {
      const shown = level.at.map((at, place) => ({ at, ms: Date.parse(at + "Z"), place }))
        .filter(({ ms }) => ms >= first && ms <= last);
      if (found.length && (shown.length - 1) * ROOM > width) break;
      if (shown.length) found = shown.map((tick) => ({ ...tick, text: level.text[tick.place], under: level.under[tick.place] }));
    }
    return found.map((tick, place) => ({
      ...tick, under: place && tick.under === found[place - 1].under ? "" : tick.under,
    }));
  }

  function redo(chart) {
    const axis = chart._fullLayout && chart._fullLayout.xaxis, meta = chart.layout && chart.layout.meta;
    if (!axis || !axis._length || !meta || !meta.ticks) return;
    const [first, last] = axis.range.map((end) => axis.r2l(end)), shown = chosen(meta.ticks, first, last, axis._length);
    const ticktext = shown.map(({ text, under }) => (under ? text + "<br>" + under : text));
    if (!shown.length || JSON.stringify(ticktext) === JSON.stringify(axis.ticktext)) return;
    window.Plotly.relayout(chart, { "xaxis.tickvals": shown.map(({ at }) => at), "xaxis.ticktext": ticktext });
  }

  const watched = new WeakSet();
  document.addEventListener("grapevine:drawn", () => {
    for (const chart of document.querySelectorAll(".js-plotly-plot")) {
      if (watched.has(chart) || !chart.on) continue;
      watched.add(chart);
      chart.on("plotly_afterplot", () => redo(chart));
      redo(chart);
    }
  });

  grapevine.timeAxis = { chosen };
})();
