"""The default way of an escalation, from a key on the board to the last resort, as a team sees it (R5, R6, R9, R15).

Two people have their boards open on one file. One declares a SEV1 on a payments service under the default rulebook, and
nobody reacts until the alarm is acknowledged by a key; then nobody does anything for half an hour. The story is played
once; each test looks at it from another side: the record, the screens, what was sent, and what had been foretold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.program.staging import LADDER, Stage, Step, moment, pace, see, slowness, step_of, until
from tests.support.screen import PATIENCE_S
from warroom.domain.incident import SetStatus, Status
from warroom.store.outbox_read import listing

pytestmark = pytest.mark.timeout(600)

SPEED = 360.0
MINUTE = timedelta(minutes=1)
SLACK_S = 3.0
"""How late a step may come on a machine that has other things to do, in seconds of real time, times how slow it is."""

L1, L2, L3 = ("sven",), ("yuna", "li"), ("tove", "greta", "ravi")
PATH: tuple[tuple[int, str, int, int, str, tuple[str, ...]], ...] = (
    (0, "level_paged", 1, 0, "start", L1),
    (5, "level_paged", 1, 1, "acknowledge timeout", L1),
    (10, "level_paged", 1, 2, "acknowledge timeout", L1),
    (15, "level_paged", 2, 0, "acknowledge timeout", L2),
    (25, "level_paged", 2, 1, "acknowledge timeout", L2),
    (35, "level_paged", 2, 2, "acknowledge timeout", L2),
    (40, "level_announced", 3, 0, "", L2),
    (45, "level_paged", 3, 0, "acknowledge timeout", L3),
    (55, "level_paged", 3, 1, "acknowledge timeout", L3),
    (65, "level_paged", 3, 2, "acknowledge timeout", L3),
    (75, "escalation_exhausted", 0, 0, "acknowledge timeout", ("#incident-major",)),
)
"""The default path: minutes since the declaration, what happens, level, repeat, what brought it about, who is told."""

AT_FIRST = (
    r"● L1 primary on-call +sven ",
    r"▶ L2 backup \+ senior +backup, senior +in (\d\d:\d\d|\d+m)",
    r"· L3 managers +managers, ",
    r"· then #incident-major at \d\d:\d\d",
)
"""The ladder on the board while level 1 is asked, row by row."""


@dataclass(frozen=True, slots=True)
class Story:
    """What was seen of it. `screens` are of the one who declared (120x40), `others` of the other one (80x24); the
    forecast was made when the record had `known` lines."""

    screens: dict[str, str]
    others: dict[str, str]
    log: list[dict[str, Any]]
    sent: list[dict[str, Any]]
    known: int
    forecast: list[dict[str, Any]]
    why: list[dict[str, Any]]

    @property
    def declared(self) -> datetime:
        """When it began."""
        return moment(self.log[0]["at"])

    @property
    def ladder(self) -> list[Step]:
        """What happened on the ladder, and the acknowledgement."""
        return [step_of(line) for line in self.log if line["kind"] in (*LADDER, "acknowledged")]

    @property
    def drift(self) -> timedelta:
        """By how much all steps came late together: more than that nothing can have moved."""
        return sum((step.late for step in self.ladder), timedelta(seconds=1))


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The story, played from the keyboard."""
    stage = Stage(tmp_path_factory.mktemp("path"), pace(SPEED))
    screens: dict[str, str] = {}
    others: dict[str, str] = {}

    def look(name: str, *what: str) -> None:
        screens[name], others[name] = see((jonas, ana), *what, seconds=PATIENCE_S * slowness())

    with (
        stage.board(actor="jonas") as jonas,
        stage.board(actor="ana", size=(80, 24)) as ana,
        stage.shell() as shell,
    ):
        look("calm", "Nothing is live")
        jonas.press("d")
        jonas.wait_for("Declare an incident")
        jonas.type("SEV1 Checkout answers 503")
        jonas.press("tab", "tab")
        jonas.type("payments-api")
        jonas.press("enter")
        see((jonas,), "INC-1")
        known, forecast = 0, list[dict[str, Any]]()
        while len(shell.do("eva", "log", "INC-1")) != known:  # nothing happened while the forecast was made
            known = len(shell.do("eva", "log", "INC-1"))
            forecast = shell.do("eva", "forecast", "INC-1", "--steps", "100")
        look("L2 to come", *AT_FIRST)
        look("L2 paged", r"✔ L1 primary on-call +sven .*no answer, repeat 2/2", r"● L2 backup \+ senior +yuna, li")
        look("exhausted", "EXHAUSTED: nobody is left to page", r"INC-1 .*EXHAUSTED", r"L3 managers .*repeat 2/2")
        (record,) = see((jonas,), r"EXHAUSTED +policy sev1-critical is exhausted")
        screens["record"] = record
        ana.press("a")
        look("acknowledged", r"acknowledged \d\d:\d\d ana")
        look("paged again", r"● L3 managers")
        with stage.session() as session:
            session.execute(SetStatus(Status.RESOLVED, "it was the card network"), "INC-1")
            until(lambda: all(each.state == "sent" for each in listing(session.database, most=1000)), "all is sent")
        seen = Story(
            screens, others, stage.log("INC-1"), stage.sent(), known, forecast, shell.do("eva", "why", "INC-1")
        )
        for terminal in (jonas, ana):
            terminal.press("q")
            assert terminal.exit_status() == 0
    return seen


