"""What can go wrong while an escalation runs, and what becomes of it: the provider is down, the only warroom is killed,
the rules are edited (R5, R9, R15)."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.program.staging import Shell, Stage, Step, moment, pace, see, team_rules, until
from tests.senders.servers import STALL, Answer, Got, HttpReceiver, Mailbox, http_receiver, smtp_receiver
from warroom.domain.incident import Declare
from warroom.rulebook.load import load_rulebook

pytestmark = pytest.mark.timeout(600)

MINUTE = timedelta(minutes=1)


GONE = r"page to sven by (chat|sms) did not go out"


# The provider is down ------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Provider(HttpReceiver):
    """A chat and SMS provider; `down` says how it answers for each way, or person, for which it does not work."""

    down: dict[str, int | str] = field(default_factory=dict)

    def answer(self, got: Got) -> Answer:
        """By the first part of the path, which is the way, or by whom the message is for."""
        way, to = got.path.split("/")[1], got.json["to"]
        with self.lock:
            self.got.append(got)
            return Answer(self.down.get(way) or self.down.get(to) or 202)

    def texts(self, way: str, to: str) -> list[str]:
        """What it got for somebody by a way, tries and all."""
        with self.lock:
            return [each.json["id"] for each in self.got if each.path.startswith(f"/{way}/") and each.json["to"] == to]


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider on loopback."""
    with http_receiver(made=Provider()) as made:
        assert isinstance(made, Provider)
        yield made


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server that works."""
    with smtp_receiver() as made:
        yield made


def _stage(folder: Path, provider: Provider, more: str = "") -> Stage:
    """A room whose pages go out by the provider, and by what else is written there."""
    delivery = f"""
