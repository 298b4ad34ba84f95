"""The play of a SEV1 run by two people, each at a terminal of their own, as `test_conduct` looks at it: who types what,
and what has to be seen before the next key.

How long people may take stands in rules of their own, since what they type takes them minutes of a room whose time runs
fast.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from tests.program.staging import Shell, Stage, pace, see, slowness, team_rules, until
from tests.support.screen import PATIENCE_S, Terminal
from warroom.domain.room import Room
from warroom.rulebook.load import load_rulebook
from warroom.service.session import Session

SPEED = 220.0
HOUR = timedelta(hours=1)
KEY, TITLE = "INC-1", "Card payments fail"
FIRST = "Card payments are declined all over the EU"
OUTSIDE = "some card payments fail in the EU"
THEORY, CHANGE, DECISION = "pool exhausted since deploy 8812", "rolled back 8812", "the bank is told at once"
READ_BACK = "rollback is out, the bank looks at its side"


def swap(*pairs: tuple[str, str]) -> Callable[[str], str]:
    """Each first text, which has to be there, replaced by the second."""

    def change(text: str) -> str:
        for before, after in pairs:
            assert before in text, before
            text = text.replace(before, after, 1)
        return text

    return change


RULES = {
    # Who reads and types has time for it; the clock of the public page is the one that is missed.
    "severities": swap(
        ("ack_lapses: 30m", "ack_lapses: 9h"),
        ("stalled: { new: 15m, triaging: 30m }", "stalled: { new: 9h }"),
        (
            "{ first: 5m, every: 20m, final: 15m, by_status: { mitigating: 30m } }",
            "{ first: 55m, every: 3h, final: 2h }",
        ),
        ("{ first: 10m, every: 30m, final: 30m, long: 1h }", "{ first: 1h, every: 50m, final: 2h, long: 90m }"),
        ("{ first: 15m, every: 30m, final: 30m }", "{ first: 2h, every: 3h, final: 2h }"),
        ("{ first: 30m, every: 1h, final: 1h }", "{ first: 2h, every: 3h, final: 2h }"),
        ("incident-manager: 5m", "incident-manager: 2h"),
        ("tech-lead: 10m", "tech-lead: 4h"),
        ("communications-manager: 10m", "communications-manager: 4h"),
        ("support-lead: 15m", "support-lead: 4h"),
        ("scribe: 15m", "scribe: 4h"),
        ("{ first: 15m, every: 30m, final: 30m }", "{ first: 1h, every: 2h, final: 2h }"),
        ("{ first: 30m, every: 30m, final: 1h }", "{ first: 1h, every: 2h, final: 2h }"),
        ("{ first: 30m, every: 1h, final: 1h }", "{ first: 1h, every: 3h, final: 2h }"),
    ),
    "policies": swap(
        ("resolve_timeout: 15m", "resolve_timeout: 9h"),
        ("resolve_timeout: 30m", "resolve_timeout: 9h"),
        ("resolve_timeout: 1h", "resolve_timeout: 9h"),
        ("ack_timeout: 5m", "ack_timeout: 1h"),
    ),
    "roles": swap(("offer_lapses: 10m", "offer_lapses: 3h")),
    # Nothing of a SEV1 goes outside unseen by a second person.
    "updates": swap(("    # required: [", "    required: ["), ("answer_within: 10m", "answer_within: 3h")),
}


# The story -----------------------------------------------------------------------------------------------------------


@dataclass
class Play:
    """The people, their room, and what was seen of it: `screens` by name, `refusals` with their exit status."""

    stage: Stage
    session: Session
    shell: Shell
    mina: Terminal
    ana: Terminal
    others: list[Terminal] = field(default_factory=list)
    screens: dict[str, str] = field(default_factory=dict)
    refusals: list[tuple[int, str]] = field(default_factory=list)

    @property
    def everybody(self) -> tuple[Terminal, ...]:
        """All terminals."""
        return (self.mina, self.ana, *self.others)

    @property
    def room(self) -> Room:
        """The incident as it stands."""
        return self.session.room(KEY)

    def look(self, name: str, at: Terminal, *what: str) -> str:
        """Wait until somebody's screen shows all patterns; keep that screen under a name."""
        (screen,) = see((at,), *what, along=self.everybody)
        for _ in range(3):  # a picture comes in pieces, and the pieces that were waited for need not be the last
            at.read(0.05)
            if all(re.search(each, at.text) for each in what):
                screen = at.text
        self.screens[name] = screen
        return screen

    def until(self, condition: Callable[[Room], object], what: str, seconds: float = PATIENCE_S) -> None:
        """Wait until something holds for the incident, while everybody's screen goes on."""

        def holds() -> object:
            for terminal in self.everybody:
                terminal.read(0)
            return condition(self.room)

        until(holds, what, seconds)

    def gone(self, at: Terminal, what: str) -> None:
        """Wait until something is no longer on somebody's screen."""
        see((at,), rf"(?s)\A(?!.*{what})", along=self.everybody)

    def close(self, at: Terminal, what: str) -> None:
        """Close a screen of which `what` can be seen. A key right behind escape would be one with alt to a terminal."""
        at.press("esc")
        self.gone(at, what)

    def note(self, at: Terminal, line: str) -> None:
        """Write one thing down."""
        before = self.room.version
        at.press("n")
        at.type(line)
        at.press("enter")
        text = line.lstrip("?>=-+~!* ").partition(" |")[0].partition(" @")[0]
        self.until(lambda room: room.version > before and text in self.said(), line)

    def said(self) -> str:
        """The record as text."""
        return "\n".join(str(entry.event) for _, entry, _ in self.session.log(KEY))


