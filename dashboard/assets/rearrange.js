// The flows that are ticked on a rumour's page: counted, kept over a redraw, and what is likely meant with them.

(function () {
  "use strict";
  const grapevine = (window.grapevine = window.grapevine || {});
  const FLOWS = "[data-flows] input[name='flows']";
  // The ids of the flows that are ticked; the list may be drawn anew at any time.
  const ticked = new Set();
  let rumour = null;

  function boxes() {
    return Array.from(document.querySelectorAll(FLOWS));
  }

  function count() {
    const shown = document.getElementById("rearrange-count"), number = boxes().filter((box) => box.checked).length;
    if (!shown) return;
    const words = grapevine.data.words.flows;
    const text = number === 0 ? words.none : number === 1 ? words.one : words.many.replace("{}", number);
    if (shown.textContent !== text) shown.textContent = text;
  }

  document.addEventListener("change", ({ target }) => {
    if (!target.matches(FLOWS)) return;
    if (target.checked) ticked.add(target.value);
    else ticked.delete(target.value);
    count();
  });
  document.addEventListener("grapevine:drawn", () => {
    const list = document.querySelector("[data-flows]");
    if (list && list.dataset.flows !== rumour) ticked.clear();
    if (list) rumour = list.dataset.flows;
    boxes().forEach((box) => { box.checked = ticked.has(box.value); });
    count();
  });
  document.addEventListener("grapevine:opened", ({ target, detail }) => {
    if (detail.form !== "rearrange" || detail.draft || detail.fills.act) return;
    grapevine.formValues.write(target, { act: boxes().some((box) => box.checked) ? "split" : "merge" });
  });
  document.addEventListener("grapevine:saved", ({ detail }) => {
    if (detail.form !== "rearrange") return;
    ticked.clear();
    boxes().forEach((box) => { box.checked = false; });
    count();
  });
})();
