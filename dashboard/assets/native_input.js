// The browser half of dashboard/components/native_input.py: an <input> that keeps what is typed by itself.

(function () {
  "use strict";
  window.dashboard = Object.assign({}, window.dashboard, {
    NativeInput: (props) => {
      const given = Object.assign({}, props);
      ["setProps", "dashRenderType"].forEach((name) => delete given[name]);
      return window.React.createElement("input", given);
    },
  });
})();
