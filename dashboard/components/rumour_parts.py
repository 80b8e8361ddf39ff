"""The pieces that show one rumour, on its page and on the board's right side."""

from collections.abc import Sequence
from datetime import datetime

from dash import html

from dashboard.components import leaving, marks, rearrange_form, reveal
from dashboard.views.posts import ShownPost
from dashboard.views.rumour import Flow, LifeClock, Rearranged, RumourPage
from dashboard.words import chart as chart_words
from dashboard.words import gaps as gaps_words
from dashboard.words import rearrange as rearrange_words
from dashboard.words import rumour as rumour_words
from dashboard.words import shared as shared_words
from dashboard.words.local_time import exact, short
from models.domain.acts import Act, Decision
from models.domain.corrections import Correction
from models.domain.post_ids import is_made
from models.domain.posts import Kind
from models.domain.sources import SourceGap
from models.measures.gaps import overlapping
from models.measures.spread import SpreadSeries
from models.people.acts import OWNING


def life_clock(life: LifeClock, now: datetime) -> html.Ol:
    """The six marks; those not reached are hollow and say so."""
    moments = (
        life.first_seen,
        life.first_query,
        life.first_denial,
        life.first_correction,
        life.denials_overtake,
        life.dormant,
    )
    unknown = life.dormant_unknown
    not_yet = rumour_words.NOT_YET
    instead = [not_yet] * 5 + [gaps_words.unknown(unknown, now) if unknown else not_yet]
    return html.Ol(
        [
            html.Li(
                [
                    html.Span(className="life-dot", **{"aria-hidden": "true"}),
                    html.Span(name, className="life-name"),
                    marks.moment(at, now) if at else html.Span(not_reached, className="unknown"),
                ],
                className="life-mark reached" if at else "life-mark",
                title=meaning,
            )
            for name, meaning, at, not_reached in zip(
                rumour_words.LIFE, rumour_words.LIFE_MEANINGS, moments, instead, strict=True
            )
        ],
        className="life-clock",
        **{"aria-label": rumour_words.LIFE_LABEL},
    )


def post_list(posts: Sequence[ShownPost], now: datetime, *, revealing: bool = False) -> html.Ul:
    """The posts, masked; `revealing`: with a button for whoever must know the author of one."""
    return html.Ul(
        [
            html.Li(
                [
                    html.Div(
                        [
                            marks.moment(one.created_at, now),
                            marks.stance(one.stance, one.coded_by),
                            html.Span(rumour_words.KINDS[one.kind], className="kind"),
                            marks.language(one.language),
                            _official(one.official),
                            _edited(one.edited_at, now),
                            _doubted(one.stated_at),
                            _made_id(one.id),
                            # Of a sighting nobody knows an author.
                            reveal.button(one.number) if revealing and one.kind is not Kind.SIGHTING else None,
                        ],
                        className="post-line",
                    ),
                    marks.outside_words(one.text, "post-text", one.language),
                    *_whence(one),
                ],
                className="post",
            )
            for one in posts
        ],
        className="posts",
    )


def _edited(at: datetime | None, now: datetime) -> html.Span | None:
    return None if at is None else html.Span([f"{rumour_words.EDITED} ", marks.moment(at, now)])


def _doubted(stated_at: datetime | None) -> html.Span | None:
    """The post's own date, where it is not believed."""
    if stated_at is None:
        return None
    return html.Span(rumour_words.doubted(stated_at), className="kind", title=rumour_words.DOUBTED_MEANS)


def _made_id(post_id: str) -> html.Span | None:
    return html.Span(rumour_words.MADE_ID, className="kind") if is_made(post_id) else None


def _whence(one: ShownPost) -> list[html.P]:
    """How a sighting was heard; of any other post what brought it here."""
    whence = rumour_words.heard(one.heard) if one.heard else one.why
    return [html.P(marks.outside_words(whence), className="post-whence")] if whence else []


def flow_list(flows: Sequence[Flow], now: datetime, *, choosing: bool = False) -> html.Ul:
    """Each flow once, in the words that opened it, with its copies; `choosing`: with a tick box."""
    return html.Ul(
        [
            html.Li([rearrange_form.tick_box(one), html.Div(_flow(one, now))], className="post flow-choice")
            if choosing
            else html.Li(_flow(one, now), className="post")
            for one in flows
        ],
        className="posts",
    )


def _flow(one: Flow, now: datetime) -> list:
    edited = html.Span(rumour_words.FLOW_EDITED, className="kind", title=rumour_words.FLOW_EDITED_MEANS)
    kind = html.Span(rumour_words.KINDS[one.kind], className="kind")
    return [
        html.Div(
            [
                marks.stance(one.stance, one.coded_by),
                html.Span(rumour_words.copies(one), className="flow-size"),
                _times(one, now),
                kind if one.kind is not Kind.POST else None,
                marks.language(one.language),
                _official(one.official),
                edited if one.edited else None,
                _doubted(one.stated_at),
            ],
            className="post-line",
        ),
        marks.outside_words(one.text, "post-text", one.language),
    ]


