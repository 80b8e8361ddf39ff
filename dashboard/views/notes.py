"""What people write with their acts, as somebody may read it: in place of what is not theirs stands whose it is.

What is said to the public is no note: a correction, and the line in the log that it was given. Nor is a caption: it
is part of the picture that everybody looks at. What is read once for all who look is made each reader's own here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from dashboard.views.imports import ImportedFile
from dashboard.views.posts import ShownPost
from dashboard.views.report import IncidentReport
from dashboard.views.rumour import MergedAway, RumourPage
from dashboard.views.story import Story
from dashboard.words.services import internal_note
from models.domain.acts import Act, Consultation, Decision, Officer
from models.domain.imports import Import
from models.domain.incidents import IncidentVersion
from models.people.sharing import NoteReader

Told = TypeVar("Told", MergedAway, Story)
Given = TypeVar("Given", Consultation, Import)


def reason_for(reader: NoteReader, act: Act, writer: Officer, reason: str, *, shared: bool) -> str:
    """The reason of a decision, or whose note it is."""
    is_read = act is Act.CORRECT or reader.may_read(writer, shared=shared)
    return reason if is_read else _instead(reader, writer)


def decision_for(reader: NoteReader, one: Decision) -> Decision:
    return replace(one, reason=reason_for(reader, one.act, one.officer, one.reason, shared=one.shared))


def decisions_for(reader: NoteReader, decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    return tuple(decision_for(reader, one) for one in decisions)


def log_for(reader: NoteReader, told: Told) -> Told:
    """What is told with a log of decisions: a story, or what is left of a rumour that was merged away."""
    return told if reader.reads_all else replace(told, decisions=decisions_for(reader, told.decisions))


def page_for(reader: NoteReader, page: RumourPage) -> RumourPage:
    """All there is to show of a rumour, its log and what is said of its sightings."""
    if reader.reads_all:
        return page
    posts = tuple(_post_for(reader, one) for one in page.posts)
    return replace(page, decisions=decisions_for(reader, page.decisions), posts=posts)


def report_for(reader: NoteReader, report: IncidentReport) -> IncidentReport:
    """What the incident report is made from: its log, and the pages of its rumours."""
    if reader.reads_all:
        return report
    pages = tuple(page_for(reader, page) for page in report.rumours)
    return replace(report, decisions=decisions_for(reader, report.decisions), rumours=pages)


def taken_for(reader: NoteReader, taken: Sequence[Given]) -> list[Given]:
    """What was taken out, or read in, without why: nobody writes that for others."""
    return [
        one if reader.may_read(one.officer, shared=False) else replace(one, reason=_instead(reader, one.officer))
        for one in taken
    ]


def files_for(reader: NoteReader, files: Sequence[ImportedFile]) -> list[ImportedFile]:
    """The files that were read in; a file's own name and account are no notes."""
    ones = taken_for(reader, [file.one for file in files])
    return [replace(file, one=one) for file, one in zip(files, ones, strict=True)]


def versions_for(reader: NoteReader, versions: Sequence[IncidentVersion]) -> list[IncidentVersion]:
    return [
        one
        if one.by is None or reader.may_read(one.by, shared=False)
        else replace(one, reason=_instead(reader, one.by))
        for one in versions
    ]


def _post_for(reader: NoteReader, one: ShownPost) -> ShownPost:
    heard = one.heard
    if heard is None or reader.may_read(heard.taken_by, shared=heard.shared):
        return one
    return replace(one, heard=replace(heard, reliability=_instead(reader, heard.taken_by)))


def _instead(reader: NoteReader, writer: Officer) -> str:
    return internal_note(reader.service_of(writer))
