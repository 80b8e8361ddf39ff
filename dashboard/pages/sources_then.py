"""The sources at a moment of the past: what they had brought, and what was known to be missing."""

from dash import html

from dashboard.components.source_account import source_account
from dashboard.components.source_detail import event_list, gap_list
from dashboard.services import Moment, Services
from dashboard.views.sources import SourceThen, read_sources_then
from dashboard.words import sources as sources_words
from dashboard.words import sources_then as words


def layout(services: Services, moment: Moment, incident_id: str) -> html.Div:
    """`incident_id` is the one that the top bar names: sources belong to none."""
    names = [state.name for state in services.sources.states()]
    found = read_sources_then(services.store, names, moment.as_of)
    return html.Div(
        [
            html.H1(words.HEADING),
            html.P(words.NOT_KEPT, className="quiet"),
            *([_source(one, moment) for one in found] or [html.P(words.NO_SOURCE, className="empty")]),
        ],
        className="plain-page",
        **{"data-incident": incident_id},
    )


def _source(one: SourceThen, moment: Moment) -> html.Section:
    now = moment.now
    return html.Section(
        [
            html.H2(one.name),
            html.P(words.brought(one, now)),
            *_account(one, moment),
            html.P(sources_words.permission(one.permission, now), className="quiet") if one.permission else None,
            html.H3(sources_words.GAPS),
            gap_list(one.gaps, now),
            html.H3(sources_words.EVENT_LOG),
            event_list(one.events, now),
        ],
        className="panel",
        **{"aria-label": one.name},
    )


def _account(one: SourceThen, moment: Moment) -> list:
    """The account of readings up to the last whole hour, which it says."""
    if not one.account.whole.read:
        return [html.P(words.nothing_read(moment.as_of), className="quiet")]
    heading, *rest = source_account(one.account, moment.now)
    return [heading, html.P(words.counted_until(moment.as_of), className="quiet"), *rest]