@contextmanager
def opened(folder: Path, speed: float, **rules: Callable[[str], str]) -> Iterator[Play]:
    """A room with two people at their terminals: mina at 120x40, ana at 80x24."""
    files = team_rules(folder / "rules", **rules)
    stage = Stage(folder, pace(speed) if speed > 1 else speed, lambda: load_rulebook(files))
    with (
        stage.session() as session,
        stage.board(actor="mina") as mina,
        stage.board(actor="ana", size=(80, 24)) as ana,
        stage.shell() as shell,
    ):
        see((mina, ana), "Nothing is live")
        yield Play(stage, session, shell, mina, ana)


def leave(*terminals: Terminal) -> None:
    """Everybody goes home."""
    for terminal in terminals:
        terminal.press("q")
        assert terminal.exit_status() == 0
        assert terminal.restored


def fill(at: Terminal, first: str, *others: str) -> None:
    """Put words into the blanks of a template, one after the other; the first one is marked already."""
    at.type(first)
    for words in others:
        at.press("ctrl+n")
        at.type(words)


def begin(p: Play) -> None:
    """Mina declares it from one line, has it and leads; ana sees to the words."""
    p.mina.press("d")
    p.mina.type(f"SEV1 {TITLE} @payments-api")
    p.look("declare", p.mina, r"SEV1 \(as you wrote\) · payments-api, tier 1")
    p.mina.press("enter")
    see((p.mina, p.ana), KEY)
    p.mina.press("a")
    p.until(lambda room: room.escalation.acked_by == "mina", "the acknowledgement")
    p.mina.press("r")
    p.look("roles", p.mina, "▌ incident manager", "▌ assign: takes it at once")
    p.mina.press("tab", "tab", "enter")
    p.until(lambda room: room.roles.get("incident-manager").holder == "mina", "the incident manager")
    p.ana.press("1")
    p.look("roles on the other's board", p.ana, "incident manager +mina")
    p.ana.press("r")
    p.look("roles of the other", p.ana, "incident manager +mina", "▌ tech lead")
    p.ana.press("down", "tab", "tab", "enter")
    p.until(lambda room: room.roles.get("communications-manager").holder == "ana", "the communications manager")
    p.look("board", p.mina, r"incident manager +mina", r"communications manager +ana", "acknowledged .* mina")


def tell_the_house(p: Play) -> None:
    """Ana writes the first update for three internal channels at once."""
    p.ana.press("u")
    p.look("first update, begun", p.ana, r"\[x\] internal", "ctrl\\+s sends it now to internal")
    p.ana.press("shift+tab", "shift+tab", "down", "down", "enter", "down", "enter", "tab", "tab")
    fill(p.ana, FIRST, "a fifth of all", "no", "comparing with deploy 8812", "undo it if it fits")
    p.look("first update, written", p.ana, "7 of 7 said", "sends it now to internal, support, leadership")
    p.ana.press("ctrl+s")
    p.until(lambda room: room.comms.streams["leadership"].last_at, "the first update")


