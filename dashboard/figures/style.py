"""The one palette of all figures: a stance is shown by colour, pattern and mark together."""

from models.domain import Stance

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
