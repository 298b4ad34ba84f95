"""Calendars: read into shifts of people, written for people's own, and put into a rulebook's file as a layer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intake.real_data import DATA
from tests.support.books import BOOK
from warroom.domain.oncall import Contact, Person
from warroom.domain.schedule import ScheduleSpec, Span, spans
from warroom.domain.schedule_layers import Layer, Rotation, Shift
from warroom.intake.ical import MOST_STEPS, Calendar, CalendarError, Entry, read_calendar, to_shifts
from warroom.intake.ical_layer import MOST, put_layer
from warroom.intake.ical_write import write_calendar

SINCE, UNTIL = datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
PEOPLE = {
    person.login: person
    for person in (
        Person("jonas", "Jonas Ekvall", (Contact("mail", "jonas@example.org"), Contact("chat", "@jo"))),
        Person("li", "Li Wenjing", (Contact("mail", "li@example.org"),)),
        Person("yuna", "Yuna Han 한유나"),
        Person("sven", "Sven Åkerblad"),
        Person("sven2", "Sven Åkerblad"),
    )
}


def ics(*events: str, head: str = "") -> bytes:
    inner = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//tests//EN\n{head}{inner}END:VCALENDAR\n".replace(
        "\n", "\r\n"
    ).encode()


def event(start: str = "20240313T100000Z", end: str = "20240313T180000Z", title: str = "jonas", more: str = "") -> str:
    start, end = (each if each.startswith((";", ":")) else f":{each}" for each in (start, end))
    return f"UID:1\nDTSTAMP:20240101T000000Z\nDTSTART{start}\nDTEND{end}\nSUMMARY:{title}\n{more}"


def read(*events: str, head: str = "", zone: str = "UTC") -> Calendar:
    return read_calendar(ics(*events, head=head), "rota.ics", zone=zone, since=SINCE, until=UNTIL)


def times(calendar: Calendar) -> list[str]:
    return [f"{e.start:%m-%d %H:%M} {e.end:%m-%d %H:%M}" for e in calendar.entries]


# Reading -------------------------------------------------------------------------------------------------------------


def test_an_event_is_a_shift() -> None:
    (entry,) = read(event()).entries
    assert entry == Entry(datetime(2024, 3, 13, 10, tzinfo=UTC), datetime(2024, 3, 13, 18, tzinfo=UTC), "jonas")


@pytest.mark.parametrize(
    ("start", "end", "head", "expected"),
    [
        # Whole days and times without a zone are meant by the clocks of the schedule, or of the calendar.
        (";VALUE=DATE:20240313", ";VALUE=DATE:20240315", "", "03-12 23:00 03-14 23:00"),
        ("20240313T100000", "20240313T180000", "", "03-13 09:00 03-13 17:00"),
        (";VALUE=DATE:20240313", ";VALUE=DATE:20240314", "X-WR-TIMEZONE:Asia/Seoul\n", "03-12 15:00 03-13 15:00"),
        (
            ";TZID=America/Chicago:20240313T100000",
            ";TZID=America/Chicago:20240313T180000",
            "",
            "03-13 15:00 03-13 23:00",
        ),
        # As makers write zones: with a prefix of their own, or by Windows' names.
        (";TZID=/example.org/x/Asia/Seoul:20240313T100000", "20240313T180000Z", "", "03-13 01:00 03-13 18:00"),
        (";TZID=Korea Standard Time:20240313T100000", "20240313T180000Z", "", "03-13 01:00 03-13 18:00"),
    ],
)
def test_times_and_their_zones(start: str, end: str, head: str, expected: str) -> None:
    assert times(read(event(start, end), head=head, zone="Europe/Stockholm")) == [expected]


def test_what_repeats_keeps_to_the_clock_on_the_wall() -> None:
    tz = ";TZID=Europe/Stockholm:"
    found = read(event(f"{tz}20240329T090000", f"{tz}20240329T170000", more="RRULE:FREQ=DAILY;COUNT=4"))
    assert times(found) == [
        "03-29 08:00 03-29 16:00",
        "03-30 08:00 03-30 16:00",
        "03-31 07:00 03-31 15:00",
        "04-01 07:00 04-01 15:00",
    ]


def test_a_zone_that_the_file_describes_itself() -> None:
    rule = "DTSTART:20240101T000000\nTZOFFSETFROM:+0300\nTZOFFSETTO:+0300\nTZNAME:X"
    zone = f"BEGIN:VTIMEZONE\nTZID:Office\nBEGIN:STANDARD\n{rule}\nEND:STANDARD\nEND:VTIMEZONE\n"
    found = read(event(";TZID=Office:20240313T100000", ";TZID=Office:20240313T180000"), head=zone)
    assert times(found) == ["03-13 07:00 03-13 15:00"]


def test_single_days_of_a_series_are_moved_left_out_or_cancelled() -> None:
    series = event(more="RRULE:FREQ=DAILY;COUNT=4\nEXDATE:20240314T100000Z")
    moved = event("20240315T120000Z", "20240315T200000Z", "li", "RECURRENCE-ID:20240315T100000Z")
    cancelled = event("20240320T120000Z", "20240320T200000Z", "li", "STATUS:CANCELLED").replace("UID:1", "UID:2")
    found = read(series, moved, cancelled)
    assert [(f"{e.start:%d %H}", e.title) for e in found.entries] == [
        ("13 10", "jonas"),
        ("15 12", "li"),
        ("16 10", "jonas"),
    ]


def test_only_what_lies_within_the_time_is_taken() -> None:
    before = event("20231201T100000Z", "20231201T180000Z")
    across = event("20231231T200000Z", "20240101T040000Z").replace("UID:1", "UID:2")
    for_ever = event("20240101T100000Z", "20240101T180000Z", more="RRULE:FREQ=WEEKLY").replace("UID:1", "UID:3")
    found = read(before, across, for_ever)
    assert len(found.entries) == 1 + 53
    assert times(found)[0] == "12-31 20:00 01-01 04:00"


def test_what_says_nothing_about_shifts_may_be_as_broken_as_it_likes() -> None:
    alarm = "BEGIN:VALARM\nTRIGGER:never\nACTION\nEND:VALARM\nGEO:nowhere\nX-JUNK;;;:\nCREATED:yesterday"
    task = "BEGIN:VTODO\nDUE:some day\nEND:VTODO\n"
    assert len(read(event(more=alarm), head=task).entries) == 1


def test_an_event_without_a_beginning_is_counted_and_no_shift() -> None:
    found = read(event(), "UID:9\nSUMMARY:some day")
    assert (len(found.entries), found.undated) == (1, 1)


def test_events_without_a_calendar_around_them() -> None:
    raw = f"BEGIN:VEVENT\n{event().strip()}\nEND:VEVENT\n".encode()
    assert len(read_calendar(raw, "bare.ics", zone="UTC", since=SINCE, until=UNTIL).entries) == 1


def test_hostile_titles_are_cleaned() -> None:
    (entry,) = read(event(title="jo\x1b[31mnas\u202e " + "x" * 5000)).entries
    assert "\x1b" not in entry.title and "\u202e" not in entry.title and len(entry.title) <= 200


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "no calendar"),
        (b"\xff\xfe\x00 PK zip", "no calendar"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "cannot be read"),
        (ics(event("never")), "Failed to validate 'never'"),
        (ics(event(";TZID=Mars/Olympus:20240313T100000")), "'Mars/Olympus' to be valid timezone"),
        (ics(event(more="RRULE:FREQ=SOMETIMES")), "rrule.freq"),
        (ics(event(more="RRULE:FREQ=SECONDLY")), f"more than {MOST_STEPS:,} events"),
        (b"BEGIN:VCALENDAR\n" + b"x" * (4 * 1024 * 1024), "larger than 4 MiB"),
    ],
)
def test_what_cannot_be_read_says_so_and_names_the_file(raw: bytes, message: str) -> None:
    with pytest.raises(CalendarError, match=r"^rota\.ics ") as caught:
        read_calendar(raw, "rota.ics", zone="UTC", since=SINCE, until=UNTIL)
    assert message in str(caught.value)
    assert "pydantic" not in str(caught.value) and "\n" not in str(caught.value)


@given(
    st.lists(st.sampled_from(ics(event(more="RRULE:FREQ=DAILY;COUNT=3")).decode().splitlines()), max_size=20),
    st.binary(max_size=40),
    st.integers(0, 400),
)
@settings(max_examples=150, derandomize=True, database=None, deadline=None)
def test_any_bytes_are_a_calendar_or_an_error_in_words(lines: list[str], junk: bytes, at: int) -> None:
    raw = "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"]).encode()
    raw = raw[:at] + junk + raw[at:]
    try:
        found = read_calendar(raw, "any.ics", zone="UTC", since=SINCE, until=UNTIL)
    except CalendarError as error:
        assert str(error).startswith("any.ics ")
    else:
        assert all(entry.start < entry.end for entry in found.entries)


# Whose shift ---------------------------------------------------------------------------------------------------------


def entry(title: str, *guests: tuple[str, ...]) -> Entry:
    return Entry(SINCE, SINCE + HOUR, title, guests)


@pytest.mark.parametrize(
    ("title", "people"),
    [
        ("jonas", ("jonas",)),
        ("  JONAS  ", ("jonas",)),
        ("@jonas", ("jonas",)),
        ("@jo", ("jonas",)),
        ("Jonas   ekvall", ("jonas",)),
        ("li@EXAMPLE.org", ("li",)),
        ("한유나", ()),
        ("yuna han 한유나", ("yuna",)),
        ("On call: Jonas Ekvall (primary)", ("jonas",)),
        ("Jonas Ekvall - Primary On-Call", ("jonas",)),
        ("[L1] jonas, li", ("jonas", "li")),
        ("[L1] jonas", ("jonas",)),
        ("jonas, li", ("jonas", "li")),
        ("Jonas Ekvall & Li Wenjing", ("jonas", "li")),
        ("jonas and li", ("jonas", "li")),
        ("jonas, nobody", ()),
        ("Sven Åkerblad", ()),
        ("", ()),
    ],
)
def test_titles_name_people(title: str, people: tuple[str, ...]) -> None:
    if people:
        assert to_shifts([entry(title)], PEOPLE, "rota.ics") == (Shift(people, SINCE, SINCE + HOUR),)
    else:
        with pytest.raises(CalendarError, match="1 entry names nobody"):
            to_shifts([entry(title)], PEOPLE, "rota.ics")


def test_guests_come_before_the_title() -> None:
    (found,) = read(
        event(title="support", more="ATTENDEE;CN=Somebody:mailto:LI@example.org\nATTENDEE:mailto:room7@example.org")
    ).entries
    assert to_shifts([found], PEOPLE, "x")[0].people == ("li",)


def test_an_error_names_every_title_that_names_nobody_once() -> None:
    unknown = [entry(title) for title in ("gone", "gone", "\x1b[2Jlost", *(f"who{n}" for n in range(20)))]
    with pytest.raises(CalendarError) as caught:
        to_shifts([entry("jonas"), *unknown], PEOPLE, "rota.ics")
    text = str(caught.value)
    assert text.startswith('rota.ics: 23 entries name nobody: "gone" (Mon 01 Jan 2024 00:00 UTC), ')
    assert text.count("gone") == 1 and "and 14 more" in text and "\x1b" not in text


# Writing -------------------------------------------------------------------------------------------------------------


def _shifts() -> list[tuple[str, Span]]:
    turn = Rotation((("jonas",), ("li", "jonas"), ("yuna",), ()), datetime.fromisoformat("2024-03-01T09:00"))
    spec = ScheduleSpec("prime", (Layer("days", turn, "Europe/Stockholm"),))
    start = datetime(2024, 3, 25, 12, tzinfo=UTC)
    return [("prime", span) for span in spans(spec, start, start + timedelta(days=14), BOOK)]


def test_what_was_written_is_read_again_exactly() -> None:
    shifts = _shifts()
    text = write_calendar(shifts, PEOPLE, room="r", now=SINCE)
    found = read_calendar(text.encode(), "own.ics", zone="Asia/Seoul", since=SINCE, until=UNTIL)
    again = to_shifts(found.entries, PEOPLE, "own.ics")
    expected = [(span.start, span.end, set(span.people)) for _, span in shifts if span.people]
    assert [(shift.start, shift.end, set(shift.people)) for shift in again] == expected
    assert len(expected) < len(shifts)  # there are gaps, and they are not written


def test_the_same_shift_has_the_same_name_whenever_it_is_written() -> None:
    def names(text: str) -> list[str]:
        return [line for line in text.splitlines() if line.startswith("UID:")]

    one = write_calendar(_shifts(), PEOPLE, room="r", now=SINCE)
    other = write_calendar(_shifts()[2:], PEOPLE, room="r", now=UNTIL)
    assert set(names(other)) < set(names(one)) and len(set(names(one))) == len(names(one))
    assert names(write_calendar(_shifts(), PEOPLE, room="elsewhere", now=SINCE)) != names(one)


def test_names_cannot_break_out_of_a_calendar() -> None:
    evil = {"jonas": Person("jonas", "J\r\nEND:VCALENDAR\r\nX;,:", (Contact("mail", "a@b\r\nX:1"),))}
    text = write_calendar(_shifts()[:1], evil, room="r", now=SINCE)
    assert text.count("END:VCALENDAR") == 1 or "\nEND:VCALENDAR\nX" not in text.replace("\r", "")
    assert "ATTENDEE" not in text


# A layer in a file ---------------------------------------------------------------------------------------------------


def layer(before: str | None, shifts: list[Shift], schedule: str = "prime", name: str = "summer") -> str:
    return put_layer(before, schedule, name, shifts, file="rota.yaml", source="rota.ics", zone="Asia/Seoul")


SHIFTS = [Shift(("jonas",), SINCE, SINCE + HOUR), Shift(("li", "jonas"), SINCE + HOUR, SINCE + HOUR * 1.01)]


def test_a_new_file_says_where_it_comes_from() -> None:
    assert layer(None, SHIFTS).splitlines()[2:] == [
        "schedules:",
        "  prime:",
        "    zone: Asia/Seoul",
        "    layers:",
        "      summer:",
        "        shifts:",
        "          - {start: 2024-01-01T00:00Z, end: 2024-01-01T01:00Z, people: jonas}",
        "          - {start: 2024-01-01T01:00Z, end: '2024-01-01T01:00:36Z', people: [li, jonas]}",
    ]


def test_what_stands_in_a_file_stays() -> None:
    before = layer(None, SHIFTS) + "    # the end\nteams: { all: [jonas] } # everybody\n"
    again = layer(before, SHIFTS[:1], name="winter")
    assert again.index("winter") < again.index("summer")
    assert "# the end" in again and "# everybody" in again
    replaced = layer(again, SHIFTS[:1])
    assert replaced.count("jonas}") == 2 and "li" not in replaced.partition("layers")[2].partition("teams")[0]
    assert layer(replaced, SHIFTS[:1]) == replaced


@pytest.mark.parametrize("before", ["- a\n", "schedules: [a]\n", "schedules: { prime: 1 }\n", "a: [", "schedules:\n"])
def test_a_file_that_cannot_be_added_to_is_left_alone(before: str) -> None:
    with pytest.raises(CalendarError, match=r"rota\.yaml"):
        layer(before, SHIFTS)


def test_more_shifts_than_fit_are_refused() -> None:
    with pytest.raises(CalendarError, match="--days"):
        layer(None, SHIFTS[:1] * (MOST + 1))


# Real calendars ------------------------------------------------------------------------------------------------------

CALENDARS = DATA / "oncall" / "ics"
FOREVER = (datetime(1980, 1, 1, tzinfo=UTC), datetime(2032, 1, 1, tzinfo=UTC))


@pytest.mark.skipif(
    not CALENDARS.is_dir(), reason=f"no real calendars at {CALENDARS}; set WARROOM_REAL_DATA to the folder above oncall"
)
def test_calendars_of_other_programs_are_read_or_refused_in_words() -> None:
    files = sorted(CALENDARS.rglob("*.ics"))
    assert len(files) == 154
    read_, refused, entries = 0, {}, 0
    for path in files:
        try:
            found = read_calendar(
                path.read_bytes(), path.name, zone="Europe/Stockholm", since=FOREVER[0], until=FOREVER[1]
            )
        except CalendarError as error:
            refused[path.name] = str(error)
            continue
        read_, entries = read_ + 1, entries + len(found.entries)
        assert all(FOREVER[0] < each.end and each.start < FOREVER[1] for each in found.entries)
        assert all(each.start < each.end and "\n" not in each.title for each in found.entries)
    assert (read_, len(refused)) == (125, 29)
    assert entries > 30_000
    for name, message in refused.items():
        assert message.startswith(name) and len(message) < 500 and "pydantic" not in message
    assert "no calendar" in refused["journals__example.ics"]
    assert "'Western/Central Europe'" in refused["calendars__issue_526_calendar_with_events.ics"]
