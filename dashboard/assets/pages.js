// What the page in view takes from what stands around it: pausing, an act that was done, another incident.

(function () {
  "use strict";
  // A page of the past is never live.
  const isStill = (paused) => Boolean(paused) || document.body.classList.contains("in-the-past");
  const none = () => window.dash_clientside.no_update;

  // "board", "rumour", "sources", or none.
  function pageInView() {
    const page = document.querySelector("main [data-page]");
    return page && page.dataset.page;
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    pages: {
      toggle_pause: (clicks, paused) => !paused,
      name_pause: (paused) => {
        document.body.classList.toggle("paused", Boolean(paused));
        const page = pageInView();
        window.dash_clientside.set_props(page ? page + "-tick" : "pulse", { disabled: isStill(paused) });
        window.grapevine.live.tick();
        return window.grapevine.data.words[paused ? "resume" : "pause"];
      },
      is_paused: (context, paused) => Boolean(paused) || Boolean(context && context.as_of),
      // Dash wants every input of a callback on the screen at the same time, so each page has its own.
      show_act: (acted) => {
        const page = pageInView();
        if (acted && page && page !== "sources") window.dash_clientside.set_props(page + "-acted", { data: acted });
      },
      change_incident: (choices) => {
        const page = document.querySelector("main [data-incident]");
        if (!choices.length || !page || page.dataset.incident === choices[0]) return none();
        return window.grapevine.data.root + "/incident/" + encodeURIComponent(choices[0]);
      },
    },
  });
})();
