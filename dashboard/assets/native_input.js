// The browser half of dashboard/components/native_input.py and native_select.py: an <input> that keeps what is typed by
// itself, and a <select> that tells what is chosen.

(function () {
  "use strict";
  window.dashboard = Object.assign({}, window.dashboard, {
    NativeInput: (props) => {
      const given = Object.assign({}, props);
      ["setProps", "dashRenderType"].forEach((name) => delete given[name]);
      return window.React.createElement("input", given);
    },
    NativeSelect: ({ id, value, options, label, className, setProps }) => {
      const create = window.React.createElement;
      const name = window.dash_component_api.stringifyId(id);
      const listed = options.map((one) => create("option", { key: one.value, value: one.value }, one.label));
      const choose = (event) => setProps({ value: event.target.value });
      return create(
        "div", { className },
        create("label", { htmlFor: name }, label),
        create("select", { id: name, value, onChange: choose }, listed),
      );
    },
  });
})();
