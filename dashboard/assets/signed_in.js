// Who is signed in, the proof that a request comes from our own page, and what happens once the session has ended.

(function () {
  "use strict";
  const grapevine = (window.grapevine = window.grapevine || {});
  const TELL_AT_MOST_MS = 60000;
  const told = () => grapevine.data.signIn;
  let toldAt = -TELL_AT_MOST_MS;
  let leaving = false;

  function headers(more) {
    const cookie = document.cookie.split("; ").find((one) => one.startsWith(told().cookie + "="));
    return Object.assign({ [told().header]: cookie ? decodeURIComponent(cookie.split("=")[1]) : "" }, more);
  }

  // What is typed is kept in this browser: it is there again after the next sign-in.
  function signInAgain() {
    if (leaving) return;
    leaving = true;
    window.location.assign(grapevine.data.root + told().path + "?next=" + encodeURIComponent(window.location.pathname + window.location.search));
  }

  // Dash makes its own requests, and does not say what became of them.
  const ask = window.fetch.bind(window);
  window.fetch = async (...asked) => {
    const answer = await ask(...asked);
    if (answer.status !== 401 || new URL(answer.url).origin !== window.location.origin) return answer;
    signInAgain();
    // The page is on its way out: whoever asked is left without an answer, as where the server is gone.
    return new Promise(() => {});
  };

  // The browser's way back may show this very page again.
  window.addEventListener("pageshow", () => { leaving = false; });

  // A page that asks by itself is no sign that somebody is there; a key or the pointer is.
  function somebodyIsHere() {
    if (document.hidden || performance.now() - toldAt < TELL_AT_MOST_MS) return;
    toldAt = performance.now();
    window.fetch(grapevine.data.root + told().here, { method: "POST", headers: headers() }).catch(() => {});
  }
  ["keydown", "pointerdown", "pointermove", "wheel"].forEach((what) =>
    document.addEventListener(what, somebodyIsHere, { capture: true, passive: true }));

  grapevine.signedIn = {
    headers,
    user: () => (document.getElementById("who") || { dataset: {} }).dataset.user || "",
  };
})();
