// Whether somebody can see this page: what is covered by another tab or window, closed or left shows its rumour to nobody.

(function () {
  "use strict";
  const grapevine = (window.grapevine = window.grapevine || {});
  // The name of the page that shows a rumour, and none where the page in view shows none.
  let shown = null;

  function tellThatLeft() {
    if (!shown) return;
    window.fetch(grapevine.data.root + grapevine.data.here.left, {
      method: "POST", keepalive: true, body: JSON.stringify({ page: shown }),
      headers: grapevine.signedIn.headers({ "Content-Type": "application/json" }),
    }).catch(() => {});
  }

  document.addEventListener("grapevine:drawn", () => {
    const page = document.querySelector("main [data-view]"), view = page ? page.dataset.view : null;
    if (view === shown) return;
    tellThatLeft();
    shown = view;
  });
  // With the next poll the page is said to be shown again.
  document.addEventListener("visibilitychange", () => {
    window.dash_clientside.set_props("looking", { data: !document.hidden });
    if (document.hidden) tellThatLeft();
  });
  window.addEventListener("pagehide", tellThatLeft);
})();
