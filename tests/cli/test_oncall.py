"""`warroom oncall`: who, until when and why; gaps; calendars out of schedules and into rulebook files."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import BOOK, T0, Cli
from warroom.cli.shapes import oncall as shapes
from warroom.domain.desk import AddAbsence, AddOverride
from warroom.domain.schedule import on_call, spans
from warroom.rulebook.convert import Loaded
from warroom.rulebook.load import read_rulebook, seed_rulebook
from warroom.service.rota import rota as read

SCHEDULES = b"""
schedules:
  prime:
    title: primary
    zone: Europe/Stockholm
    layers:
      ends: { people: [cy], hours: [{ days: [fri], start: 17:00, to: mon, end: 09:00 }] }
      days: { people: [ada, bo], rotate: daily, handoff: 09:00, start: 2024-03-11, until: 2024-04-01 }
    backup: [oncall:second, person:cy]
    limit: { pages: 1, within: 1h }
  quiet:
    layers:
      all: { people: [bo] }
"""
RULES = read_rulebook({"book.yaml": BOOK, "schedules.yaml": SCHEDULES})
TABLE = """\
ON CALL  WHO  UNTIL (UTC)       THEN
prime    ada  Thu 14 Mar 08:00  bo    primary
quiet    bo
first    ada                          list, at any hour
second   bo                           list, at any hour
gap: nobody on prime from Mon 01 Apr 07:00 until Fri 05 Apr 15:00 UTC, then oncall:second, person:cy
gap: nobody on prime from Mon 08 Apr 07:00 until Fri 12 Apr 10:00 UTC, then oncall:second, person:cy
"""


@pytest.fixture
def rota(warroom: Cli, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """A room whose rules have schedules."""
    monkeypatch.setattr("warroom.rulebook.load.seed_rulebook", lambda: RULES)
    warroom.book = RULES
    warroom.session().close()
    return warroom


def test_who_is_on_call_now_who_is_next_and_where_nobody_will_be(rota: Cli) -> None:
    # T0 is Wednesday, 11:00 in Stockholm: the third turn since Monday.
    found = [line.rstrip() for line in rota.out("oncall").splitlines()]
    assert found == TABLE.splitlines()


def test_then_and_why(rota: Cli) -> None:
    found = rota.out("oncall", "--schedule", "prime", "--at", "2024-03-15T20:00Z", "--why")
    assert "prime    cy   Mon 18 Mar 08:00  bo" in found
    assert "prime: layer ends of prime: cy since Fri 15 Mar 17:00 until Mon 18 Mar 09:00 Europe/Stockholm\n" in found
    assert "  layer ends: cy since" in found
    assert "first" not in found


def test_what_people_changed_counts(rota: Cli) -> None:
    hour = timedelta(hours=1)
    with rota.session() as session:
        session.at_desk(AddAbsence("ada", T0, T0 + 5 * hour, "ill"))
        session.at_desk(AddOverride("prime", "cy", T0 + hour, T0 + 2 * hour, "lunch"))
    away = rota.json("oncall", "--schedule", "prime")
    assert away["people"] == [] and away["passed"] == ["ada is absent until Wed 13 Mar 15:00 UTC: ill"]
    assert (away["next_at"], away["next_people"]) == ("2024-03-13T11:00:00Z", ["cy"])
    assert [gap["end"] for gap in away["gaps"]][:2] == ["2024-03-13T11:00:00Z", "2024-03-13T15:00:00Z"]
    over = rota.json("oncall", "--schedule", "prime", "--at", "90m")
    assert over["people"] == ["cy"]
    assert over["why"] == "override 2 by engine: cy until Wed 13 Mar 13:00 Europe/Stockholm: lunch"
    listed = rota.json("oncall", "--schedule", "first")
    assert listed["people"] == [] and "ada is absent" in listed["why"]


def test_the_objects_of_json_are_the_documented_ones(rota: Cli) -> None:
    result = rota("oncall", "--json")
    found = [shapes.OnCall.model_validate_json(line) for line in result.stdout.splitlines()]
    assert [each.schedule for each in found] == ["prime", "quiet", "first", "second"]
    assert found[0].people == ["ada"] and found[0].backup == ["oncall:second", "person:cy"]
    assert found[0].next_at == datetime.fromisoformat("2024-03-14T08:00:00Z")
    assert found[1].next_at is None and found[1].until is None
    assert len(found[0].gaps) == 2 and all(gap.people == [] for gap in found[0].gaps)
    for line in rota("oncall", "--days", "3", "--json").stdout.splitlines():
        assert shapes.Shift.model_validate_json(line).model_dump_json() == line


def test_the_shifts_of_the_next_days_and_of_one_person(rota: Cli) -> None:
    lines = rota.out("oncall", "--schedule", "prime", "--days", "3").splitlines()
    assert [" ".join(line.split()) for line in lines[1:]] == [
        "Wed 13 Mar 08:00 Thu 14 Mar 08:00 prime ada",
        "Thu 14 Mar 08:00 Fri 15 Mar 08:00 prime bo",
        "Fri 15 Mar 08:00 Fri 15 Mar 16:00 prime ada",
        "Fri 15 Mar 16:00 Mon 18 Mar 08:00 prime cy",
    ]
    mine = rota.json_lines("oncall", "--person", "bo", "--schedule", "prime", "--days", "3")
    assert [(each["start"], each["people"]) for each in mine] == [("2024-03-14T08:00:00Z", ["bo"])]
    assert "cy is on call on no schedule" in rota("oncall", "--person", "cy", "--schedule", "quiet").stderr


def test_one_who_had_their_share_is_shown(rota: Cli) -> None:
    with rota.session() as session:
        duty = replace(session.duty(), pages={"ada": (T0,)})
    (found,) = read(RULES.book, duty, T0, ["prime"], ahead=timedelta(days=1))
    assert found.spent == ("ada was paged once within 1h (the limit is 1)",)


@pytest.mark.parametrize(
    ("args", "message", "status"),
    [
        (("--schedule", "nope"), "no schedule nope in the rulebook in force; there is prime, quiet, first, second", 1),
        (("--schedule", "first", "--days", "2"), "first is a list, the same at all hours", 1),
        (("--person", "nobody"), "no 'nobody' among the people", 1),
        (("--days", "0"), "0 is not in the range", 2),
        (("--at", "3000-01-01T00:00Z"), "too far away", 2),
        (("--export", "ics", "--import", "x.ics"), "not both", 2),
        (("--import", "x.ics", "--schedule", "prime"), "--layer", 2),
        (("--layer", "x"), "--layer belongs to --import", 2),
        (("--out", "x"), "--out belongs to", 2),
        (("--export", "ics", "--json"), "name a file with --out", 2),
        (("--import", "nowhere.ics", "--schedule", "prime", "--layer", "x"), "nowhere.ics: No such file", 1),
        (("--import", "x.ics", "--schedule", "first", "--layer", "x"), "first is an on-call list", 1),
        (("--import", "x.ics", "--schedule", "two words", "--layer", "x"), "is not a name", 2),
    ],
)
def test_what_cannot_be_done_says_so(rota: Cli, args: tuple[str, ...], message: str, status: int) -> None:
    result = rota("oncall", *args)
    assert result.exit_code == status
    assert message in result.output.replace("│", "").replace("\n", " ")
    assert "Traceback" not in result.output


# Calendars -----------------------------------------------------------------------------------------------------------


def test_a_calendar_of_ones_own_shifts(rota: Cli, tmp_path: Path) -> None:
    text = rota.out("oncall", "--export", "ics", "--person", "bo", "--days", "4")
    assert text.startswith("BEGIN:VCALENDAR") and text.count("BEGIN:VEVENT") == 2
    assert "SUMMARY:On call: Bo (prime)" in text and "cy" not in text
    file = tmp_path / "bo.ics"
    written = rota.json("oncall", "--export", "ics", "--person", "bo", "--days", "4", "--out", str(file))
    assert written == {"file": str(file), "shifts": 2}
    assert file.read_text() == text.replace("\r\n", "\n")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def together(*files: Path) -> Loaded:
    return read_rulebook({"book.yaml": BOOK, **{file.name: file.read_bytes() for file in files}})


def test_a_calendar_becomes_a_layer_that_says_the_same(rota: Cli, tmp_path: Path) -> None:
    calendar, file = tmp_path / "rota.ics", tmp_path / "schedules.yaml"
    rota.out("oncall", "--export", "ics", "--schedule", "prime", "--days", "30", "--out", str(calendar))
    file.write_bytes(b"# ours\n" + SCHEDULES)
    told = rota("oncall", "--import", str(calendar), "--schedule", "prime", "--layer", "fixed", "--out", str(file))
    assert told.exit_code == 0 and "as layer fixed of prime" in told.stderr
    assert file.read_text().startswith("# ours\n")
    book = together(file).book
    before, after = RULES.book.schedules["prime"], book.schedules["prime"]
    assert [layer.name for layer in after.layers] == ["fixed", "ends", "days"]
    assert after.backup == before.backup
    alone = [layer for layer in after.layers if layer.name == "fixed"]
    for span in spans(before, T0, T0 + timedelta(days=18), RULES.book):
        found = on_call(type(after)("x", tuple(alone)), span.start, book)
        assert found.people == span.people


def test_of_our_own_calendar_only_the_shifts_of_the_schedule_that_is_named_are_taken(rota: Cli, tmp_path: Path) -> None:
    calendar, alone, file = tmp_path / "all.ics", tmp_path / "prime.ics", tmp_path / "schedules.yaml"
    rota.out("oncall", "--export", "ics", "--days", "10", "--out", str(calendar))
    rota.out("oncall", "--export", "ics", "--days", "10", "--schedule", "prime", "--out", str(alone))
    args = ("--schedule", "prime", "--layer", "fixed")
    told = rota("oncall", "--import", str(calendar), *args, "--out", str(file))
    assert told.exit_code == 0
    others = calendar.read_text().count("BEGIN:VEVENT") - alone.read_text().count("BEGIN:VEVENT")
    assert others == 1
    assert "1 shift of quiet was left out: it is not of prime" in told.stderr
    assert file.read_text().replace("all.ics", "prime.ics") == rota.out("oncall", "--import", str(alone), *args)
    # A calendar of somebody else's may call its events what it wants.
    calendar.write_text(calendar.read_text().replace("@warroom", "@example.org"))
    more = rota("oncall", "--import", str(calendar), *args, "--out", str(file))
    assert more.exit_code == 0 and "left out" not in more.stderr
    # Shifts of other schedules alone are none of this one.
    rota.out("oncall", "--export", "ics", "--days", "10", "--schedule", "quiet", "--out", str(calendar))
    none = rota("oncall", "--import", str(calendar), *args)
    assert none.exit_code == 1 and "has shifts of quiet and none of prime" in none.stderr


def test_a_calendar_of_strangers_is_refused_and_nothing_is_written(rota: Cli, tmp_path: Path) -> None:
    calendar, file = tmp_path / "rota.ics", tmp_path / "new.yaml"
    event = "BEGIN:VEVENT\nUID:1\nDTSTART:20240314T100000Z\nDTEND:20240314T120000Z\nSUMMARY:Who\x1b[31m\nEND:VEVENT\n"
    calendar.write_text(f"BEGIN:VCALENDAR\n{event}END:VCALENDAR\n")
    args = ("oncall", "--import", str(calendar), "--schedule", "new", "--layer", "fixed", "--out", str(file))
    result = rota(*args)
    assert result.exit_code == 1 and not file.exists()
    assert '1 entry names nobody: "Who' in result.stderr and "\x1b" not in result.stderr
    calendar.write_text(f"BEGIN:VCALENDAR\n{event.replace('Who', 'ada').replace(chr(27) + '[31m', '')}END:VCALENDAR\n")
    assert rota(*args).exit_code == 0
    assert together(file).book.schedules["new"].zone == "UTC"
    calendar.write_text("BEGIN:VCALENDAR\nEND:VCALENDAR\n")
    assert "has no shift from a month ago until 366 days ahead" in rota(*args).stderr


# The defaults --------------------------------------------------------------------------------------------------------


def test_the_rotas_of_the_defaults_leave_no_gap_and_no_one_person_alone() -> None:
    book = seed_rulebook().book
    start = datetime.fromisoformat("2026-01-05T08:00:00Z")
    assert len(book.schedules) >= 2
    for spec in book.schedules.values():
        year = spans(spec, start, start + timedelta(days=730), book)
        assert all(span.people for span in year), spec.name
        assert len({person for span in year for person in span.people}) > 1
        assert spec.backup
