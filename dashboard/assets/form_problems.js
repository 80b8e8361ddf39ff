// What is wrong with a form: on top with a link to each field, beside the fields, and a note above the buttons.

(function () {
  "use strict";
  const grapevine = (window.grapevine = window.grapevine || {});
  const describedBy = (root) => grapevine.data.forms[root.dataset.form];

  // By field; {} where nothing is wrong.
  function show(root, problems) {
    const fields = Object.keys(describedBy(root).fields), summary = root.querySelector("[data-summary]");
    fields.forEach((name) => showBeside(root, name, problems[name] || ""));
    summary.replaceChildren();
    if (!Object.keys(problems).length) return;
    const title = document.createElement("h3"), list = document.createElement("ul");
    title.textContent = describedBy(root).notSaved;
    list.append(...Object.entries(problems).map(([name, problem]) => line(root, name, problem)));
    summary.append(title, list);
    // Of a single field it is read out, and the field has the focus.
    const [only] = fields.length === 1 ? grapevine.formValues.controls(root, fields[0]) : [];
    (only || summary).focus();
  }

  function line(root, name, problem) {
    const item = document.createElement("li");
    if (!grapevine.formValues.controls(root, name).length) {
      item.textContent = problem;
      return item;
    }
    const link = document.createElement("a");
    Object.assign(link, { href: "#" + root.id + "-" + name, textContent: problem });
    link.addEventListener("click", (event) => {
      event.preventDefault();
      grapevine.formValues.focus(grapevine.formValues.controls(root, name)[0]);
    });
    item.append(link);
    return item;
  }

  function showBeside(root, name, problem) {
    const beside = root.querySelector("[data-problem='" + name + "']");
    if (beside) beside.textContent = problem;
    grapevine.formValues.controls(root, name).filter((one) => one.matches("[type='text'], textarea")).forEach((one) => {
      if (problem) one.setAttribute("aria-invalid", "true");
      else one.removeAttribute("aria-invalid");
    });
  }

  // Whoever corrects a field sees at once whether it is too long; the rest the server says.
  function typed(root, { name, value, type }) {
    const { limit } = describedBy(root).fields[name], { length } = value.trim();
    // A field without a limit of its own is bounded by what the server makes of it.
    const over = limit !== null && ["text", "textarea"].includes(type) && length > limit;
    showBeside(root, name, over ? tooLong(limit, length) : "");
  }

  function tooLong(limit, length) {
    const show = (number) => number.toLocaleString("en-GB");
    return grapevine.data.words.tooLong.replace("{limit}", show(limit)).replace("{length}", show(length));
  }

  function note(root, text) {
    const place = root.querySelector("[data-note]");
    place.textContent = text;
    // It stands above the buttons, which may be below the fold of a long form.
    if (text) (place.nextElementSibling || place).scrollIntoView({ block: "nearest" });
  }

  grapevine.formProblems = { show, typed, note };
})();
