"""Files that people read into an incident on the screen: looked at, read in a thread, cancelled between two batches.

One file is read at a time. What was saved stays saved: importing the same file again adds what is missing, since
posts are known by their ids, and dead letters by the file's digest and their place in it.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.formats.reading import ZONE
from ingest.matching import Matcher
from ingest.normal_form import NormalForm
from ingest.running.look import look_at, without_path
from ingest.running.uploads import Upload, Uploads, delete
from ingest.running.worker import Worker
from ingest.sources.archive import Archive
from models.clock import Clock
from models.domain.acts import Officer
from models.domain.ids import stable_id
from models.domain.imports import SOURCE, Import, ImportEnd, Look, Progress, TableReading, Takes
from models.domain.incidents import Incident
from models.domain.sources import SourcePhase, SourceState
from models.errors import GrapevineError, Refused, without_its_text
from models.store import Store

log = logging.getLogger(__name__)

FOLDER = "uploads"
AS_FOUND = TableReading({}, ZONE)
_DIGEST_SHOWN = 8


@dataclass
class _Run:
    """The import under way."""

    one: Import
    upload: Upload
    archive: Archive
    worker: Worker
    began_at: float = field(default_factory=time.monotonic)
    items: int = 0
    cancelled_by: Officer | None = None
    stop: threading.Event = field(default_factory=threading.Event)


class Imports:
    """The files that people hand in. The dashboard knows it as its ImportControl."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        folder: Path,
        normal_form: Callable[[str], NormalForm],
        largest_bytes: int,
    ):
        self._store = store
        self._clock = clock
        self._normal_form = normal_form
        self._uploads = Uploads(folder / FOLDER, largest_bytes)
        self._lock = threading.Lock()
        self._run: _Run | None = None
        self._thread: threading.Thread | None = None
        self._closing = False
        before = store.imports.of()
        self._state = SourceState(SOURCE, SourcePhase.FINISHED, healthy=True, running=False, switchable=False)
        self._has_any = bool(before)
        for one in before:
            if one.ended is None:
                store.imports.end(one.id, ImportEnd.BROKEN_OFF).result()

    def begin_upload(self, name: str, size_bytes: int, incident: str, officer: Officer) -> str:
        return self._uploads.begin(name, size_bytes, incident, officer)

    def receive(self, upload: str, at: int, piece: bytes) -> int:
        return self._uploads.receive(upload, at, piece)

    def incident_of(self, upload: str) -> str | None:
        return self._uploads.incident_of(upload)

    def drop(self, upload: str) -> None:
        self._uploads.drop(upload)

    def look(self, upload: str, table: TableReading | None = None) -> Look:
        path = self._uploads.whole(upload).path
        look = self._look_at(path, table or AS_FOUND)
        if table is not None or look.seen is None:
            return look
        known = self._store.imports.like(look.seen.shape)
        if known is None:
            return look
        as_known = look if known.table == AS_FOUND else self._look_at(path, known.table)
        return replace(as_known, remembered=known, found=look.found)

    def start(
        self, upload: str, incident: str, table: TableReading, takes: Takes, officer: Officer, reason: str
    ) -> Import:
        name = stable_id("import", incident, upload)
        with self._lock:
            before = next((one for one in self._store.imports.of(incident) if one.id == name), None)
            if before is not None:
                # The same request, tried again.
                return before
            if self._run is not None:
                raise Refused({"file": "Another file is being imported. Start this one when that has ended."})
            held = self._uploads.whole(upload)
            if held.incident != incident:
                raise Refused({"file": "This file was chosen for another incident. Choose it again here."})
            look = self._look_at(held.path, table)
            if look.problem:
                raise Refused({"file": look.problem})
            one = Import(
                id=name,
                incident=incident,
                file=held.path.name,
                size_bytes=held.size_bytes,
                digest=held.digest,
                takes=takes,
                officer=officer,
                reason=reason,
                table=table,
                shape=look.seen.shape if look.seen else "",
            )
            run = self._prepared(one, held)
            begun = run.one = self._store.imports.begin(one, upload).result()
            self._has_any = True
            self._uploads.take_out(upload)
            self._run = run
            self._thread = threading.Thread(target=self._read, args=(self._run,), name=SOURCE, daemon=True)
            self._thread.start()
            return begun

    def cancel(self, one: str, officer: Officer) -> None:
        with self._lock:
            run = self._run
            if run is None or run.one.id != one:
                raise Refused({"file": "This import has ended already."})
            run.cancelled_by = run.cancelled_by or officer
            run.stop.set()

    def progress(self) -> Progress | None:
        run = self._run
        if run is None:
            return None
        return Progress(
            of=run.one,
            bytes_read=min(run.archive.bytes_read, run.one.size_bytes),
            items=run.items,
            seconds=time.monotonic() - run.began_at,
            cancelling=run.stop.is_set(),
        )

    def state(self) -> SourceState | None:
        """All imports of this process as one source, for the table of the sources; None while there never was any."""
        run, state = self._run, self._state
        if run is None:
            return state if self._has_any else None
        return replace(_sum(state, run.worker.state), phase=SourcePhase.READING, running=True)

    def close(self, within_seconds: float) -> None:
        """Read on no more, and wait so long for the batch under way. The next start says that it broke off."""
        self._closing = True
        run, thread = self._run, self._thread
        if run is not None and thread is not None:
            run.stop.set()
            thread.join(within_seconds)

    def _look_at(self, path: Path, table: TableReading) -> Look:
        return look_at(path, table, self._normal_form(SOURCE), self._clock)

    def _prepared(self, one: Import, held: Upload) -> _Run:
        normal_form = self._normal_form(SOURCE)
        archive = Archive([held.path], columns=one.table.columns, zone=one.table.zone)
        matcher = Matcher(self._store, f"{SOURCE}:{one.file}", normal_form.pseudonym, lambda: self._incident_of(one))
        place = f"{one.file}#{one.digest[:_DIGEST_SHOWN]} "
        worker = Worker(archive, self._store, normal_form, matcher.match, self._clock, name=SOURCE, place=place)
        return _Run(one, held, archive, worker)

    def _is_open(self, incident: str) -> bool:
        return any(one.id == incident and one.closed_at is None for one in self._store.incidents.all())

    def _incident_of(self, one: Import) -> list[Incident]:
        """The incident as it is now; where it takes the whole file, as one that takes all of this source."""
        found = [incident for incident in self._store.incidents.all() if incident.id == one.incident]
        if one.takes is Takes.WATCHED:
            return found
        return [
            replace(incident, watch=replace(incident.watch, sources=(*incident.watch.sources, SOURCE)))
            for incident in found
        ]

    def _read(self, run: _Run) -> None:
        ended, detail = ImportEnd.DONE, ""
        try:
            for batch in run.archive.batches(None):
                if run.stop.is_set():
                    ended, detail = ImportEnd.CANCELLED, _how_far(run)
                    break
                if not self._is_open(run.one.incident):
                    ended, detail = ImportEnd.FAILED, f"{_how_far(run)}: the incident was closed."
                    break
                run.worker.save(replace(batch, cursor="", file=run.one.id))
                run.items += len(batch.items)
        except GrapevineError as error:
            ended, detail = ImportEnd.FAILED, f"{_how_far(run)}: {without_path(error)}"
        except Exception as error:  # noqa: BLE001 - whoever waits for it must see that it ended
            log.error("an import failed: %s", without_its_text(error))
            fault = f"stopped by {type(error).__name__}. Tell the administrator."
            ended, detail = ImportEnd.FAILED, f"{_how_far(run)}: {fault}"
        if self._closing:
            return
        delete(run.upload)
        try:
            self._store.imports.end(run.one.id, ended, detail, run.cancelled_by).result()
        except Exception as error:  # noqa: BLE001 - the next import must be able to begin
            log.error("the end of an import could not be saved: %s", without_its_text(error))
        with self._lock:
            self._state = replace(_sum(self._state, run.worker.state), phase=SourcePhase.FINISHED)
            self._run = None


def _how_far(run: _Run) -> str:
    """by A. Nalyst (analyst), after 12,000 rows and 42% of the file"""
    who = run.cancelled_by
    share = min(100, round(100 * run.archive.bytes_read / run.one.size_bytes))
    return (f"by {who.signature}, " if who else "") + f"after {run.items:,} rows and {share}% of the file"


def _sum(before: SourceState, now: SourceState) -> SourceState:
    """How much all imports brought; how late and how often posts come says nothing of files."""
    return replace(
        before,
        read=before.read + now.read,
        kept=before.kept + now.kept,
        dead=before.dead + now.dead,
    )