def tell_the_world(p: Play) -> None:
    """Mina drafts what customers read, ana sees it coming; it goes out only when she has approved it."""
    p.mina.press("u")
    p.look("public update, begun", p.mina, r"\[x\] public", "has to be approved")
    fill(p.mina, OUTSIDE, "Other cards work")
    p.ana.press("u")
    p.look("somebody else is writing", p.ana, r"✎ mina is writing on public since \d\d:\d\d")
    p.close(p.ana, r"ctrl\+s asks")
    p.mina.press("ctrl+s")
    p.until(lambda room: room.comms.proposals, "the review")
    (proposal,) = p.room.comms.proposals
    held = [
        p.shell.run("mina", "review", KEY, str(proposal.id), "approve", "--send"),
        p.shell.run("mina", "review", KEY, str(proposal.id), "send"),
        p.shell.run("mina", "update", KEY, "public", "Cards fail. Next update in an hour.", "--anyway"),
    ]
    p.refusals += [(status, trouble) for status, _, trouble in held]
    assert p.room.comms.streams["public"].last_at is None
    p.ana.press("u")
    p.look("asked to review", p.ana, "waits for your review", "f2")
    p.ana.press("f2")
    p.look("review", p.ana, "some card", "▌ approve it", "approve and send it")
    p.ana.press("down", "enter", "enter")
    p.look("sure that customers are to read it", p.ana, "Tell people outside on one channel?", "▌ cancel")
    assert p.room.comms.streams["public"].last_at is None
    p.ana.press("y")
    p.until(lambda room: room.comms.streams["public"].last_at, "the reviewed update")
    p.gone(p.ana, "Waiting updates")
    p.close(p.ana, r"ctrl\+s asks")


def work_on_it(p: Play) -> None:
    """A theory is tested and refuted, something is changed, decided, and done."""
    p.note(p.mina, f"? {THEORY}")
    p.note(p.mina, "> raise the pool on one node")
    p.note(p.mina, "= declined there as well")
    p.note(p.ana, "+ count the declined cards @ana in 6h")
    p.note(p.mina, f"~ {CHANGE} | declines began with it | deploy 8812 again")
    p.note(p.mina, f"! {DECISION}")
    p.mina.press("w")
    p.look("work", p.mina, THEORY, "declined there as well", "count the declined cards", CHANGE)
    p.mina.press("r")
    p.look("refute", p.mina, "Refute it", THEORY)
    p.mina.type("declined with a larger pool too")
    p.mina.press("enter")
    p.look("refuted", p.mina, r"✗ #\d+ pool exhausted .*refuted")
    p.close(p.mina, "─ Work ─")
    p.ana.press("w")
    p.look("work of the other", p.ana, "count the declined cards")
    p.ana.press("down", "down", "d")
    p.until(lambda _: "TaskEnded" in p.said(), "the task is done")
    p.ana.press("end", "u")
    p.look("undo", p.ana, "Undone", CHANGE)
    p.ana.type("deployed 8812 again, it was not that")
    p.ana.press("enter")
    p.until(lambda _: "it was not that" in p.said(), "the change is undone")
    p.gone(p.ana, "Undone")
    p.close(p.ana, "─ Work ─")
    p.mina.press("t")
    p.look("status", p.mina, "▌ triaging")
    p.mina.press("down", "down", "enter", "enter")
    p.until(lambda room: room.incident.status == "mitigating", "the status")


def fall_silent(p: Play) -> None:
    """Nobody tells customers anything for too long; then ana says why, and the clock begins anew."""
    p.until(lambda room: room.escalation.level == 2, "the next level because of the silence", 120 * slowness())
    p.look("late", p.mina, r"public LATE")
    p.ana.press("2")
    p.look("late for the other", p.ana, r"public LATE", r"● L2 backup \+ senior +yuna, li")
    p.ana.press("a")
    p.until(lambda room: room.escalation.acked_by == "ana", "the other's acknowledgement")
    p.ana.press("m")
    p.look("clocks", p.ana, r"▌ public +LATE", r"  internal +\S+", "then .* reminds|then .* pages|next level|esc close")
    p.ana.press("s")
    p.look("skip", p.ana, "the update on public is LATE", "neither punctual nor late")
    p.ana.type("the bank answers within the hour")
    p.ana.press("enter")
    p.until(lambda room: room.comms.streams["public"].skips == 1, "the skipped update")
    p.look("skipped", p.ana, "skipped 1 of 1")
    p.close(p.ana, "Clocks of silence")


def hand_over(p: Play) -> None:
    """Mina is tired: she offers ana to lead, with a card; ana reads it back, and mina leads until then."""
    p.look("tired", p.mina, "incident manager +mina tired")
    p.mina.press("h")
    p.look(
        "card", p.mina, "Hand over", "▌ ana .*in the room", f"not this: {THEORY}", f"changed: {CHANGE}", "Next updates:"
    )
    p.mina.press("ctrl+s")
    p.until(lambda room: room.roles.get("incident-manager").offer, "the offer")
    p.screens["holder while offered"] = p.room.roles.get("incident-manager").holder
    p.look("offered", p.mina, r"incident manager +mina.*→ ana|mina → ana")
    p.ana.press("1")
    p.look("offered, at the other's", p.ana, r"incident manager +mina → ana")
    p.ana.press("h")
    p.look("take over", p.ana, "Take over", "mina holds it until you", "Read back")
    p.ana.type(READ_BACK)
    p.ana.press("enter")
    p.until(lambda room: room.roles.get("incident-manager").holder == "ana", "the handover")


