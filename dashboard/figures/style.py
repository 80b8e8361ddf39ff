"""The one look of all figures: a stance is shown by colour, pattern and mark together, a gap by dots and hatching."""

from typing import Any

from models.domain.rumours import Stance

COLOURS = {
    Stance.SUPPORT: "#D55E00",
    Stance.DENY: "#0072B2",
    Stance.QUERY: "#CC79A7",
    Stance.COMMENT: "#767676",
    None: "#9AA0A6",
}
PATTERNS = {Stance.SUPPORT: "", Stance.DENY: "/", Stance.QUERY: ".", Stance.COMMENT: "", None: "x"}
# The stylesheet overrides the inks by theme and names the font: the figure itself knows neither.
INK = "#7a8290"
LINE = "rgba(128,136,150,0.25)"
GAP = "rgba(128,136,150,0.14)"
FONT = "var(--font)"
# The outline and the filling of time whose posts are missing.
GAP_LOOK = {
    "line": {"width": 1, "color": INK, "dash": "dot"},
    "fillpattern": {"shape": "/", "size": 7, "solidity": 0.18, "fgcolor": INK, "bgcolor": GAP},
}

# Nothing of an incident may leave for Plotly's cloud, and nothing is exported past the roles.
CONFIG = {
    "displaylogo": False,
    "displayModeBar": False,
    "showSendToCloud": False,
    "responsive": True,
    "scrollZoom": False,
}
# Lines of a comparison: colours that no stance has, 3:1 on light and dark; no two have the same dashes.
LINES = (
    ("#0f9d77", "solid"),
    ("#8c6bd8", "dash"),
    ("#a0714f", "dot"),
    ("#7d8c1f", "dashdot"),
    ("#7a8290", "longdash"),
    ("#3c8da3", "longdashdot"),
)


def stance_bars(stance: Stance | None, *, small: bool = False) -> dict[str, Any]:
    """The marker of bars of one stance; low bars take a closer pattern, or it would not be seen."""
    colour = COLOURS[stance]
    size, solidity = (4, 0.6) if small else (5, 0.55)
    return {
        "color": colour,
        "line": {"width": 0},
        "pattern": {
            "shape": PATTERNS[stance],
            "fillmode": "replace",
            "size": size,
            "solidity": solidity,
            "fgcolor": colour,
        },
    }
