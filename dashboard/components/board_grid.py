"""The board's list: its columns, and a row as the grid takes it. What the cells look like stands in assets."""

from datetime import datetime
from typing import Any

import dash_ag_grid as dag

from dashboard.views.board import BoardRow
from dashboard.words import board as board_words
from dashboard.words import shared as shared_words
from dashboard.words.local_time import exact, short
from models.domain import Stance

ROW_HEIGHT = 48
# The grid takes its looks from the tokens of the style sheet, so that a theme switch redraws nothing.
_LOOKS = {
    "fontFamily": "inherit",
    "fontSize": "14px",
    "headerFontSize": "12.5px",
    "headerFontWeight": "500",
    "backgroundColor": "var(--surface)",
    "foregroundColor": "var(--ink)",
    "oddRowBackgroundColor": "var(--surface)",
    "headerBackgroundColor": "var(--surface)",
    "headerTextColor": "var(--ink-quiet)",
    "borderColor": "var(--line)",
    "rowHoverColor": "var(--raised)",
    "selectedRowBackgroundColor": "var(--accent-wash)",
    "accentColor": "var(--accent)",
    "cellHorizontalPadding": "8px",
    "wrapperBorderRadius": "0px",
    "valueChangeValueHighlightBackgroundColor": "var(--changed)",
}
_THEME = "themeQuartz.withParams({" + ", ".join(f"{name}: '{value}'" for name, value in _LOOKS.items()) + "})"


def board_grid(grid_id: str) -> dag.AgGrid:
    return dag.AgGrid(
        id=grid_id,
        columnDefs=_COLUMNS,
        rowData=[],
        getRowId="params.data.id",
        defaultColDef={
            "sortable": False,
            "resizable": True,
            "suppressMovable": True,
            "suppressHeaderMenuButton": True,
            "cellDataType": False,
        },
        className="board-grid",
        dashGridOptions={
            "theme": {"function": _THEME},
            "rowHeight": ROW_HEIGHT,
            "headerHeight": 30,
            "rowSelection": {"mode": "singleRow", "checkboxes": False, "enableClickSelection": True},
            "suppressCellFocus": False,
            "animateRows": False,
            "cellFlashDuration": 300,
            "cellFadeDuration": 300,
            "enableCellTextSelection": True,
            "ensureDomOrder": True,
            "suppressColumnVirtualisation": True,
            "suppressNoRowsOverlay": True,
        },
        style={"height": "100%", "width": "100%"},
    )


def grid_row(row: BoardRow, now: datetime) -> dict[str, Any]:
    """A row in words and numbers; nothing in it is markup."""
    return {
        "id": row.id,
        "claim": row.claim,
        "state": row.state.value,
        "stateWord": shared_words.STATES[row.state],
        "owner": row.owner.name if row.owner else "",
        "perHour": round(row.growth.per_hour),
        "arrow": board_words.arrow(row),
        "growthWords": board_words.growth(row, now),
        "recent": list(row.recent),
        "missing": list(row.missing),
        "recentWords": board_words.recent(row),
        "stances": [row.stances[stance] for stance in Stance] + [row.stances[None]],
        "stanceWords": board_words.stance_counts(row),
        "first": short(row.first_at, now),
        "firstExact": exact(row.first_at),
        "answered": board_words.answered(row),
        "corrections": board_words.corrections(row),
        "posts": row.posts,
    }


def _column(field: str, width: int, renderer: str, **more: Any) -> dict[str, Any]:
    name = board_words.COLUMNS[field]
    return {"field": field, "headerName": name, "width": width, "cellRenderer": renderer, **more}


_COLUMNS = [
    _column("claim", 260, "ClaimCell", flex=1, minWidth=130),
    _column("state", 100, "StateCell", enableCellChangeFlash=True),
    _column("perHour", 76, "PerHourCell", type="rightAligned", enableCellChangeFlash=True),
    _column("recent", 88, "SparklineCell"),
    _column("stances", 140, "StanceCell"),
    _column("first", 112, "FirstSeenCell", type="rightAligned"),
    _column("answered", 104, "AnsweredCell", enableCellChangeFlash=True),
]
