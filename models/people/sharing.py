"""How services work on an incident together: whom it is shared with, what changed of that, and who reads notes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from models.domain.acts import Officer
from models.domain.audit import AuditedAct
from models.domain.incidents import Incident
from models.limits import LONGEST_NAME, MOST_LISTED, too_long, too_many
from models.people.checks import written
from models.text import one_line


@dataclass(frozen=True, slots=True)
class NoteReader:
    """Somebody who reads what people write about an incident of the service `owner`.

    `partner_of` are the services that they are there for, of somebody from others than the owner; None where they
    read everything. A note that is not shared is read by the service that wrote it, and by the owner.
    """

    owner: str = ""
    partner_of: frozenset[str] | None = None

    @property
    def reads_all(self) -> bool:
        return self.partner_of is None

    def may_read(self, writer: Officer, *, shared: bool) -> bool:
        if self.reads_all or shared:
            return True
        return bool(writer.service) and writer.service in self.partner_of

    def service_of(self, writer: Officer) -> str:
        """Whose internal note it is. What a program, or a command, has written is the owner's."""
        return writer.service or self.owner


def checked_sharing(incident: Incident, problems: dict[str, str | None]) -> Incident:
    """The incident with its services in order, each once: who acts also sees, and the owner needs no share.

    What is wrong is put among the problems, by field.
    """
    owner = one_line(written(incident.of_service))
    acts = _names(incident.acted_on_by) - {owner}
    sees = _names(incident.seen_by) - acts - {owner}
    problems["of_service"] = too_long("the service", owner, LONGEST_NAME)
    for field, names in (("acted_on_by", acts), ("seen_by", sees)):
        overlong = (too_long(f"“{name[:30]}…”", name, LONGEST_NAME) for name in names)
        problems[field] = too_many("services", names, MOST_LISTED) or next(filter(None, overlong), None)
        if names and not owner:
            problems[field] = "Name the service that the incident belongs to before it is shared."
    return replace(incident, of_service=owner, acted_on_by=tuple(sorted(acts)), seen_by=tuple(sorted(sees)))


def changes_of_sharing(before: Incident | None, after: Incident) -> Iterator[tuple[AuditedAct, str]]:
    """What changed of whose an incident is and whom it is shared with: each change with the service it is about.

    An owner "" is that it belongs to no service from now on.
    """
    if after.of_service != (before.of_service if before else ""):
        yield AuditedAct.NAME_OWNER, after.of_service
    acted, seen = (before.acted_on_by, before.seen_by) if before else ((), ())
    yield from ((AuditedAct.SHARE_TO_ACT, one) for one in after.acted_on_by if one not in acted)
    yield from ((AuditedAct.SHARE_TO_SEE, one) for one in after.seen_by if one not in seen)
    still = {*after.acted_on_by, *after.seen_by, after.of_service}
    yield from ((AuditedAct.WITHDRAW_SHARE, one) for one in sorted({*acted, *seen} - still))


def _names(services: Iterable[object]) -> frozenset[str]:
    return frozenset(name for one in services if (name := one_line(written(one))))
