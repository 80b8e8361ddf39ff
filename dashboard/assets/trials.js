// "Try terms": what the form of an incident says of terms, languages, sources and area is sent as it stands.

(function () {
  "use strict";
  const grapevine = (window.grapevine = window.grapevine || {});

  function ask(root) {
    const values = grapevine.formValues.read(root);
    window.dash_clientside.set_props("trial-asked", { data: { number: grapevine.sending.newRequest(), values } });
  }

  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-tries]");
    if (button) ask(button.closest("[data-form]"));
  });
})();
