// Which list of the board is shown stands in its address: a link, or loading anew, shows the same.

(function () {
  "use strict";
  const FIRST = "open";

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    board_address: {
      // Dash would draw the whole page anew, were it told: the address alone changes.
      keep_list: (list) => {
        const address = new URL(window.location);
        if (list === FIRST) address.searchParams.delete("list");
        else address.searchParams.set("list", list);
        window.history.replaceState(window.history.state, "", address);
      },
    },
  });
})();
