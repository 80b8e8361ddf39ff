"""The board's list: its columns, and a row as the grid takes it. What the cells look like stands in assets."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import dash_ag_grid as dag

from dashboard.paths import rumour_path
from dashboard.views.board import BoardRow
from dashboard.views.families import Alike, most_alike, still_together
from dashboard.views.ranking import is_of
from dashboard.words import board as board_words
from dashboard.words import shared as shared_words
from dashboard.words.local_time import exact, short
from models.domain.rumours import Stance

ROW_HEIGHT = 48
HEADING_HEIGHT = 30
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
            "rowSelection": {
                "mode": "singleRow",
                "checkboxes": False,
                "enableClickSelection": True,
                "isRowSelectable": {"function": "!params.data.heading"},
            },
            "getRowHeight": {"function": f"params.data.heading ? {HEADING_HEIGHT} : {ROW_HEIGHT}"},
            "isFullWidthRow": {"function": "params.rowNode.data.heading"},
            "fullWidthCellRenderer": "FamilyHeading",
            # In the order of the rows also for those who read the page, not see it.
            "embedFullWidthRows": True,
            "rowClassRules": {"in-family": "params.data.family"},
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


def grid_rows(
    families: Iterable[Sequence[BoardRow]],
    alike: Alike,
    incident: str,
    now: datetime,
    *,
    me: str,
    read_only: bool = False,
) -> list[dict[str, Any]]:
    """The rows of the list, with a heading above each family of two and more; `read_only`: it asks for nothing.

    `me` is the user of whoever looks.
    """
    rows = []
    for family in families:
        if len(family) > 1:
            heading = _heading_row(family[0].id, family, alike, incident)
            rows.append({**heading, "link": ""} if read_only else heading)
        rows += [grid_row(row, now, family, me=me) for row in family]
    return rows


def changed_rows(
    shown: Iterable[Sequence[str]],
    changed: Collection[str],
    rows: Mapping[str, BoardRow],
    alike: Alike,
    incident: str,
    now: datetime,
    *,
    me: str,
) -> list[dict[str, Any]]:
    """The rows that changed, and the headings above them, of a list that shows these families of rumours."""
    updates = []
    for names in shown:
        if not any(name in changed for name in names):
            continue
        here = [rows[name] for name in names if name in rows]
        family = still_together(here, alike)
        if len(names) > 1:
            updates.append(_heading_row(names[0], family, alike, incident))
        updates += [grid_row(row, now, family if row in family else (), me=me) for row in here]
    return updates


def _heading_row(above: str, family: Sequence[BoardRow], alike: Alike, incident: str) -> dict[str, Any]:
    """The heading above a rumour. Where the family there has come apart there is nothing to merge."""
    asks = most_alike(family, alike) if family else None
    return {
        "id": f"family:{above}",
        "heading": board_words.family(len(family)),
        "link": board_words.MERGE_OR_REFUSE if asks else "",
        "linkName": board_words.merge_or_refuse(asks.claim) if asks else "",
        "rumour": asks.id if asks else "",
        "path": rumour_path(incident, asks.id) if asks else "",
    }


def grid_row(row: BoardRow, now: datetime, family: Sequence[BoardRow] = (), *, me: str = "") -> dict[str, Any]:
    """A row in words and numbers; nothing in it is markup. `family`: it and those that may be the same claim."""
    return {
        "id": row.id,
        "family": board_words.in_family(len(family)),
        "claim": row.claim,
        "state": row.state.value,
        "stateWord": shared_words.STATES[row.state],
        "owner": shared_words.person(row.owner) if row.owner else "",
        "ownerWords": board_words.owner(row, mine=is_of(row, me)),
        "mine": is_of(row, me),
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


# A cell is drawn anew where its value differs, and that of the claim tells also what the rumour stands with.
_CLAIM_AND_FAMILY = {"function": "params.data.claim + params.data.family"}
_STATE_AND_OWNER = {"function": "params.data.state + params.data.ownerWords"}
_COLUMNS = [
    _column("claim", 260, "ClaimCell", flex=1, minWidth=130, valueGetter=_CLAIM_AND_FAMILY),
    _column("state", 112, "StateCell", enableCellChangeFlash=True, valueGetter=_STATE_AND_OWNER),
    _column("perHour", 76, "PerHourCell", type="rightAligned", enableCellChangeFlash=True),
    _column("recent", 88, "SparklineCell"),
    _column("stances", 140, "StanceCell"),
    _column("first", 112, "FirstSeenCell", type="rightAligned"),
    _column("answered", 104, "AnsweredCell", enableCellChangeFlash=True),
]
