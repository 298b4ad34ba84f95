"""Schedules, holidays and people's hours as they stand in files: what is meant, and what is wrong with what is not."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.rulebook.small import SMALL
from tests.support.books import utc
from warroom.domain.book import Rulebook
from warroom.domain.oncall import Holidays
from warroom.domain.policy import Target, TargetKind
from warroom.domain.schedule import Combine, Limit, on_call
from warroom.domain.schedule_clock import WeekHours
from warroom.domain.schedule_layers import Rotation, Shifts
from warroom.rulebook.convert import from_json
from warroom.rulebook.load import read_rulebook
from warroom.rulebook.problems import Problem, RulebookError


def read(text: str) -> Rulebook:
    rules = read_rulebook({"small.yaml": SMALL.encode(), "rota.yaml": text.encode()})
    assert from_json(rules.json).book == rules.book
    return rules.book


def layer(text: str) -> str:
    return f"schedules:\n  prime:\n    zone: Europe/Stockholm\n    layers:\n      week: {{ {text} }}\n"


def problem(text: str) -> Problem:
    with pytest.raises(RulebookError) as caught:
        read(text)
    (only,) = caught.value.problems
    return only


WHOLE = """
holidays:
  feasts: { 12-25: Christmas Day, 2026-04-03: Good Friday }
schedules:
  prime:
    title: primary
    zone: Europe/Stockholm
    combine: all
    backup: [oncall:first, oncall:other, "person:mina"]
    limit: { pages: 5, hours: 12, within: 2d }
    layers:
      week:
        people: [mina, [mina, 유나], []]
        rotate: 12h
        handoff: 08:30
        zone: Asia/Seoul
        start: 2026-01-05
        until: 2026-03-01 12:00
        hours:
          - { days: [mon, tue], start: 22:00, end: 06:00 }
          - { days: [fri], start: 17:00, to: mon, end: 09:00 }
        not_on: feasts
      fixed:
        shifts:
          - { start: 2026-01-05 09:00, end: 2026-01-05T16:00Z, people: mina }
  other: { layers: { feasts: { people: [유나], only_on: feasts } } }
