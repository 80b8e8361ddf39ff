"""The browser's own <select>, which tells the server what is chosen. `assets/native_input.js` is its other half.

dash.html's tells nobody, and those of other libraries are lists of their own, which a keyboard works less well.
"""

from typing import ClassVar

from dash.development.base_component import Component

# `options` are {"value", "label"}; `label` stands above.
_PROPERTIES = ["id", "value", "options", "label", "className"]


class NativeSelect(Component):
    _namespace = "dashboard"
    _type = "NativeSelect"
    _children_props: ClassVar[list[str]] = []
    _base_nodes: ClassVar[list[str]] = []
    _prop_names: ClassVar[list[str]] = _PROPERTIES
    _valid_wildcard_attributes: ClassVar[list[str]] = []
    available_properties: ClassVar[list[str]] = _PROPERTIES
    available_wildcard_properties: ClassVar[list[str]] = []
