"""Whose an incident is, and whom it is shared with: what is recorded of it, and what is told of a change."""

from hypothesis import given
from hypothesis import strategies as st

from models.domain.acts import Officer
from models.domain.audit import AuditedAct
from models.domain.incidents import Standing
from models.people.sharing import NoteReader, changes_of_sharing, checked_sharing
from tests.builders import an_incident

names = st.sampled_from(["Police", " Fire ", "Fire", "Ambulance  Service", "Council", "", "  "])
lists = st.lists(names, max_size=5).map(tuple)
drafts = st.builds(
    lambda owner, acts, sees: an_incident(of_service=owner, acted_on_by=acts, seen_by=sees), names, lists, lists
)


def checked(draft):
    """As it would be recorded; what is refused is shared with nobody."""
    problems: dict[str, str | None] = {}
    made = checked_sharing(draft, problems)
    return made, {field for field, problem in problems.items() if problem}


recorded = drafts.map(checked).filter(lambda one: not one[1]).map(lambda one: one[0])


@given(drafts)
def test_what_is_recorded_is_in_order_and_stays_as_it_is_when_it_is_checked_again(draft):
    made, problems = checked(draft)
    assert checked(made) == (made, problems)
    partners = (*made.acted_on_by, *made.seen_by)
    assert len(set(partners)) == len(partners)
    assert not {"", made.of_service} & set(partners)
    assert (made.acted_on_by, made.seen_by) == (tuple(sorted(made.acted_on_by)), tuple(sorted(made.seen_by)))


@given(drafts)
def test_only_what_belongs_to_a_service_can_be_shared(draft):
    made, problems = checked(draft)
    assert bool(problems) is (made.is_shared and not made.of_service)


@given(drafts)
def test_whoever_was_named_to_act_acts_and_whoever_was_named_to_see_sees_at_least(draft):
    made, _ = checked(draft)
    for service in draft.acted_on_by:
        if made.of_service and service.strip():
            assert made.standing_of(" ".join(service.split())) in (Standing.OWNS, Standing.ACTS)
    for service in draft.seen_by:
        if made.of_service and service.strip():
            assert made.standing_of(" ".join(service.split())) is not None


@given(recorded, recorded)
def test_the_changes_that_are_told_lead_from_one_version_to_the_next(before, after):
    owner, standing = before.of_service, {}
    standing |= dict.fromkeys(before.acted_on_by, Standing.ACTS) | dict.fromkeys(before.seen_by, Standing.SEES)
    for what, service in changes_of_sharing(before, after):
        match what:
            case AuditedAct.NAME_OWNER:
                owner = service
                standing.pop(service, None)
            case AuditedAct.SHARE_TO_ACT:
                standing[service] = Standing.ACTS
            case AuditedAct.SHARE_TO_SEE:
                standing[service] = Standing.SEES
            case AuditedAct.WITHDRAW_SHARE:
                del standing[service]
    assert owner == after.of_service
    assert standing == dict.fromkeys(after.acted_on_by, Standing.ACTS) | dict.fromkeys(after.seen_by, Standing.SEES)


@given(recorded)
def test_what_stays_as_it_is_tells_of_no_change(one):
    assert list(changes_of_sharing(one, one)) == []


def test_what_a_command_has_written_is_the_owners_note():
    reader = NoteReader("Police", frozenset({"Fire", ""}))
    nobody = Officer("J. Terminal", "duty")
    assert not reader.may_read(nobody, shared=False)
    assert reader.service_of(nobody) == "Police"