"""


def test_everything_that_a_schedule_can_say() -> None:
    book = read(WHOLE)
    spec = book.schedules["prime"]
    assert book.holidays["feasts"] == Holidays(
        "feasts", {utc("2026-04-03").date(): "Good Friday"}, {(12, 25): "Christmas Day"}
    )
    assert (spec.title, spec.zone, spec.combine) == ("primary", "Europe/Stockholm", Combine.ALL)
    assert spec.limit == Limit(timedelta(days=2), 5, timedelta(hours=12))
    assert spec.backup == (
        Target(TargetKind.ONCALL, "first"),
        Target(TargetKind.ONCALL, "other"),
        Target(TargetKind.PERSON, "mina"),
    )
    week, fixed = spec.layers
    anchor = datetime.fromisoformat("2026-01-05T08:30")
    assert week.rota == Rotation((("mina",), ("mina", "유나"), ()), anchor, timedelta(hours=12))
    assert (week.zone, week.start, week.not_on) == ("Asia/Seoul", anchor, "feasts")
    assert week.until == datetime.fromisoformat("2026-03-01T12:00")
    nights = [(1320, 1440 + 360), (1440 + 1320, 2880 + 360), (4 * 1440 + 1020, 7 * 1440 + 540)]
    assert week.hours == WeekHours.of(nights)
    assert isinstance(fixed.rota, Shifts)
    (shift,) = fixed.rota.shifts
    assert (shift.people, shift.start, shift.end) == (("mina",), utc("2026-01-05 08:00"), utc("2026-01-05 16:00"))
    assert book.schedules["other"].layers[0].only_on == "feasts"


@pytest.mark.parametrize(
    ("text", "anchor"),
    [
        ("people: [mina]", "2024-01-01T09:00"),  # weekly, Monday at nine
        ("people: [mina], day: wed", "2023-12-27T09:00"),
        ("people: [mina], start: 2026-01-07", "2026-01-07T09:00"),
        ("people: [mina], start: 2026-01-07, day: mon", "2026-01-05T09:00"),
        ("people: [mina], start: 2026-01-07 08:00", "2025-12-31T09:00"),
        ("people: [mina], start: 2026-01-07 08:00, rotate: daily", "2026-01-06T09:00"),
        ("people: [mina], start: 2026-01-07 22:00, rotate: 6h", "2026-01-07T21:00"),
        ("people: [mina], start: 2026-01-07, rotate: 14d, day: mon, handoff: 17:00", "2026-01-05T17:00"),
    ],
)
def test_the_first_turn_is_the_one_that_runs_when_the_layer_begins(text: str, anchor: str) -> None:
    rota = read(layer(text)).schedules["prime"].layers[0].rota
    assert isinstance(rota, Rotation) and rota.anchor == datetime.fromisoformat(anchor)


def test_a_monthly_turn_keeps_its_day() -> None:
    book = read(layer("people: [mina, 유나], rotate: monthly, start: 2026-01-31, handoff: 12:00"))
    spec = book.schedules["prime"]
    for at, person in (("2026-01-31 11:30", "mina"), ("2026-02-28 10:30", "mina"), ("2026-02-28 11:30", "유나")):
        assert on_call(spec, utc(at), book).people == (person,)
    early = read(layer("people: [mina, 유나], rotate: monthly, start: 2026-01-31 08:00, handoff: 12:00"))
    for at, person in (("2026-01-31 08:00", "mina"), ("2026-01-31 12:00", "유나")):
        assert on_call(early.schedules["prime"], utc(at), early).people == (person,)


def test_what_people_are_told_by_their_own_clock() -> None:
    old = "    name: Yuna\n"
    assert old in SMALL
    hours = "    hours: [{ days: [mon], start: 09:00, end: 00:00 }]\n"
    more = f"    zone: Asia/Seoul\n{hours}    holidays: feasts\n    manager: mina\n"
    rules = read_rulebook({"a.yaml": SMALL.replace(old, old + more).encode(), "b.yaml": b"holidays: { feasts: {} }"})
    yuna = rules.book.people["유나"]
    assert (yuna.zone, yuna.holidays, yuna.manager) == ("Asia/Seoul", "feasts", "mina")
    assert yuna.hours == WeekHours(((540, 1440),))


@pytest.mark.parametrize(
    ("text", "what", "advice"),
    [
        (layer("people: [mina, minna]"), "names no person", "did you mean mina?"),
        (layer("people: [mina, [유나, 유나]]"), "a second time", "once is enough"),
        (layer("rotate: daily"), "names nobody", "add people"),
        (
            layer("people: [mina], shifts: [{ start: 2026-01-05 09:00, end: 2026-01-05 10:00, people: mina }]"),
            "beside people",
            "turns or shifts",
        ),
        (layer("people: [mina], rotate: weakly"), "not a length of turns", "did you mean weekly?"),
        (layer("people: [mina], rotate: 1m"), "too short", "15m"),
        (layer("people: [mina], rotate: monthly, day: mon"), "no meaning", "take day out"),
        (layer("people: [mina], handoff: 25:00"), "not a time of day", "00 to 23"),
        (layer("people: [mina], start: tomorrow"), "is not a day", "2026-01-05"),
        (layer("people: [mina], start: 2026-02-30"), "is not a day", "2026-01-05"),
        (layer("people: [mina], start: 2026-02-02, until: 2026-02-02"), "not after the start", "after 2026-02-02"),
        (layer("people: [mina], not_on: feasts"), "names no calendar of holidays", "add it under holidays"),
        (layer("people: [mina], zone: Europe/Stokholm"), "not a time zone", "did you mean Europe/Stockholm?"),
        (
            layer("shifts: [{ start: 2026-01-05, end: 2026-01-05 10:00, people: mina }]"),
            "is not a moment",
            "2026-01-05T09:00Z",
        ),
        ("schedules: { prime: { layers: {} } }", "has nothing in it", "layers by name"),
        ("schedules: { first: { layers: { a: { people: [mina] } } } }", "is the name of an on-call list", "rename"),
        (layer("people: [mina]") + "    combine: any\n", "not a way to combine", "first or all"),
        (layer("people: [mina]") + "    backup: [team:all]\n", "cannot be a backup", "oncall: and a list"),
        (
            layer("people: [mina]") + "    backup: [oncall:fist]\n",
            "names no on-call list or schedule",
            "did you mean first?",
        ),
        (layer("people: [mina]") + "    limit: { within: 1d }\n", "limits nothing", "pages: 5"),
        (layer("people: [mina]") + "    limit: { pages: 5, within: 8d }\n", "too long", "7d"),
        (layer("people: [mina]") + "    limit: { hours: 30, within: 1d }\n", "can never be reached", "fewer hours"),
        ("holidays: { feasts: { 13-25: X } }", "not a day of the calendar", "12-25"),
        ("holidays: { feasts: { monday: X } }", "is not a day", "2026-04-03"),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(text: str, what: str, advice: str) -> None:
    found = problem(text)
    assert what in found.message and advice in found.advice
    assert found.file == "rota.yaml" and found.line


def test_hours_need_a_zone() -> None:
    old = "    name: Yuna\n"
    text = SMALL.replace(old, old + "    hours: [{ start: 09:00, end: 17:00 }]\n")
    with pytest.raises(RulebookError, match="add a zone"):
        read_rulebook({"a.yaml": text.encode()})


@pytest.mark.parametrize(
    ("target", "advice"),
    [
        ("service:ownr", "did you mean owner?"),
        ("manager:boss", "write manager:paged or manager:lead"),
        ("oncall:prim", "did you mean prime?"),
        ("prime", "write oncall:prime"),
    ],
)
def test_targets_that_name_nothing(target: str, advice: str) -> None:
    old = '"team:all"'
    text = SMALL.replace("team:all", target)
    assert text != SMALL, old
    with pytest.raises(RulebookError) as caught:
        read_rulebook({"a.yaml": text.encode(), "b.yaml": layer("people: [mina]").encode()})
    assert advice in caught.value.problems[0].advice


def test_targets_of_the_service_and_of_managers() -> None:
    for target in ("service:owner", "service:oncall", "manager:paged", "manager:lead", "oncall:prime"):
        files = {"a.yaml": SMALL.replace("team:all", target).encode(), "b.yaml": layer("people: [mina]").encode()}
        kind, _, name = target.partition(":")
        targets = {t for level in read_rulebook(files).book.policies["urgent"].levels for t in level.targets}
        assert Target(TargetKind(kind), name) in targets
