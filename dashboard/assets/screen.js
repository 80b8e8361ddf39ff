// The one watch on the screen: Dash draws at any time, and what follows a drawing listens to "grapevine:drawn".
// And each page is named by its heading, in the browser's tab and for a screen reader.

(function () {
  "use strict";

  new MutationObserver(() => document.dispatchEvent(new Event("grapevine:drawn"))).observe(document.documentElement, {
    childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ["hidden", "data-act"],
  });

  document.addEventListener("grapevine:drawn", () => {
    const heading = document.querySelector("main h1");
    const title = heading && heading.textContent ? heading.textContent + " · Grapevine" : "Grapevine";
    if (document.title !== title) document.title = title;
  });
})();
