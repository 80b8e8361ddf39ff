// The dialog that asks why: what the act is called, what it means, and reasons to choose from.

(function () {
  "use strict";
  const grapevine = (window.grapevine = window.grapevine || {});

  document.addEventListener("grapevine:opened", (event) => {
    if (event.detail.form !== "act") return;
    const act = grapevine.data.acts[event.detail.about.act], dialog = event.target;
    dialog.querySelector("[data-title]").textContent = act.title;
    dialog.querySelector("[data-intro]").textContent = act.meaning;
    dialog.querySelector("[data-suggestions]").replaceChildren(...act.reasons.map((reason) => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "suggestion", textContent: reason });
      button.addEventListener("click", () => grapevine.formValues.type(dialog, "reason", reason));
      return button;
    }));
  });
})();
