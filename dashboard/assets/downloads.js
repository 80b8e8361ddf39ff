// A form that was saved may hand back a ticket: the file is fetched with it, and the page says how that goes.

(function () {
  "use strict";
  const grapevine = (window.grapevine = window.grapevine || {});

  function say(text, wrong) {
    document.querySelectorAll("[data-download-note]").forEach((note) => {
      note.textContent = text;
      note.classList.toggle("problem", Boolean(wrong));
    });
  }

  // The address of the latest file, which the browser may still be reading; that of the one before is let go.
  let address = null;

  function keep(blob, name) {
    const link = document.createElement("a");
    if (address) URL.revokeObjectURL(address);
    link.href = address = URL.createObjectURL(blob);
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
  }

  function nameOf(answer) {
    const found = /filename=([\w.-]+)/.exec(answer.headers.get("Content-Disposition") || "");
    return found ? found[1] : "grapevine-export";
  }

  async function fetchFile(ticket) {
    const words = grapevine.data.words;
    say(words.preparing);
    try {
      const answer = await fetch(grapevine.data.root + "/download", {
        method: "POST",
        body: new URLSearchParams({ ticket }),
        headers: grapevine.signedIn.headers(),
      });
      if (!answer.ok) return say(await answer.text(), true);
      const name = nameOf(answer);
      keep(await answer.blob(), name);
      say(words.downloaded.replace("{name}", name));
    } catch {
      say(words.notDownloaded, true);
    }
  }

  document.addEventListener("grapevine:saved", ({ detail }) => {
    if (detail.keep && detail.keep.ticket) fetchFile(detail.keep.ticket);
  });
})();