def test_every_step_is_on_the_record_once_and_at_its_minute(story: Story) -> None:
    path = story.ladder[: len(PATH)]
    assert [(s.kind, s.level, s.repeat, s.why, s.people) for s in path] == [each[1:] for each in PATH]
    assert all(timedelta(0) <= step.late < timedelta(seconds=SPEED * SLACK_S) for step in path)
    for step, (minutes, *_) in zip(path, PATH, strict=True):
        assert abs(step.at - story.declared - minutes * MINUTE) <= story.drift
    # To the microsecond: each falls due so long after the one before, or after that was really paged if it came late.
    paged = [(step, each[0]) for step, each in zip(path, PATH, strict=True) if step.kind != "level_announced"]
    assert paged[0][0].at == story.declared
    for (before, earlier), (step, later) in pairwise(paged):
        delay = (later - earlier) * MINUTE
        on_time = before.due if before.due is not None and before.late <= delay / 10 else before.at
        assert step.due == on_time + delay
    announced, third = path[6], path[7]
    assert third.due is not None
    assert (announced.due, moment(announced.data["at"])) == (third.due - 5 * MINUTE, third.due)


def rows(screen: str) -> list[str]:
    """The rows of the ladder on a screen, with single spaces."""
    found = [re.search(r"[✔●▶·] (L\d .+|then .+)", line) for line in screen.splitlines()]
    return [" ".join(each[0].split()) for each in found if each]


def test_both_boards_show_the_same_ladder_and_count_down_to_the_next_level(story: Story) -> None:
    for screens in (story.screens, story.others):
        for row, shown in zip(AT_FIRST, rows(screens["L2 to come"]), strict=True):
            assert re.match(row.replace(" +", " "), shown)
        assert "EXHAUSTED" not in screens["L2 paged"]
    at_end = [rows(screens["exhausted"]) for screens in (story.screens, story.others)]
    assert at_end[0] == at_end[1]
    clock = [f"{step.at:%H:%M}" for step in story.ladder if step.kind == "level_paged" and not step.repeat]
    people = ("L1 primary on-call sven", "L2 backup + senior yuna, li", "L3 managers tove, greta, ravi")
    for row, who, at in zip(at_end[0], people, clock, strict=False):
        assert row == f"✔ {who} {at} no answer, repeat 2/2"
    assert "policy sev1-critical is exhausted: nobody has acknowledged" in story.screens["exhausted"]
    assert "; last resort #incident-major by chat" in story.screens["record"]


def test_every_page_went_out_once_with_two_boards_running(story: Story) -> None:
    """Each page of the record is a line of the outbox's file, and there is no line besides."""
    paged = {
        (f"INC-1/{line['version']}/{number}", page["to"], page["via"])
        for line in story.log
        for number, page in enumerate(line["data"].get("pages", ()), 1)
    }
    lines = [(each["id"], each["to"], each["via"]) for each in story.sent]
    assert len(lines) == len(set(lines)) == len(paged)
    assert set(lines) == paged
    assert {(each["try"], each["maybe_twice"]) for each in story.sent} == {(1, False)}
    (last,) = [each for each in story.sent if each["to"] == "#incident-major"]
    assert last["body"].startswith("Nobody has acknowledged: policy sev1-critical is exhausted.")
    (text, *_) = [each for each in story.sent if each["to"] == "sven" and each["via"] == "sms"]
    assert text["address"] == "+46 70 174 06 08"
    assert "INC-1 SEV1 Checkout answers 503" in text["body"]
    assert "Acknowledge: warroom ack INC-1" in text["body"]


