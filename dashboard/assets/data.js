// What the server describes once for the browser: forms, acts, stance marks and words. See dashboard/browser_data.py.

(function () {
  "use strict";
  window.grapevine = window.grapevine || {};
  window.grapevine.data = JSON.parse(document.getElementById("grapevine-data").textContent);
})();
