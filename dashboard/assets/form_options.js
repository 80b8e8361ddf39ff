// The options of a field that the server offers when the form is opened, under a box that filters them.

(function () {
  "use strict";
  const grapevine = (window.grapevine = window.grapevine || {});

  function option(name, { value, label }) {
    const choice = document.createElement("label"), box = document.createElement("input"), text = document.createElement("bdi");
    Object.assign(box, { type: "radio", name, value });
    Object.assign(text, { textContent: label, dir: "auto" });
    choice.className = "choice";
    choice.append(box, text);
    return choice;
  }

  function filter(box) {
    const wanted = box.value.trim().toLowerCase(), list = listOf(box.closest("[data-form]"), box.dataset.filters);
    list.querySelectorAll(".choice").forEach((one) => { one.hidden = !one.textContent.toLowerCase().includes(wanted); });
    const none = !list.querySelector(".choice:not([hidden])");
    list.nextElementSibling.hidden = !none;
  }

  function listOf(root, name) {
    return root.querySelector("[data-options='" + name + "']");
  }

  document.addEventListener("input", ({ target }) => {
    if (target.dataset.filters) filter(target);
  });

  grapevine.formOptions = {
    show: (root, options) => Object.entries(options).forEach(([name, offered]) => {
      listOf(root, name).replaceChildren(...offered.map((one) => option(name, one)));
      const box = root.querySelector("[data-filters='" + name + "']");
      box.value = "";
      filter(box);
    }),
  };
})();
