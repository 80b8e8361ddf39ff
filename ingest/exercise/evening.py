"""The evening of the exercise: who says, answers and copies what, and when."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from ingest.exercise import script, typists
from ingest.exercise.drafts import APPEAL, SCRIPT_MINUTES, Draft, delay
from ingest.exercise.reposts import add_reposts
from ingest.exercise.script import Crowd, Deck, Person, Rumour, Statement

SPAMMERS: tuple[str, ...] = tuple(p["handle"] for p in script.read_texts("people")["spam"])
# Shares of STANCES (support, deny, query, comment) by the official answer in force.
STATEMENT_MIX = {
    None: (0.74, 0.09, 0.11, 0.06),
    "deny": (0.30, 0.50, 0.11, 0.09),
    "support": (0.80, 0.0, 0.08, 0.12),
}
REPLY_MIX = {
    None: (0.20, 0.12, 0.26, 0.42),
    "deny": (0.12, 0.38, 0.12, 0.38),
    "support": (0.35, 0.06, 0.11, 0.48),
}


class Evening:
    """Plays the script once. Every method adds drafts; `play` calls them in the order of their dependencies."""

    def __init__(self, rng: np.random.Generator, start: datetime):
        self.rng, self.start = rng, start
        self.crowd = Crowd(rng)
        self.drafts: list[Draft] = []
        self._decks: dict[tuple, Deck] = {}

    def play(self) -> list[Draft]:
        for rumour in script.rumours():
            self.tell(rumour)
        self.report_news()
        self.chat()
        for rumour in script.rumours():
            self.copy_and_quote(rumour)
            self.answer_rumour(rumour)
        self.answer_others()
        add_reposts(self.drafts, self.crowd, self.rng)
        return self.drafts

    # --- first statements ---------------------------------------------------------------------------------

    def tell(self, rumour: Rumour) -> None:
        """Statements that start threads: those of people, wave by wave, and those of the services."""
        for n, minute in enumerate(self._wave_minutes(rumour)):
            answer = rumour.answer_at(minute)
            stance = self._one_of(STATEMENT_MIX[answer and answer.stance])
            # Nobody denies a claim, asks about it or jokes about it before it has been made a few times.
            stance = "support" if n < 3 or (n < 8 and stance in ("deny", "comment")) else stance
            if self.rng.random() > rumour.appetite(stance, minute):
                continue
            text, again = self._deal(("statement", rumour.slug, stance), rumour.statements[stance])
            text, author = script.fill(text, rumour.words_at(minute)), self.crowd.someone()
            text = typists.retell(text, author.habits, self.rng, stance=stance, again=again)
            if stance == "support" and self.rng.random() < 0.06:
                text = typists.opened(text, self.rng)
            voice = "claim" if stance == "support" else stance
            self._say(text, minute, voice, author=author, rumour=rumour, stance=stance)
        for statement in rumour.official:
            self._announce(statement, "official", rumour)
        for one in rumour.other_languages:
            author = self.crowd.speaker(one.lang)
            self._say(one.text, one.minute, "query", author=author, rumour=rumour, stance=one.stance, lang=one.lang)

    def _wave_minutes(self, rumour: Rumour) -> list[float]:
        """Gamma-shaped waves: slow, fast, then fading, so that the running total is S-shaped."""
        minutes = list(rumour.opening_minutes)
        for begins, peak, count in rumour.waves:
            minutes += list(begins + self.rng.gamma(2.4, peak / 1.4, count))
        return sorted(minute for minute in minutes if minute < SCRIPT_MINUTES)

    def report_news(self) -> None:
        """True reports: announcements of the services, the press, people who pass them on, and what people see."""
        news = script.read_texts("news")
        for group in ("official", "press"):
            for statement in script.timed(news[group]):
                announced = self._announce(statement, group)
                for _ in range(self.rng.poisson(1.2)):
                    minute = announced.minute + delay(self.rng, 10, 0.9)
                    copied = self._by_hand(announced)
                    self._say(copied, minute, "copy")
        for spell in news["spells"]:
            self._scatter(**spell)

    def chat(self) -> None:
        for spell in script.read_texts("chatter")["spells"]:
            self._scatter(**spell)
        for oddity in script.read_texts("hostile")["posts"]:
            minute = self.rng.uniform(5, SCRIPT_MINUTES)
            author = self.crowd.speaker(oddity["lang"])
            self._say(oddity["text"], minute, "chatter", author=author, lang=oddity["lang"])

    def _scatter(self, *, name: str, voice: str, after: float, before: float, count: int, texts: str) -> None:
        """Post `count` of these texts at random moments between the two minutes."""
        for minute in self.rng.uniform(after, before, count):
            text, again = self._deal((name,), script.lines(texts))
            if voice == "spam":
                self._say(text, minute, voice, author=self.crowd.fixed[str(self.rng.choice(SPAMMERS))])
                continue
            author = self.crowd.someone()
            manner = "chatter" if voice == "chatter" else "post"
            text = typists.retell(text, author.habits, self.rng, manner, again=again)
            self._say(text, minute, voice, author=author)

    def _announce(self, statement: Statement, voice: str, rumour: Rumour | None = None) -> Draft:
        # A service does not act to the second: its announcements come up to a minute late.
        minute = statement.minute + self.rng.uniform(0, 1)
        local = (self.start + timedelta(minutes=minute)).astimezone(ZoneInfo("Europe/London"))
        text = statement.text.replace("{clock}", f"{local:%H:%M}")
        author = self.crowd.fixed[statement.author]
        return self._say(text, minute, voice, author=author, rumour=rumour, stance=statement.stance)

    def _say(self, text: str, minute: float, voice: str, *, author: Person | None = None, **more) -> Draft:
        author = author or self.crowd.someone()
        if more.setdefault("lang", "en") == "en" and self.rng.random() < 0.07:
            more["lang"] = None
        weight = APPEAL[voice] * self.rng.lognormal(0, 0.9) * (1 + (author.followers or 100)) ** 0.12
        draft = Draft(author, float(minute), text, voice, appeal=float(weight), **more)
        # A post after the end is dropped here, so that no other post can link to it.
        if draft.minute < SCRIPT_MINUTES:
            self.drafts.append(draft)
        return draft

    # --- copies and answers -------------------------------------------------------------------------------

    def copy_and_quote(self, rumour: Rumour) -> None:
        statements = [draft for draft in self.drafts if draft.rumour is rumour]
        claims = [draft for draft in statements if draft.stance == "support" and draft.voice != "official"]
        for source in self._by_appeal(statements, len(statements) * 2 // 5):
            minute = source.minute + delay(self.rng, 11, 0.9)
            if self.rng.random() < rumour.appetite(source.stance, minute):
                text = self._by_hand(source)
                self._say(text, minute, "copy", rumour=rumour, stance=source.stance, lang=source.lang)
        for source in self._by_appeal(claims, len(statements) * 2 // 5):
            minute = source.minute + delay(self.rng, 14, 1.0)
            stance = self._stance_of_reply(rumour, minute)
            if self.rng.random() < 0.5:
                key, texts = ("reply", rumour.slug, stance), rumour.replies[stance]
            else:
                key, texts = ("added", stance), script.lines(script.read_texts("common")["added"][stance])
            added, again = self._deal(key, texts)
            added = script.fill(added, rumour.words_at(source.minute))
            author = self.crowd.someone()
            again = again and len(added) > 25
            added = typists.retell(added, author.habits, self.rng, "reply", stance=stance, again=again)
            text = script.quotation(added, source.author.handle, source.text, self.rng)
            self._say(text, minute, "quote", author=author, kind="quote", quoted=source, rumour=rumour, stance=stance)

    def _by_hand(self, source: Draft) -> str:
        # Nobody pastes an announcement, with its "we", as their own text.
        credited = source.voice in ("official", "press")
        copied = script.manual_copy(source.author.handle, source.text, self.rng, credited=credited)
        if copied == source.text and source.stance in ("support", "deny") and self.rng.random() < 0.6:
            return typists.opened(copied, self.rng)
        return copied

    def answer_rumour(self, rumour: Rumour) -> None:
        """Replies, each to a post or an earlier reply drawn by appeal."""
        threads = [draft for draft in self.drafts if draft.rumour is rumour]
        for _ in range(rumour.reply_count):
            (parent,) = self._by_appeal(threads, 1)
            minute = parent.minute + delay(self.rng, 7, 1.1)
            stance = self._stance_of_reply(rumour, minute)
            root = parent.root or parent
            repeats = parent.kind == "reply" and stance == root.stance and root.voice != "official"
            insists = repeats and self.rng.random() < 0.4
            author = root.author if insists else self.crowd.someone({parent.author.handle})
            text = self._reply_text(rumour, parent, stance, author)
            reply = self._reply(parent, text, minute, author=author, rumour=rumour, stance=stance)
            reply.appeal = parent.appeal * 0.08
            if minute < SCRIPT_MINUTES:
                threads.append(reply)

    def _reply_text(self, rumour: Rumour, parent: Draft, stance: str, author: Person) -> str:
        key, texts = self._reply_pool(rumour, parent, stance)
        text, again = self._deal(key, texts)
        words = rumour.words_at((parent.root or parent).minute) | {"neighbour": self.crowd.someone().handle}
        text, again = script.fill(text, words), again and len(text) > 25
        return typists.retell(text, author.habits, self.rng, "reply", stance=stance, again=again)

    def _reply_pool(self, rumour: Rumour, parent: Draft, stance: str) -> tuple[tuple, Sequence[str]]:
        """Key and texts that fit the post that is answered: an official post, another answer, or the claim."""
        common = script.read_texts("common")
        manner, fitting, closeness = "claim", {}, 0.0
        if parent.voice == "official":
            manner, fitting, closeness = "official", common["official"][parent.stance], 0.85
        elif parent.kind == "reply" or parent.stance != "support":
            manner, fitting = "answers", common["answers"][f"to_{parent.stance}"]
            closeness = 0.35 if parent.stance == "support" else 0.65
        # To agree with a denial is not to say "no" to it, so only an answer to denials fits.
        agrees = stance == parent.stance == "deny"
        if stance in fitting and (agrees or self.rng.random() < closeness):
            return (manner, parent.stance, stance), script.lines(fitting[stance]["texts"])
        if self.rng.random() < (0.35 if stance == "comment" else 0.13):
            return ("common", stance), script.lines(common["replies"][stance]["texts"])
        return ("reply", rumour.slug, stance), rumour.replies[stance]

    def answer_others(self) -> None:
        """Replies to news and chatter, drawn by appeal too, but part of no rumour."""
        others = [draft for draft in self.drafts if draft.rumour is None]
        news = [draft for draft in others if draft.voice not in ("chatter", "spam")]
        chatter = [draft for draft in others if draft.voice == "chatter" and draft.lang in ("en", None)]
        for parent in self._by_appeal(news, 170):
            addressed = "to_people" if parent.voice == "seen" else "to_services"
            self._small_talk(parent, "news", addressed, "reply")
        for parent in self._by_appeal(chatter, 130):
            self._small_talk(parent, "chatter", "to_people", "chatter")

    def _small_talk(self, parent: Draft, page: str, addressed: str, manner: str) -> None:
        texts = script.lines(script.read_texts(page)["replies"][addressed])
        text, again = self._deal((page, addressed), texts)
        author, again = self.crowd.someone({parent.author.handle}), again and len(text) > 25
        text = typists.retell(text, author.habits, self.rng, manner, again=again)
        self._reply(parent, text, parent.minute + delay(self.rng, 8, 1.1), author=author)

    def _reply(self, parent: Draft, text: str, minute: float, *, author: Person, **more) -> Draft:
        root = parent.root or parent
        names = [parent.author.handle] if self.rng.random() < 0.8 else []
        if names and root.author is not parent.author and self.rng.random() < 0.35:
            names.append(root.author.handle)
        text = " ".join([*(f"@{name}" for name in names if name != author.handle), text])
        return self._say(text, minute, "reply", author=author, kind="reply", parent=parent, root=root, **more)

    # --- chance -------------------------------------------------------------------------------------------

    def _stance_of_reply(self, rumour: Rumour, minute: float) -> str:
        answer = rumour.answer_at(minute)
        return self._one_of(REPLY_MIX[answer and answer.stance])

    def _one_of(self, mix: Sequence[float]) -> str:
        return str(self.rng.choice(script.STANCES, p=mix))

    def _deal(self, key: tuple, texts: Sequence[str]) -> tuple[str, bool]:
        if key not in self._decks:
            self._decks[key] = Deck(texts, self.rng)
        return self._decks[key].deal()

    def _by_appeal(self, drafts: Sequence[Draft], count: int) -> list[Draft]:
        appeal = np.array([draft.appeal for draft in drafts])
        return [drafts[i] for i in self.rng.choice(len(drafts), count, p=appeal / appeal.sum())]