def _times(one: Flow, now: datetime) -> html.Span:
    first = marks.moment(one.first_at, now)
    if one.first_at == one.last_at:
        return html.Span(first)
    return html.Span([first, f" {rumour_words.TO} ", marks.moment(one.last_at, now)])


def _official(official: bool) -> html.Span | None:
    if not official:
        return None
    return html.Span(rumour_words.OFFICIAL, className="official", title=rumour_words.OFFICIAL_MEANS)


def correction_list(corrections: Sequence[Correction], now: datetime) -> html.Ul | html.P:
    """Newest first: the wording, where it was given, on whose authority, on what evidence."""
    if not corrections:
        return html.P(rumour_words.NO_CORRECTIONS, className="quiet")
    return html.Ul([_correction(one, now) for one in reversed(corrections)], className="corrections")


def _correction(one: Correction, now: datetime) -> html.Li:
    link = leaving.link(rumour_words.EVIDENCE, one.evidence_url) if one.evidence_url else None
    review = html.Span([f"{rumour_words.REVIEW_BY} ", marks.moment(one.review_by, now)]) if one.review_by else None
    facts = [html.Span(rumour_words.version(one)), html.Span(rumour_words.approval(one)), review, link]
    return html.Li(
        [
            html.Div(
                [
                    html.Strong(rumour_words.verdict(one)),
                    html.Span([f"{rumour_words.ISSUED} ", marks.moment(one.issued_at, now)]),
                ],
                className="post-line",
            ),
            html.Blockquote(marks.outside_words(one.wording), className="correction-words"),
            html.P(
                [
                    marks.outside_words(one.channel),
                    f", {rumour_words.ON_AUTHORITY} ",
                    marks.outside_words(one.authority),
                ]
            ),
            html.P([fact for fact in facts if fact is not None], className="facts-line"),
            html.P(rumour_words.logged_by(one), className="quiet"),
        ],
        className="correction",
    )


def decision_list(
    decisions: Sequence[Decision],
    now: datetime,
    *,
    of: str = "",
    known: Sequence[Rearranged] = (),
    undoing: bool = True,
) -> html.Ol | html.P:
    """The log of the rumour `of`, newest first; `undoing`: a rearrangement can be undone there."""
    if not decisions:
        return html.P(rumour_words.NO_DECISIONS, className="quiet")
    return html.Ol(
        [
            html.Li(
                [
                    marks.outside_words(rumour_words.decision(one, now, rearrange_words.done(one, of, known))),
                    rearrange_form.undo_button(one.number)
                    if undoing and (rearrange_form.undoable(one, known) or _is_last_assignment(one, decisions))
                    else None,
                ],
                title=exact(one.decided_at),
                className="decision",
            )
            for one in decisions
        ],
        className="decisions",
    )


def _is_last_assignment(one: Decision, decisions: Sequence[Decision]) -> bool:
    """Whether a decision gave the rumour to whoever has it now; `decisions` are its log, newest first."""
    undone = {each.undoes for each in decisions}
    owning = (each for each in decisions if each.act in OWNING and each.rumour == one.rumour)
    last = next((each for each in owning if each.number not in undone), None)
    return one.act is Act.ASSIGN and one == last


def spread_words(series: SpreadSeries, page: RumourPage, *, empty: str) -> str:
    """The chart in one sentence."""
    within = [one for one in page.corrections if one.issued_at >= series.starts[0]]
    return chart_words.spread_summary(series, within, empty=empty)


def missing_words(series: SpreadSeries, page: RumourPage, now: datetime) -> str:
    """Of which time in the chart posts are missing, and which stand where they arrived; empty where none do."""
    start, end = series.starts[0], series.end
    missing = gaps_words.missing(overlapping(page.gaps, start, end, now), now)
    return f"{missing} {chart_words.placed_by_arrival(page.doubted)}".strip()


def spread_table(series: SpreadSeries, gaps: Sequence[SourceGap], now: datetime) -> html.Table:
    """The figures behind the chart; empty intervals are left out, and the caption says so."""
    stances = list(series.posts)
    missing = [_missing_in(series, gaps, place, now) for place in range(len(series.starts))]
    last = [html.Th(chart_words.MISSING, scope="col")] if any(missing) else []
    head = html.Tr(
        [html.Th(chart_words.FROM, scope="col")]
        + [html.Th(shared_words.STANCES.get(stance, shared_words.NOT_CODED), scope="col") for stance in stances]
        + [html.Th(chart_words.ALL, scope="col"), *last]
    )
    rows = [
        html.Tr(
            [html.Th(short(start, now), scope="row")]
            + [html.Td(series.posts[stance][place]) for stance in stances]
            + [html.Td(series.totals[place])]
            + ([html.Td(missing[place])] if last else [])
        )
        for place, start in enumerate(series.starts)
        if series.totals[place] or missing[place]
    ]
    caption = html.Caption(chart_words.table_caption(any_missing=bool(last)))
    return html.Table([caption, html.Thead(head), html.Tbody(rows)], className="figures-table")


def _missing_in(series: SpreadSeries, gaps: Sequence[SourceGap], place: int, now: datetime) -> str:
    found = overlapping(gaps, series.starts[place], series.ends[place], now)
    return gaps_words.no_posts_from(list(dict.fromkeys(gap.source for gap in found))) if found else ""
