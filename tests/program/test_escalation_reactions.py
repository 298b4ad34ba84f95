"""What people do while an escalation runs, from terminals of their own, and what it does then (R2, R5, R7).

One headless engine keeps the timers of a room with the default rulebook; each test declares an incident of its own in
it. A schedule that has run out is added, and the limit of pages for one person is taken out, since all of them are
paged for several incidents at a time. Nobody writes updates here: a silence brings in no level.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from tests.program.staging import Shell, Stage, moment, pace, slowness, team_rules, until
from tests.support.screen import PATIENCE_S
from warroom.domain.incident import Declare, SetStatus, Status
from warroom.domain.roles import AssignRole
from warroom.domain.room import Room
from warroom.rulebook.load import load_rulebook
from warroom.service.session import Session

pytestmark = pytest.mark.timeout(600)

SPEED = 240.0
MINUTE = timedelta(minutes=1)

NIGHTS = """
  nights:
    title: nights of last winter
    layers:
      all: { people: [jonas], rotate: weekly, start: 2026-01-05, until: 2026-02-01 }
"""
EXPORT = """
  export-nights:
    levels:
      - { label: night duty, targets: [oncall:nights], ack_timeout: 5m }
      - { label: backup, targets: [oncall:backup], ack_timeout: 10m }
"""


def _oncall(text: str) -> str:
    unlimited, limits = re.subn(r"\n    limit: .*", "", text)
    assert limits == 1
    return unlimited.replace("schedules:\n", f"schedules:{NIGHTS}")


def _channels(text: str) -> str:
    return text.replace("  - { at: 150%, misses: 2, to: [level:next] }\n", "")


def _services(text: str) -> str:
    return text.replace("    title: export service\n", "    title: export service\n    policy: export-nights\n")


@dataclass(slots=True)
class Place:
    """The room with its engine and a second terminal."""

    session: Session
    shell: Shell
    live: list[str] = field(default_factory=list)

    def declare(self, title: str, severity: str = "SEV1", service: str = "") -> str:
        """Declare an incident; gives its key. Somebody manages it, so that no vacant role brings in a level."""
        key = self.session.execute(Declare(title, severity, service)).key
        self.live.append(key)
        self.session.execute(AssignRole("incident-manager", "mina"), key)
        return key

    def when(self, key: str, condition: Callable[[Room], object], what: str) -> None:
        """Wait until something holds for an incident."""
        until(lambda: condition(self.session.room(key)), what, PATIENCE_S * slowness())


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The room with its engine."""
    folder = tmp_path_factory.mktemp("reactions")
    rules = team_rules(
        folder / "rules",
        oncall=_oncall,
        policies=lambda text: f"{text}{EXPORT}",
        services=_services,
        channels=_channels,
    )
    stage = Stage(folder, pace(SPEED), lambda: load_rulebook(rules))
    with stage.session() as session, stage.engine(), stage.shell() as shell:
        yield Place(session, shell)


@pytest.fixture(autouse=True)
def afterwards(place: Place) -> Iterator[None]:
    """What a test has declared is over when it ends."""
    yield
    for key in place.live:
        place.session.execute(SetStatus(Status.RESOLVED, "the test is over"), key)
    place.live.clear()


def test_an_acknowledgement_stops_the_first_clock_and_not_the_second(place: Place) -> None:
    key = place.declare("Checkout answers 503")
    (acted,) = place.shell.do("sven", "ack", key)
    assert acted["escalation"]["acked_by"] == "sven"
    place.when(key, lambda room: room.escalation.level == 2, "level 2")
    acked = moment(acted["times"]["acknowledged"])
    before = [step for step in place.shell.ladder(key) if step.at < acked]
    after = [step for step in place.shell.ladder(key) if step.at > acked]
    assert {(step.kind, step.level, step.people) for step in before} == {("level_paged", 1, ("sven",))}
    resolve_due = before[0].at + 15 * MINUTE
    # Not paged again meanwhile, although the first clock would have run out.
    assert (after[0].level, after[0].repeat, after[0].why) == (2, 0, "resolve timeout")
    assert after[0].due == resolve_due
    assert after[0].people == ("yuna", "li")
    assert after[0].data["ack_due"] is not None


