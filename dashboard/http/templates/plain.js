// Before the page is drawn: the theme that was chosen in the app, else the computer's.
(function () {
  "use strict";
  const kept = JSON.parse(window.localStorage.getItem("theme") || "null");
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.mantineColorScheme = kept || (dark ? "dark" : "light");
})();
