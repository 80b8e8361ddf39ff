// The report builder: what is not ticked is left out of the preview at once, as it will be of the file.

(function () {
  "use strict";

  function show(form, frame) {
    const chosen = new Set(new FormData(form).getAll("sections"));
    form.querySelectorAll("[name='sections']").forEach(({ value }) => {
      const page = frame.contentDocument;
      const parts = page.querySelectorAll("#section-" + value + ", nav li:has([href='#section-" + value + "'])");
      parts.forEach((part) => { part.hidden = !chosen.has(value); });
    });
  }

  function showAll() {
    const form = document.querySelector("[data-form='report'] form"), frame = document.querySelector(".report-preview");
    if (form && frame && frame.contentDocument) show(form, frame);
  }

  document.addEventListener("input", ({ target }) => {
    if (target.name === "sections") showAll();
  });
  // A frame tells only itself that it is loaded; the event is caught on its way down.
  document.addEventListener("load", ({ target }) => {
    if (target.matches && target.matches(".report-preview")) showAll();
  }, true);
})();
