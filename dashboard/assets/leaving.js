// A link to another site opens a dialog first, which names the site.

(function () {
  "use strict";
  const grapevine = (window.grapevine = window.grapevine || {});
  const part = (name) => document.querySelector("#leaving [data-leaving-" + name + "]");

  function leaves(link) {
    if (!link || link.matches("[data-leaving-go]")) return false;
    return ["http:", "https:"].includes(link.protocol) && link.origin !== window.location.origin;
  }

  function ask(event) {
    const link = event.target instanceof Element && event.target.closest("a[href]");
    if (!leaves(link)) return;
    event.preventDefault();
    event.stopPropagation();
    const to = new URL(link.href), { words } = grapevine.data;
    // A name before the host is there to be taken for the host.
    to.username = to.password = "";
    part("site").textContent = to.host;
    part("punycode").hidden = !/(^|\.)xn--/.test(to.hostname);
    part("go").href = to.href;
    part("go").textContent = words.leaving.open.replace("{}", to.host);
    document.getElementById("leaving").showModal();
    part("stay").focus();
  }

  function close() {
    const dialog = document.getElementById("leaving");
    if (dialog && dialog.open) dialog.close();
  }

  // The browser tells of it once it has followed the link.
  function closed() {
    part("go").removeAttribute("href");
    part("site").textContent = part("go").textContent = "";
  }

  // Captured, so that nothing opens the link before; the middle button opens links too.
  document.addEventListener("click", ask, true);
  document.addEventListener("auxclick", (event) => event.button === 1 && ask(event), true);
  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-leaving-stay], [data-leaving-go]")) close();
  });
  document.addEventListener("close", ({ target }) => target.id === "leaving" && closed(), true);

  grapevine.leaving = { close };
})();
