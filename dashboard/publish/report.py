"""The incident report as one HTML page that needs nothing else: style, pictures and tables are inside."""

import base64
from collections.abc import Collection, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dashboard.publish.about import About, read_about
from dashboard.publish.export import picture_of
from dashboard.publish.pdf import pdf_of
from dashboard.publish.selection import Selection, file_name
from dashboard.publish.tickets import Download
from dashboard.views.notes import report_for
from dashboard.views.ranking import Window
from dashboard.views.report import IncidentReport, Section, read_report
from dashboard.views.rumour import RumourPage
from dashboard.views.spread import series_for
from dashboard.words import acts as acts_words
from dashboard.words import chart as chart_words
from dashboard.words import export as export_words
from dashboard.words import gaps as gaps_words
from dashboard.words import report as words
from dashboard.words import rumour as rumour_words
from dashboard.words import services as services_words
from dashboard.words import shared as shared_words
from dashboard.words.local_time import exact
from dashboard.words.masking import masked
from models.domain.acts import Consultation, Officer
from models.domain.sources import SourceGap
from models.measures.gaps import overlapping
from models.measures.spread import SpreadSeries
from models.store import Store
from models.text import harmless, one_line

Kind = Literal["html", "pdf"]
WORDINGS_SHOWN = 5


def report_html(
    store: Store,
    selection: Selection,
    sections: Collection[Section],
    officer: Officer,
    reason: str,
    made_at: datetime,
) -> str:
    """The page. What `sections` leaves out is not in it."""
    report = report_for(selection.reader, read_report(store, selection.incident, selection.as_of))
    about = read_about(store, selection, officer, reason, made_at, report.claims)
    return (
        _templates()
        .get_template("report.html")
        .render(
            words=words,
            shared=shared_words,
            rumour_words=rumour_words,
            chart_words=chart_words,
            Section=Section,
            sections=[section for section in Section if section in sections],
            report=report,
            title=words.title(report.incident),
            as_of=export_words.moment(report.as_of),
            about=[
                (words.KNOWN_AT, exact(about.as_of)),
                (words.MADE, exact(about.made_at)),
                (words.MADE_BY, words.made_by(about.made_by)),
                *([(words.REASON, about.reason)] if about.reason else []),
                (words.HOLDS, about.filter),
                (services_words.BELONGS_HEAD, about.of_service or services_words.EVERY_SERVICE),
                (services_words.SHARED_HEAD, services_words.partners(about.acted_on_by, about.seen_by)),
            ],
            rumours=[_rumour(page, report, about) for page in report.rumours] if Section.RUMOURS in sections else [],
            corrections=list(_corrections(report)),
            decisions=list(_decisions(report)),
            gaps=[(gap.source, exact(gap.since), words.gap_end(gap), masked(gap.why)) for gap in report.gaps],
        )
    )


def report_consultation(
    selection: Selection, kind: Kind, sections: Collection[Section], officer: Officer, reason: str
) -> Consultation:
    """What the record will say of a report; to be recorded before it is handed out."""
    holds = words.holds([section for section in Section if section in sections])
    return Consultation(selection.incident.id, words.what(kind), holds, selection.as_of, officer, reason)


def report_file(
    store: Store,
    selection: Selection,
    kind: Kind,
    sections: Collection[Section],
    officer: Officer,
    reason: str,
    made_at: datetime,
) -> Download:
    """The report as a file of that kind."""
    page = report_html(store, selection, sections, officer, reason, made_at)
    name = file_name(selection.incident, selection.as_of, "report", kind)
    if kind == "html":
        return Download(name, "text/html", iter([page.encode()]))
    return Download(name, "application/pdf", iter([pdf_of(page)]))


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["exact"] = exact
    return environment


def _shown(value: Any) -> Any:
    """Whatever the page says, without what HTML may not hold or what turns the direction of writing."""
    # What is HTML already, by a macro, says so.
    return one_line(harmless(value)) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _rumour(page: RumourPage, report: IncidentReport, about: About) -> dict[str, Any]:
    """One rumour's life, in words and as a picture with its text twin."""
    row, now = page.row, report.as_of
    series = series_for(page, Window.ALL, now)
    empty = chart_words.nothing_shown(row, None, now)
    said = chart_words.spread_summary(series, page.corrections, empty=empty)
    in_chart = overlapping(page.gaps, series.starts[0], series.end, now)
    # The claim is the heading above.
    svg = picture_of(page, now, about, "svg", title="")
    total = sum(row.stances.values())
    return {
        "id": row.id,
        "claim": row.claim,
        "state": shared_words.STATES[row.state],
        "facts": rumour_words.facts(row, now),
        "clock": list(_clock(page, now)),
        "picture": f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}",
        "alt": words.picture(row.claim, said),
        "said": f"{said} {gaps_words.missing(in_chart, now)}".strip(),
        "stances": [
            (words.stance(stance), f"{posts:,}", words.share(posts, total)) for stance, posts in row.stances.items()
        ],
        "series": series,
        "intervals": list(_intervals(series, page.gaps, now)),
        "wordings": page.flows[:WORDINGS_SHOWN],
    }


def _clock(page: RumourPage, now: datetime) -> Iterator[tuple[str, str, str]]:
    """The six moments: each one's name, when it came, and how long after the first post."""
    life, first = page.life, page.life.first_seen
    moments = (
        first,
        life.first_query,
        life.first_denial,
        life.first_correction,
        life.denials_overtake,
        life.dormant,
    )
    for name, at in zip(rumour_words.LIFE, moments, strict=True):
        gap = life.dormant_unknown if name == rumour_words.LIFE[-1] else None
        when = exact(at) if at else gaps_words.unknown(gap, now) if gap else words.NOT_REACHED
        yield name, when, "" if at is None or at == first else words.delay(first, at)


def _intervals(series: SpreadSeries, gaps: Collection[SourceGap], now: datetime) -> Iterator[tuple[str, ...]]:
    """The figures behind the picture; intervals without posts are left out, unless posts are missing in them."""
    for place, start in enumerate(series.starts):
        missing = overlapping(gaps, start, series.ends[place], now)
        if series.totals[place] or missing:
            named = gaps_words.no_posts_from(list(dict.fromkeys(gap.source for gap in missing))) if missing else ""
            figures = (f"{posts[place]:,}" for posts in series.posts.values())
            yield (exact(start), *figures, f"{series.totals[place]:,}", named)


def _corrections(report: IncidentReport) -> Iterator[dict[str, str]]:
    for one in report.corrections:
        yield {
            "issued": exact(one.issued_at),
            "claim": report.claims.get(one.rumour, words.NOT_ON_BOARD),
            "version": f"{one.version}, {one.status.value}",
            "verdict": shared_words.VERDICTS[one.verdict],
            "wording": one.wording,
            "given": f"{one.channel}, {rumour_words.ON_AUTHORITY} {one.authority}",
            "evidence": one.evidence_url or "",
            "logged": f"{shared_words.officer(one.recorded_by)}; {rumour_words.approval(one)}",
        }


def _decisions(report: IncidentReport) -> Iterator[tuple[str, ...]]:
    for one in report.decisions:
        yield (
            str(one.number),
            exact(one.decided_at),
            shared_words.officer(one.officer),
            acts_words.did(one),
            report.claims.get(one.rumour, words.NOT_ON_BOARD),
            masked(one.reason),
        )
