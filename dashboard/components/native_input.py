"""The browser's own <input>, which dash.html does not have. `assets/native_input.js` is its other half.

What is typed into it stays in the browser, as in html.Textarea: no property follows it, so that nothing which comes
from the server can overwrite it.
"""

from typing import ClassVar

from dash.development.base_component import Component

_PROPERTIES = [
    "id",
    "type",
    "name",
    "value",
    "defaultChecked",
    "form",
    "autoComplete",
    "className",
    "min",
    "max",
    "step",
]
_WILDCARDS = ["data-", "aria-"]


class NativeInput(Component):
    _namespace = "dashboard"
    _type = "NativeInput"
    _children_props: ClassVar[list[str]] = []
    _base_nodes: ClassVar[list[str]] = []
    _prop_names: ClassVar[list[str]] = _PROPERTIES
    _valid_wildcard_attributes: ClassVar[list[str]] = _WILDCARDS
    available_properties: ClassVar[list[str]] = _PROPERTIES
    available_wildcard_properties: ClassVar[list[str]] = _WILDCARDS
