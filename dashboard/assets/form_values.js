// What a form holds: read from its fields and written into them, by the kinds that its description gives them.

(function () {
  "use strict";
  const grapevine = (window.grapevine = window.grapevine || {});
  const fieldsOf = (root) => grapevine.data.forms[root.dataset.form].fields;
  const isBoxes = (field) => ["one-of", "search", "any-of"].includes(field.kind);

  // The elements of a field, also those that stand elsewhere on the page.
  function controls(root, name) {
    return Array.from(root.querySelector("form").elements).filter((one) => one.name === name);
  }

  function write(root, values) {
    for (const [name, field] of Object.entries(fieldsOf(root))) {
      if (!(name in values) || field.elsewhere) continue;
      for (const one of controls(root, name)) {
        if (isBoxes(field)) one.checked = [].concat(values[name]).includes(one.value);
        else one.value = values[name];
      }
    }
  }

  function read(root) {
    const given = new FormData(root.querySelector("form"));
    return Object.fromEntries(Object.entries(fieldsOf(root)).map(
      ([name, field]) => [name, field.kind === "any-of" ? given.getAll(name) : given.get(name) || ""]));
  }

  // What the page gives the fields, else their defaults.
  function initial(root) {
    const given = JSON.parse(root.dataset.initial || "{}");
    const byDefault = (field) => (field.kind === "any-of" ? [] : field.default === "now" ? grapevine.live.londonNow() : field.default);
    return Object.fromEntries(Object.entries(fieldsOf(root)).map(
      ([name, field]) => [name, name in given ? given[name] : byDefault(field)]));
  }

  function changed(values, before) {
    const same = (one, other) => JSON.stringify(one || "") === JSON.stringify(other || "");
    return Object.keys(values).filter((name) => !same(values[name], before[name]));
  }

  // As if somebody had typed it.
  function type(root, name, text) {
    const [one] = controls(root, name);
    one.value = text;
    one.dispatchEvent(new Event("input", { bubbles: true }));
    one.focus();
  }

  // The first of a field, of a group of radio buttons the one that is chosen, as the Tab key would.
  function focus(element) {
    if (!element) return;
    const chosen = element.type === "radio" && element.form.querySelector("[name='" + element.name + "']:checked");
    (chosen || element).focus();
  }

  grapevine.formValues = { controls, read, write, initial, changed, type, focus };
})();
