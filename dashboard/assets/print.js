// What is printed is light, whatever the screen is: canvases and charts follow the theme, and a style sheet alone would
// not reach them.

(function () {
  "use strict";
  const THEME = "data-mantine-color-scheme", root = document.documentElement;
  let before = null;
  window.addEventListener("beforeprint", () => { before = root.getAttribute(THEME); root.setAttribute(THEME, "light"); });
  window.addEventListener("afterprint", () => { if (before) root.setAttribute(THEME, before); });
})();