FORETOLD = (
    "level_paged",
    "level_announced",
    "level_skipped",
    "escalation_exhausted",
    "role_missed",
    "update_warned",
    "update_missed",
)
TOLD = ("level_announced", "update_warned")
"""What pages nobody."""


def test_what_was_forecast_at_the_declaration_is_what_happened(story: Story) -> None:
    exhausted = ("escalation_exhausted",)
    # Reminders go on for as long as nobody says anything; of what falls due with the end itself either may come first.
    forecast, log = (
        [each for each in lines if each["kind"] in exhausted or moment(each["at"]) < end - 2 * MINUTE]
        for lines in (story.forecast, story.log)
        for end in [moment(next(each["at"] for each in lines if each["kind"] in exhausted))]
    )
    happened = [line for line in log if line["kind"] in FORETOLD and line["version"] > story.known]
    assert len(forecast) == len(happened) > 20
    for topic in FORETOLD:
        told = [line for line in forecast if line["kind"] == topic]
        came = [line for line in happened if line["kind"] == topic]
        told.sort(key=lambda line: (line["role"], line["channel"], line["step"]))
        came.sort(key=lambda line: (line["data"].get("role", ""), line["data"].get("channel", ""), line["version"]))
        for foretold, line in zip(told, came, strict=True):
            step = step_of(line)
            found = foretold["told"] if topic in TOLD else foretold["pages"]
            assert tuple(each["to"] for each in found) == step.people
            assert (foretold["level"], foretold["repeat"]) == (step.level, step.repeat)
            assert (foretold["role"], foretold["channel"]) == (
                line["data"].get("role", ""),
                line["data"].get("channel", ""),
            )
            assert abs(moment(foretold["at"]) - step.at) <= story.drift


def test_a_rule_tells_the_senior_of_an_incident_on_a_payments_service(story: Story) -> None:
    (rule,) = [line for line in story.log if line["kind"] == "rule_applied"]
    assert (rule["data"]["rule"], rule["data"]["notify"]) == ("payments-senior", ["oncall:senior"])
    (told,) = [line for line in story.log if line["kind"] == "paged_besides"]
    assert [(page["to"], page["target"]) for page in told["data"]["pages"]] == [("li", "oncall:senior")]
    assert moment(told["at"]) == story.declared
    (why,) = [line for line in story.why if line["version"] == told["version"]]
    assert (why["state"], why["person"], why["target"]) == ("paged", "li", "oncall:senior")
    assert "rule payments-senior: payments are affected" in why["what"] + why["why"]
    assert [each["state"] for each in why["deliveries"]] == ["sent"]


def test_why_names_everybody_who_was_paged_with_what_became_of_it(story: Story) -> None:
    for kind, state in (("page", "paged"), ("notice", "told")):
        sent = {(int(each["id"].split("/")[1]), each["to"]) for each in story.sent if each["kind"] == kind}
        found = [line for line in story.why if line["state"] == state]
        assert {(line["version"], line["person"]) for line in found} == sent
        assert len(found) == len(sent)
        assert all(each["state"] == "sent" for line in found for each in line["deliveries"])
    second = next(line for line in story.log if line["kind"] == "level_paged" and line["data"]["level"] == 2)
    (passed,) = [line for line in story.why if line["version"] == second["version"] and line["state"] == "passed over"]
    assert (passed["person"], passed["target"]) == ("sven", "oncall:backup")


def test_an_acknowledged_alarm_lapses_after_half_an_hour_of_silence_and_pages_again(story: Story) -> None:
    acked, lapsed, again = story.ladder[len(PATH) : len(PATH) + 3]
    assert (acked.kind, acked.data["by"]) == ("acknowledged", "ana")
    assert (lapsed.kind, lapsed.data["by"], lapsed.due) == ("acknowledgement_lapsed", "ana", acked.at + 30 * MINUTE)
    assert lapsed.people == ("ana",)
    assert (again.kind, again.level, again.why, again.people) == ("level_paged", 3, "acknowledgement lapsed", L3)
    assert again.at == lapsed.at
    for screens in (story.screens, story.others):
        assert re.search(r"acknowledged \d\d:\d\d ana", screens["acknowledged"])
        assert "EXHAUSTED: nobody" not in screens["acknowledged"]