def test_who_declines_is_passed_over_at_once_and_the_next_one_is_paged(place: Place) -> None:
    key = place.declare("Search is slow")
    (acted,) = place.shell.do("sven", "decline", key, "--reason", "on a train")
    declined, paged = acted["events"]
    assert (declined["kind"], declined["data"]["person"], declined["data"]["reason"]) == (
        "page_declined",
        "sven",
        "on a train",
    )
    assert (paged["kind"], paged["data"]["level"], paged["data"]["why"]) == ("level_paged", 1, "page declined")
    assert {page["to"] for page in paged["data"]["pages"]} == {"yuna"}
    assert paged["at"] == declined["at"]
    # The backup cannot either: nobody is left on this level.
    (acted,) = place.shell.do("yuna", "decline", key)
    assert [event["kind"] for event in acted["events"]] == ["page_declined", "level_paged"]
    second = acted["events"][-1]
    assert (second["data"]["level"], second["data"]["why"]) == (2, "page declined")
    assert second["at"] == acted["events"][0]["at"]
    status, said, trouble = place.shell.run("sven", "decline", key)
    assert (status, said) == (1, "")
    assert "sven is not paged now" in trouble


def test_who_is_absent_is_passed_over_and_the_next_level_is_paged_at_once(place: Place) -> None:
    absences = [
        place.shell.do("greta", "absent", "8h", "--person", person, "--reason", "ill")[0]["item"]["id"]
        for person in ("sven", "yuna")
    ]
    try:
        key = place.declare("Login fails")
        skipped, paged = place.shell.ladder(key)[:2]
        assert (skipped.kind, skipped.level, paged.kind, paged.level) == ("level_skipped", 1, "level_paged", 2)
        assert paged.why == "nobody on the level before"
        assert skipped.at == paged.at
        reasons = {each["to"]: each["why"] for each in skipped.data["passed"] if each["to"]}
        assert set(reasons) == {"sven", "yuna"}
        assert all("ill" in reason for reason in reasons.values())
        assert paged.people == ("li",)
        passed = [line for line in place.shell.do("greta", "why", key, "sven") if line["state"] == "passed over"]
        assert any("ill" in line["why"] for line in passed)
    finally:
        for number in absences:
            place.shell.do("greta", "absent", "--end", str(number))


def test_a_schedule_without_anybody_falls_to_the_next_level_at_once(place: Place) -> None:
    key = place.declare("Export is late", "SEV2", "export-service")
    skipped, paged = place.shell.ladder(key)[:2]
    assert (skipped.kind, skipped.level, skipped.why) == ("level_skipped", 1, "start")
    assert "nights" in skipped.data["nobody"]
    assert (paged.kind, paged.level, paged.people, paged.at) == ("level_paged", 2, ("yuna",), skipped.at)


def test_an_override_from_another_terminal_decides_who_is_paged(place: Place) -> None:
    key = place.declare("Mail is stuck")
    (done,) = place.shell.do("ravi", "override", "primary", "jonas", "8h", "--reason", "sven is on the train")
    try:
        foretold = next(line for line in place.shell.do("ravi", "forecast", key) if line["kind"] == "level_paged")
        assert [page["to"] for page in foretold["pages"]] == ["jonas"]
        place.when(key, lambda room: len(room.escalation.history) > 1 or room.escalation.repeat, "the next page")
        first, second = place.shell.ladder(key)[:2]
        assert (first.level, first.people, second.level, second.people) == (1, ("sven",), 1, ("jonas",))
        assert second.due == moment(foretold["at"])
        (paged, *_) = [line for line in place.shell.do("ravi", "why", key, "jonas") if line["state"] == "paged"]
        assert (moment(paged["at"]), paged["target"]) == (second.at, "oncall:primary")
    finally:
        place.shell.do("ravi", "override", "--end", str(done["item"]["id"]))


def test_another_severity_in_the_middle_makes_another_plan_and_loses_nothing(place: Place) -> None:
    key = place.declare("Payments are slow", "SEV2")
    began = place.shell.ladder(key)
    (acted,) = place.shell.do("tove", "severity", key, "SEV1", "--reason", "all customers")
    kinds = [event["kind"] for event in acted["events"]]
    paged = next(event for event in acted["events"] if event["kind"] == "level_paged")
    assert "escalation_planned" in kinds
    assert (paged["data"]["level"], paged["data"]["why"]) == (1, "severity raised")
    assert acted["escalation"]["policy"] == "sev1-critical"
    place.when(key, lambda room: room.escalation.level == 2, "level 2")
    ladder = place.shell.ladder(key)
    assert ladder[: len(began)] == began
    second = next(step for step in ladder if step.level == 2 and step.at > moment(paged["at"]))
    assert second.due is not None
    assert timedelta(0) <= second.due - moment(paged["at"]) - 15 * MINUTE <= sum((s.late for s in ladder), MINUTE)
    # Milder: the ladder goes on from where it is, and nobody is paged because of that.
    (acted,) = place.shell.do("tove", "severity", key, "SEV2", "--reason", "some customers")
    kinds = [event["kind"] for event in acted["events"]]
    assert "escalation_switched" in kinds
    assert "level_paged" not in kinds
    assert (acted["escalation"]["policy"], acted["escalation"]["level"]) == ("sev2-major", 2)
    assert acted["escalation"]["next_at"] is not None