def make_it_milder(p: Play) -> None:
    """Ana lowers the severity: the dialog says what that changes."""
    p.ana.press("s")
    p.look("severity", p.ana, "Severity", "▌ ◆ SEV1")
    p.ana.press("down")
    p.look("what would change", p.ana, "▌ ▲ SEV2", "sev2-major")
    p.ana.press("tab")
    p.ana.type("the bank takes cards of two countries again")
    p.ana.press("ctrl+s")
    p.until(lambda room: room.incident.severity == "SEV2", "the severity")
    p.look("milder", p.mina, r"▲ SEV2 +INC-1")


def come_late(p: Play) -> None:
    """Tove opens a terminal of her own, is told everything, and looks back."""
    with p.stage.board(actor="tove") as tove:
        p.others.append(tove)
        p.look("tove's board", tove, KEY)
        tove.press("c")
        p.look("catch me up", tove, "─ Catch me up ─", "│ tried ", "│ decided ", "│ next ", "esc close .*in full")
        tove.press("m")
        p.look("catch me up in full", tove, "Catch me up", "one screen", THEORY)
        p.close(tove, "Catch me up")
        tove.press("enter")
        p.look("room", tove, "esc back", "Who could take over", "handed over by mina", "all is done and decided")
        tove.press("v")
        p.look("timeline", tove, "whole incident", "Gaps, the gravest first", "◇mit[^◇]*◇SEV2")
        p.close(tove, "whole incident")
        tove.press("[")
        first = re.search(r"PAST .*entry (\d+) of", p.look("one step back", tove, r"PAST .*entry \d+ of \d+"))
        assert first is not None
        tove.press("[", "[")
        p.look("past", tove, rf"PAST .*entry {int(first[1]) - 2} of \d+", "◆")
        tove.press("n")
        p.look("no change in the past", tove, "you look at the past: INC-1")
        tove.press("a", "u", "s", "t", "z")
        tove.press("T")
        p.look("go to", tove, "Show the room as it was")
        tove.type("#2")
        tove.press("enter")
        p.look("long ago", tove, "entry 2 of", "◆ SEV1  INC-1", "2 entries", r"(?s)\A(?!.*handed over)")
        tove.press("end")
        p.gone(tove, "PAST")
        p.look("back", tove, r"▲ SEV2")
        tove.press("esc")
        p.look("board again", tove, "q quit")
        leave(tove)
        p.others.remove(tove)


def end_it(p: Play) -> None:
    """Three hours after the declaration it is over; the times that nobody said are asked for, and last words said."""
    p.until(lambda room: p.session.clock() - room.incident.declared_at > 3 * HOUR, "three hours", 120 * slowness())
    p.ana.press("t")
    p.look("resolve", p.ana, "▌ resolved", "Started +nobody has said", "Ended +now")
    p.ana.press("tab")
    p.ana.type("the bank has mended its side")
    p.ana.press("tab")
    p.ana.type("09:50")
    p.look("resolve, with times", p.ana, "Started +09:50")
    p.ana.press("enter")
    p.until(lambda room: room.incident.status == "resolved", "the end")


def last_words(p: Play) -> None:
    """The final update inside, in numbers, and outside, with what follows."""
    p.mina.press("u")
    p.look("final update inside", p.mina, r"\[x\] internal", "by own-final-internal", r"It lasted for \d hours")
    fill(p.mina, FIRST, "4000", "no", "31", "a fault at the bank", "mina, on Thursday")
    p.look("final update inside, written", p.mina, "6 of 6 said", "Follow-up: mina, on Thursday")
    p.mina.press("ctrl+s")
    p.until(lambda room: not room.comms.streams["internal"].due, "the last word inside")
    p.ana.press("u")
    p.look("final update outside", p.ana, r"\[x\] public", "by own-final-external")
    fill(p.ana, "on Thursday")
    p.look("final update outside, written", p.ana, "learned on Thursday", "ctrl\\+s sends it now to public")
    p.ana.press("ctrl+s")
    p.look("sure of the last word outside", p.ana, "Tell people outside on one channel?", "▌ cancel")
    p.ana.press("y")
    p.until(lambda room: not room.comms.streams["public"].due, "the last word outside")


ACTS = (
    begin,
    tell_the_house,
    tell_the_world,
    work_on_it,
    fall_silent,
    hand_over,
    make_it_milder,
    come_late,
    end_it,
    last_words,
)
