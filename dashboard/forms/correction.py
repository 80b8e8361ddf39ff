"""Log a correction that was issued: beside the rumour, so that the posts stay in view while writing."""

from concurrent.futures import Future
from datetime import datetime

from dashboard.browser_input import one_of
from dashboard.forms.form import NOW, After, Button, Drafts, Edits, Field, Form, Kind, Option, Problems, Sent, Shape
from dashboard.services import Services
from dashboard.words import acts as acts_words
from dashboard.words import forms as words
from dashboard.words import shared as shared_words
from models.domain.acts import Act, Officer
from models.domain.corrections import Correction, CorrectionDraft, Verdict
from models.people.checks import checked_draft, written
from models.people.soft_locks import Part


def check(services: Services, sent: Sent) -> CorrectionDraft:
    services.check_incident(sent.about["incident"])
    return draft_from(sent, services.clock.now())


def draft_from(sent: Sent, now: datetime) -> CorrectionDraft:
    """The draft that the form says. Raises Refused with every problem at once, by field."""
    texts = {name: text.strip() for name, text in sent.texts.items()}
    verdict = one_of(Verdict, texts["verdict"])
    problems = Problems() if verdict else Problems(verdict=words.CHOOSE_VERDICT)
    draft = CorrectionDraft(
        rumour=sent.about["rumour"],
        # Where a field is wrong a stand-in takes its place, so that the others are checked in the same go.
        verdict=verdict or Verdict.NOT_ESTABLISHED,
        wording=texts["wording"],
        channel=texts["channel"],
        authority=texts["authority"],
        evidence_url=texts["evidence_url"] or None,
        issued_at=sent.times.get("issued_at", now),
        review_by=sent.times.get("review_by"),
    )
    with problems.gathered():
        draft = checked_draft(draft, now=now)
    problems.raise_any()
    return draft


def save(services: Services, officer: Officer, sent: Sent, draft: CorrectionDraft) -> Future[Correction]:
    return services.store.acts.correct(sent.about["incident"], draft, officer, request=sent.request)


def after(services: Services, sent: Sent, draft: CorrectionDraft, correction: Correction) -> After:
    incident, rumour = sent.about["incident"], sent.about["rumour"]
    services.show_at_once(incident)
    acted = {"incident": incident, "rumour": rumour, "act": Act.CORRECT.value, "correction": correction.id}
    if not says_the_same(correction, draft):
        return After(acted=acted, again=words.CORRECTED_BEFORE)
    return After(announce=acts_words.logged(Act.CORRECT, sent.about["claim"]), acted=acted)


def says_the_same(correction: Correction, draft: CorrectionDraft) -> bool:
    """Whether what stands in the log is what the form says; an earlier try may have said something else."""
    texts, others = ("wording", "channel", "authority", "evidence_url"), ("verdict", "issued_at", "review_by")
    return all(getattr(correction, name) == getattr(draft, name) for name in others) and all(
        # The log keeps texts tidied.
        written(getattr(correction, name) or "") == written(getattr(draft, name) or "")
        for name in texts
    )


FORM = Form(
    name="correction",
    shape=Shape.DRAWER,
    title=words.CORRECTION_TITLE,
    about=("incident", "rumour", "claim"),
    drafts=Drafts(of=("incident", "rumour")),
    fields=(
        Field(
            name="verdict",
            kind=Kind.ONE_OF,
            label=words.VERDICT,
            options=[
                Option(one.value, word, acts_words.VERDICT_MEANINGS[one])
                for one, word in shared_words.VERDICTS.items()
            ],
        ),
        Field(name="wording", kind=Kind.TEXT, label=words.WORDING, spellcheck=True),
        Field(name="channel", kind=Kind.LINE, label=words.CHANNEL, hint=words.CHANNEL_HINT),
        Field(name="authority", kind=Kind.LINE, label=words.AUTHORITY, hint=words.AUTHORITY_HINT),
        Field(name="evidence_url", kind=Kind.LINE, label=words.EVIDENCE, optional=True),
        Field(name="issued_at", kind=Kind.TIME, label=words.ISSUED_AT, default=NOW),
        Field(name="review_by", kind=Kind.TIME, label=words.REVIEW_BY, toward="future", optional=True),
    ),
    buttons=(Button("save", words.CORRECTION_SAVE),),
    beside=words.KEPT,
    edits=Edits(Part.CORRECTION, Act.CORRECT),
    not_saved=words.CORRECTION_NOT_SAVED,
    may=lambda sent: Act.CORRECT,
    check=check,
    save=save,
    after=after,
)
