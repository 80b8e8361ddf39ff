// The comparison: its address holds the choice, so that it can be shared. The page is not drawn anew for that.

(function () {
  "use strict";
  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    compare: {
      keep_address: (address) => {
        const page = document.querySelector('main [data-page="compare"]');
        if (page && address) window.history.replaceState(window.history.state, "", address);
      },
    },
  });
})();
