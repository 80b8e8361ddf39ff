// A chart comes last: the library that draws it takes longer to load than all the rest of a page.

(function () {
  "use strict";
  // Who looks at a new page chooses at once: the browser is not kept busy meanwhile.
  const QUIET_MS = 1000, LONGEST_MS = 2000;
  let rested = null;

  function rest() {
    rested = rested || new Promise((done) => {
      setTimeout(() => window.requestIdleCallback(done, { timeout: LONGEST_MS }), QUIET_MS);
    });
    return rested;
  }

  // One that stands there already only takes the new figure: made anew it would flicker.
  function place(chart) {
    if (!chart || !document.getElementById(chart.props.id)) return chart;
    window.dash_clientside.set_props(chart.props.id, { figure: chart.props.figure });
    return window.dash_clientside.no_update;
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    charts: { after_the_rest: (chart) => rest().then(() => place(chart)) },
  });
})();
