// A file on its way to the server, piece by piece; then the buttons that start and cancel its reading.

(function () {
  "use strict";
  const grapevine = (window.grapevine = window.grapevine || {});
  const PAUSE_MS = 2000;
  // The file under way: {upload, stopped}. What is not the current one any more sends nothing further.
  let current = null;
  const words = () => grapevine.data.words.imports;
  const find = (mark) => document.querySelector("main [data-import-" + mark + "]");
  const megabytes = (bytes) => (bytes / 1e6).toLocaleString("en-GB", { maximumFractionDigits: 1, minimumFractionDigits: 1 });

  function say(text, percent) {
    const sending = find("sending");
    if (!sending) return;
    sending.hidden = !text;
    find("note").textContent = text;
    if (percent !== undefined) find("sent").value = percent;
  }

  function fail(text) {
    say("");
    const problem = find("problem");
    if (problem) problem.textContent = text;
  }

  function arrived(upload) {
    window.dash_clientside.set_props("import-upload", { data: upload ? { upload } : {} });
  }

  async function post(path, body, headers) {
    const answer = await fetch(grapevine.data.root + "/import/" + path, { method: "POST", body, headers: grapevine.signedIn.headers(headers) });
    const said = await answer.json().catch(() => ({}));
    if (answer.ok) return said;
    throw Object.assign(new Error(said.problem || words().broken), { refused: true });
  }

  // A piece that got no answer is sent again, until there is one: the server knows what it has.
  async function sendPiece(one, at, piece) {
    for (;;) {
      try {
        return await post("piece?upload=" + encodeURIComponent(one.upload) + "&at=" + at, piece);
      } catch (error) {
        if (error.refused || one.stopped) throw error;
        say(words().waiting);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  }

  // Of the import page that is shown; null on any other page.
  function incident() {
    const page = document.querySelector("main [data-page='import']");
    return page && page.dataset.incident;
  }

  async function send(file) {
    const one = (current = { stopped: false });
    try {
      const asked = { name: file.name, size: file.size, incident: incident() };
      const begun = await post("begin", JSON.stringify(asked), { "Content-Type": "application/json" });
      one.upload = begun.upload;
      // Cancelled before it had a name: the server does not know it yet.
      if (one.stopped) drop(one);
      for (let at = 0; at < file.size && !one.stopped;) {
        const text = words().sending.replace("{name}", file.name).replace("{sent}", megabytes(at));
        say(text.replace("{size}", megabytes(file.size)), (100 * at) / file.size);
        at = (await sendPiece(one, at, file.slice(at, at + begun.piece))).received;
        // Whoever has left the page has given the file up.
        if (incident() !== asked.incident) drop(one);
      }
      if (one.stopped) return;
      say(words().reading.replace("{name}", file.name), 100);
      grapevine.focus.await("#import-check-title");
      arrived(one.upload);
    } catch (error) {
      if (one.stopped) return;
      drop(one);
      fail(error.refused ? error.message : words().broken);
    }
  }

  function drop(one) {
    if (!one) return;
    one.stopped = true;
    if (one.upload) fetch(grapevine.data.root + "/import/drop?upload=" + encodeURIComponent(one.upload), { method: "POST", headers: grapevine.signedIn.headers() }).catch(() => {});
  }

  document.addEventListener("change", ({ target }) => {
    if (!target.matches("[data-import-file]")) return;
    drop(current);
    current = null;
    arrived(null);
    fail("");
    const file = target.files[0];
    if (file) send(file);
  });

  function request(act, more) {
    const data = Object.assign({ act, at: Date.now() }, more);
    window.dash_clientside.set_props("import-request", { data });
  }

  document.addEventListener("click", ({ target }) => {
    const cancel = target.closest("[data-import-cancel]");
    if (target.closest("[data-import-drop]")) {
      drop(current);
      current = null;
      find("file").value = "";
      fail("");
      grapevine.focus.giveBack(find("file"));
    } else if (cancel) {
      // The button is gone soon.
      grapevine.focus.await("#import-log-title");
      request("cancel", { import: cancel.dataset.importCancel });
    } else if (target.closest("[data-import-start]")) {
      const takes = document.querySelector("[data-import-takes]:checked");
      const reason = document.getElementById("import-reason").value;
      request("start", { reason, takes: takes ? takes.value : "all" });
    }
  });

  // Where a reason is missing, the next key that is pressed is typed into it.
  function refused(problem) {
    const reason = document.getElementById("import-reason");
    if (problem && reason && !reason.value.trim()) reason.focus();
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    imports: {
      refused,
      // Looked at, or begun to be read: the line about sending has done its work.
      shown: (facts, upload) => {
        say("");
        if (upload && upload.begun) {
          current = null;
          grapevine.focus.await("#import-log-title");
          find("file").value = "";
        }
      },
    },
  });
})();
