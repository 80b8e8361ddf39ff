// The one watch on the screen: Dash draws at any time, and what follows a drawing listens to "grapevine:drawn".
// And each page is named by its heading, in the browser's tab and for a screen reader.

(function () {
  "use strict";
  const forms = Object.values(window.grapevine.data.forms);

  new MutationObserver(() => document.dispatchEvent(new Event("grapevine:drawn"))).observe(document.documentElement, {
    childList: true, subtree: true, characterData: true, attributes: true,
    // What is hidden or shown, and what the page says that it is about.
    attributeFilter: ["hidden", ...new Set(forms.flatMap((form) => form.about.map((part) => "data-" + part)))],
  });

  document.addEventListener("grapevine:drawn", () => {
    const heading = document.querySelector("main h1");
    const title = heading && heading.textContent ? heading.textContent + " · Grapevine" : "Grapevine";
    if (document.title !== title) document.title = title;
  });
})();
