"""Random histories of a whole room, several incidents at once, carried out through the real write path."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import strategies as st

from tests.store.rooms import Hands
from tests.support.books import BOOK, T0
from tests.support.random_books import books, random_book
from tests.support.stories import Step, scripts
from warroom.domain.book import Rulebook
from warroom.domain.comms import PostUpdate
from warroom.domain.core import Command, Refused
from warroom.domain.escalation import Acknowledge, SnoozeEscalation
from warroom.domain.incident import Declare, SetSeverity, SetStatus, Status
from warroom.domain.record import AddNote
from warroom.domain.roles import AssignRole, OfferRole
from warroom.domain.room import Tick
from warroom.domain.watch import Post, Watch
from warroom.store.write import Writer


@dataclass(frozen=True, repr=False)
class Act:
    """One thing that happens in the room: at a moment, somebody does something to the `on`-th incident."""

    at: datetime
    actor: str
    command: Command
    on: int

    def __repr__(self) -> str:
        return f"\n    {self.at - T0} {self.actor}: {self.command!r} on {self.on}"


@dataclass(frozen=True)
class History:
    """A rulebook, and what happens in a room where it is in force."""

    book: Rulebook
    acts: tuple[Act, ...]

    def play(self, writer: Writer, hands: Hands) -> int:
        """Let it happen; what is refused is passed over. Returns how many things were not."""
        keys: dict[int, str] = {}
        done = 0
        for act in self.acts:
            hands.now = max(hands.now, act.at)
            if isinstance(act.command, Tick):
                done += settle(writer, hands)
                continue
            with suppress(Refused):
                outcome = writer.execute(act.command, key=keys.get(act.on, ""), actor=act.actor, now=hands)
                if isinstance(act.command, Declare):
                    keys[act.on] = outcome.key
                done += 1
        return done


def settle(writer: Writer, hands: Hands) -> int:
    """Take all that fell due; returns how many steps that were. No incident may stay behind."""
    steps = 0
    while (due := writer.next_due()) is not None and due <= hands():
        report = writer.tick(hands)
        assert report.steps, report
        assert not report.failed, report
        steps += report.steps
    return steps


def watches() -> st.SearchStrategy[list[Watch]]:
    """One provider's incident as it was seen several times, each time with more posts or another title."""
    words = st.sampled_from(("Elevated errors", "결제 오류", "Résolu", "a\x1b[31mb"))

    def seen(title: str, impact: str, looks: list[tuple[int, bool]]) -> list[Watch]:
        out, posts = [], list[Post]()
        for count, over in looks:
            for _ in range(count):
                at = T0 - timedelta(days=3) + timedelta(minutes=17 * len(posts))
                posts.append(Post(f"post-{len(posts)}", at, "investigating", f"{title}, part {len(posts)}"))
            end = posts[-1].at if over and posts else None
            out.append(Watch("cloud", "abc123", title, tuple(posts), impact, T0 - timedelta(days=4), end))
        return out

    looks = st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=3)
    return st.builds(seen, words, st.sampled_from(("none", "major", "unheard-of")), looks)


def histories(longest: int = 12) -> st.SearchStrategy[History]:
    """Up to three incidents with up to `longest` commands and ticks each, and one that is imported."""

    def made(book: Rulebook, several: list[list[Step]], imported: list[Watch]) -> History:
        acts: list[Act] = []
        for on, script in enumerate(several):
            at = T0
            for step in script:
                at += timedelta(seconds=step.ahead)
                acts.append(Act(at, step.actor, step.command, on))
        # The same source more than once, somewhere in between.
        acts += [Act(T0 + timedelta(minutes=7 * n), "importer", watch, -1) for n, watch in enumerate(imported)]
        return History(book, tuple(sorted(acts, key=lambda act: act.at)))

    def under(book: st.SearchStrategy[Rulebook], names: Rulebook, most: int) -> st.SearchStrategy[History]:
        script = scripts(names, longest=longest, most=most)
        return st.builds(made, book, st.lists(script, min_size=1, max_size=3), st.just([]) | watches())

    return under(st.just(BOOK), BOOK, 20_000) | under(books(), random_book(0), 200)


def rich() -> History:
    """One history in which everything occurs that the tables can hold: what the tests of doctor damage."""

    def at(minute: float) -> datetime:
        return T0 + timedelta(minutes=minute)

    first: tuple[tuple[float, str, Command], ...] = (
        (0, "mina", Declare("Checkout is down", "SEV1", "checkout", labels={"region": "eu"})),
        (1, "ada", Acknowledge()),
        (2, "mina", AssignRole("incident-manager", "eva")),
        (3, "eva", OfferRole("incident-manager", "bo", "the database is full")),
        (3.5, "eva", PostUpdate("public", "We are looking into it. “Now.”", at(20))),
        (40, "engine", Tick()),
        (41, "bo", AddNote("disk at 100 %")),
        (42, "bo", SetSeverity("SEV2", "only one region")),
    )
    second: tuple[tuple[float, str, Command], ...] = (
        (5, "mina", Declare("결제 오류", "SEV2")),
        (6, "mina", SnoozeEscalation(at(30), "known")),
        (50, "mina", SetStatus(Status.RESOLVED, "over")),
    )
    watch = Watch("cloud", "xyz", "Errors", (Post("p1", T0, "investigating", "errors"),), "major", T0)
    acts = [Act(at(minute), actor, command, 0) for minute, actor, command in first]
    acts += [Act(at(minute), actor, command, 1) for minute, actor, command in second]
    acts.append(Act(at(7), "importer", watch, -1))
    return History(BOOK, tuple(sorted(acts, key=lambda act: act.at)))
