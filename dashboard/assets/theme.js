// Light or dark: as the computer has it, until somebody chooses.

(function () {
  "use strict";
  const isDark = (theme) => (theme ? theme === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches);

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    theme: {
      next: (clicks, theme) => (isDark(theme) ? "light" : "dark"),
      use: (theme) => theme || window.dash_clientside.no_update,
    },
  });
})();