delivery:
  ways:
    chat: {{ to: ["{provider.url}/chat/{{address}}"], timeout: 1s }}
    sms: {{ to: ["{provider.url}/sms/{{address}}"], timeout: 1s }}
{more}  patience: 1s
"""
    rules = team_rules(folder / "rules", delivery=lambda text: text + delivery)
    return Stage(folder, pace(60.0), lambda: load_rulebook(rules))


def test_a_page_falls_back_to_the_next_contact_while_the_provider_is_down_and_goes_on_when_it_is_back(
    tmp_path: Path, provider: Provider, mailbox: Mailbox
) -> None:
    provider.down = {"chat": 500, "sms": STALL}
    mail = f'    mail: {{ to: ["mailto://127.0.0.1:{mailbox.port}?from=w@example.org&to={{address}}"], timeout: 2s }}\n'
    stage = _stage(tmp_path, provider, mail)
    with stage.session() as session, stage.board(actor="jonas") as board, stage.shell() as shell:
        see((board,), "Nothing is live")
        session.execute(Declare("Checkout answers 503", "SEV1"))
        # Neither of the two ways of the level reaches sven: he gets a mail.
        see((board,), GONE + ".*; paged sven by mail instead", rf"(?s){GONE}.*{GONE}", r"✉ sven by (chat|sms) failed")
        until(lambda: mailbox.mails, "the mail")
        (letter,) = [each for each in mailbox.mails if "sven@example.org" in each.to]
        assert "Acknowledge: warroom ack INC-1" in letter.content
        failed = _failures(shell)
        errors = {line["data"]["via"]: line["data"]["error"] for line in failed}
        assert errors == {"chat": "127.0.0.1 answered 500", "sms": "127.0.0.1 did not answer within 1 s"}
        assert [(page["to"], page["via"]) for line in failed for page in line["data"]["pages"]] == [("sven", "mail")]
        states = {each["via"]: each["state"] for each in _why(shell)["deliveries"]}
        assert set(states) == {"chat", "sms"}
        assert "sent" not in states.values()
        first = set(provider.texts("chat", "sven") + provider.texts("sms", "sven"))
        assert len(first) == 2
        # Back again: those pages go out by themselves, under the same keys, and later ones without any detour.
        provider.down.clear()
        until(lambda: {each["state"] for each in _why(shell)["deliveries"]} == {"sent"}, "the first page by both ways")
        until(lambda: session.room("INC-1").escalation.repeat >= 1, "the second page")
        until(lambda: set(provider.texts("chat", "sven")) - first, "the second page by chat")
        until(lambda: set(provider.texts("sms", "sven")) - first, "the second page by sms")
        assert _failures(shell) == failed
        assert len(mailbox.mails) == 1
        board.wait_gone("✉ sven by")
        board.wait_gone(" failed ")


def _failures(shell: Shell) -> list[dict[str, Any]]:
    return [line for line in shell.do("eva", "log", "INC-1") if line["kind"] == "page_failed"]


def _why(shell: Shell) -> dict[str, Any]:
    """Why sven was paged first, and what became of it."""
    first: dict[str, Any] = next(line for line in shell.do("eva", "why", "INC-1", "sven") if line["state"] == "paged")
    return first


def test_the_next_level_is_paged_at_once_when_nobody_of_a_level_can_be_reached(
    tmp_path: Path, provider: Provider
) -> None:
    provider.down = {"sven": 410}
    stage = _stage(tmp_path, provider)
    with stage.session() as session, stage.engine(), stage.shell() as shell:
        session.execute(Declare("Checkout answers 503", "SEV1"))
        until(lambda: provider.texts("sms", "yuna"), "the page of level 2")
        first, second = shell.ladder("INC-1")[:2]
        assert (first.level, first.people) == (1, ("sven",))
        assert (second.level, second.why, second.people) == (2, "page not delivered", ("yuna", "li"))
        # Long before level 1 would have been paged again.
        assert second.at - first.at < 5 * MINUTE
        failed = [line["data"] for line in _failures(shell) if line["data"]["to"] == "sven"]
        assert {each["via"] for each in failed} == {"chat", "sms", "mail"}
        assert failed[0]["error"] == "127.0.0.1 answered 410"
        assert failed[-1]["error"] == "the rules in force name no address for mail"
        assert failed[-1]["nobody"].startswith("nobody could be reached: sven by ")


# The only warroom is killed ------------------------------------------------------------------------------------------


def test_what_fell_due_while_the_only_board_was_dead_fires_once_and_is_marked_late(tmp_path: Path) -> None:
    stage = Stage(tmp_path, pace(200.0))
    with stage.session() as session, stage.shell() as shell:
        with stage.board(actor="eva") as board:
            see((board,), "Nothing is live")
            session.execute(Declare("Checkout answers 503", "SEV1"))
            see((board,), r"● L1 primary on-call +sven")
            board.press("x")
            see((board,), "not me: decline the page")
            board.press("enter", "enter")
            see((board,), r"● L1 primary on-call +yuna")
            board.signal(signal.SIGKILL)
            assert board.exit_status() == 137
        state = session.room("INC-1").escalation
        before, due = shell.ladder("INC-1"), state.ack_due
        assert [(step.people, step.why) for step in before[-1:]] == [(("yuna",), "page declined")]
        assert due is not None
        assert state.resolve_due is not None
        long_after = max(due, state.resolve_due) + 5 * MINUTE
        until(lambda: session.clock() > long_after, "the room's time passes")
        assert shell.ladder("INC-1") == before
        with stage.board(actor="eva") as board:
            see((board,), r"● L2 backup \+ senior +yuna, li", r"paged +L2 yuna .*\(acknowledge timeout\).* \d+m late")
            late = shell.ladder("INC-1")[len(before)]
            assert (late.level, late.repeat, late.due) == (2, 0, due)
            assert late.late > 5 * MINUTE
            # Those who are asked now get the time to answer, and it goes on from there without a burst.
            until(lambda: session.room("INC-1").escalation.repeat == 1, "level 2 is paged again")
            again = shell.ladder("INC-1")[len(before) + 1]
            assert (again.level, again.repeat, again.due) == (2, 1, late.at + 10 * MINUTE)
            board.press("q")
            assert board.exit_status() == 0
        sent = [each["id"] for each in stage.sent()]
        assert len(sent) == len(set(sent))


# The rules are edited ------------------------------------------------------------------------------------------------


def _paging(first: str, second: str) -> Callable[[str], str]:
    """The default policies, with other people on the levels of a SEV1."""

    def change(text: str) -> str:
        text = text.replace("targets: [oncall:primary]", f"targets: [person:{first}]", 1)
        return text.replace("targets: [oncall:backup, oncall:senior]", f"targets: [person:{second}]", 1)

    return change


def test_a_running_incident_keeps_its_rules_until_it_is_moved(tmp_path: Path) -> None:
    """Rules are put in force by saving a watched file, and by publishing another directory."""
    watched = team_rules(tmp_path / "rules")
    others = team_rules(tmp_path / "others", policies=_paging("tove", "eva"))
    stage = Stage(tmp_path, pace(120.0), lambda: load_rulebook(watched))
    with stage.session() as session, stage.shell() as shell, stage.engine("--rulebook", str(watched)):

        def in_force() -> str:
            return next(str(each["revision"]) for each in shell.do("eva", "rulebook", "log") if each["in_force"])

        def pages(key: str) -> list[Step]:
            return [step for step in shell.ladder(key) if step.kind == "level_paged"]

        began = in_force()
        session.execute(Declare("Checkout answers 503", "SEV1"))
        policies = watched / "policies.yaml"
        policies.write_text(_paging("ravi", "greta")(policies.read_text(encoding="utf-8")), encoding="utf-8")
        until(lambda: in_force() != began, "the saved rules are in force")
        saved = in_force()
        session.execute(Declare("Search is slow", "SEV1"))
        shell.do("eva", "rulebook", "publish", str(others))
        published = in_force()
        session.execute(Declare("Login fails", "SEV1"))
        for key, revision, people in (("INC-1", began, "sven"), ("INC-2", saved, "ravi"), ("INC-3", published, "tove")):
            (shown,) = shell.do("eva", "show", key)
            assert shown["escalation"]["revision"] == revision
            assert pages(key)[0].people == (people,)
        count = len(pages("INC-1"))
        until(lambda: len(pages("INC-1")) > count, "the running incident is paged under its rules")
        (moved,) = shell.do("eva", "rulebook", "move", "INC-1", "--yes")
        assert moved["escalation"]["revision"] == published
        assert "level_paged" not in [event["kind"] for event in moved["events"]]
        at = moment(moved["events"][0]["at"])
        until(lambda: pages("INC-1")[-1].at > at, "it is paged under the other rules")
        found = pages("INC-1")
        assert {step.people for step in found if step.at < at} <= {("sven",), ("yuna", "li")}
        assert {step.people for step in found if step.at > at} <= {("tove",), ("eva",)}
        assert len({began, saved, published}) == 3
