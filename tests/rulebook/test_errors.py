"""Everything that can be wrong with a rulebook: where it stands, what stands there, and what to do about it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.rulebook.small import SMALL, changed, problems_of
from warroom.rulebook.load import load_rulebook, read_rulebook
from warroom.rulebook.problems import SHOWN, RulebookError
from warroom.rulebook.yamlfile import MAX_BYTES


@dataclass(frozen=True)
class Case:
    """One slip: `old` becomes `new`, where « marks the place that the problem has to name."""

    name: str
    old: str
    new: str
    value: str
    message: str
    advice: str


CASES = (
    # Durations
    Case("bare number", "ack_timeout: 5m", "ack_timeout: «5", '"5"', "has no unit", "write 5m for minutes, 5s for"),
    Case("words", "ack_timeout: 5m", "ack_timeout: «5 min", '"5 min"', "is not a duration", "1h30m"),
    Case("fraction", "ack_timeout: 5m", "ack_timeout: «1.5h", '"1.5h"', "is not a duration", "1h30m"),
    Case("capital unit", "ack_timeout: 5m", "ack_timeout: «5M", '"5M"', "is not a duration", "5m"),
    Case("wrong order", "ack_timeout: 5m", "ack_timeout: «5m1h", '"5m1h"', "is not a duration", "in"),
    Case("zero", "cadence: 30m", "cadence: «0m", '"0m"', "is no time at all", "1s"),
    Case("negative", "final: 1h", "final: «-1h", '"-1h"', "is negative", "without the minus"),
    Case("more than a year", "final: 1h", "final: «367d", '"367d"', "longer than a year", "366d"),
    Case("absurd", "final: 1h", "final: «999999d999999h", '"999999d999999h"', "longer than a year", "366d"),
    # References
    Case("policy", "policy: urgent", "policy: «urgnt", '"urgnt"', "names no policy", "did you mean urgent?"),
    Case("role", "      incident-manager: 5m", "      «im: 5m", '"im"', "names no role", "there is incident-manager"),
    Case("person", "first: [mina]", "first: [«minna]", '"minna"', "names no person", "did you mean mina?"),
    Case("capitals", "first: [mina]", "first: [«Mina]", '"Mina"', "names no person", "did you mean mina?"),
    Case("channel", "      public: {", "      «publik: {", '"publik"', "names no channel", "did you mean public?"),
    Case("watched", "channel: public,", "channel: «publix,", '"publix"', "names no channel", "did you mean public?"),
    Case(
        "on-call list",
        "targets: [oncall:first]",
        "targets: [«oncall:frist]",
        '"oncall:frist"',
        "names no on-call list",
        "first",
    ),
    Case("team", "[team:all,", "[«team:ale,", '"team:ale"', "names no team", "did you mean all?"),
    Case("chat room", '"channel:#major"', '«"channel:#mayor"', '"channel:#mayor"', "names no chat room", "#major?"),
    # Targets
    Case("kind", "[oncall:first, ", "[«oncal:first, ", '"oncal:first"', "is not a target", "did you mean oncall?"),
    Case("bare name", '"person:mina"]', "«mina]", '"mina"', "does not say what it names", "write person:mina"),
    Case("bare unknown", '"person:mina"]', "«bob]", '"bob"', "does not say what it names", "such as person:mina"),
    Case("blank", "[oncall:first, ", "[«{oncall: first}, ", "", "is a group of lines", "no blank behind the colon"),
    Case("room without #", '"channel:#major"', "«channel:major", '"channel:major"', "is not a chat room", "with its #"),
    Case("level in a level", "[team:all,", "[«level:next,", '"level:next"', "cannot stand here", "only reminders"),
    Case("level by number", "[level:next]", "[«level:2]", '"level:2"', "is not a level", "write level:next"),
    Case("then", '["channel:#major"]', "[«level:next]", '"level:next"', "cannot stand here", "and then of a role"),
    Case("own pool", '"person:mina"]', "«role:incident-manager]", '"role:incident-manager"', "is the role", "vacant"),
    Case("nobody", "targets: [oncall:first]", "targets: «[]", "", "has nothing in it", "who is paged"),
    Case("not a list", "targets: [oncall:first]", "targets: «oncall:first", '"oncall:first"', "list belongs", "[one, "),
    Case("twice", "[team:all,", "[team:all, «team:all,", '"team:all"', "a second time", "once is enough"),
    Case("no member", "first: [mina]", "first: «[]", "", "has nothing in it", "add at least one"),
    # Names
    Case("severity twice", "  SEV2:", "  «sev1:", '"sev1"', "is the same as the severity SEV1", "rename it"),
    Case(
        "person twice",
        "  유나:",
        "  «MINA: {name: M}\n  유나:",
        '"MINA"',
        "is the same as the person mina",
        "rename it",
    ),
    Case(
        "key twice",
        "  유나:",
        "  «mina: {name: M}\n  유나:",
        '"mina"',
        "a second time, the first is on line 44",
        "rename it",
    ),
    Case("blank in a name", "  payments: [", "  «all of us: [", '"all of us"', "is not a name", "one word"),
    Case("colon in a name", "  payments: [", '  «"a:b": [', '"a:b"', "is not a name", "one word"),
    Case("empty name", "  payments: [", '  «"": [', '""', "is empty", "one character"),
    Case("invisible name", "  payments: [", '  «"\\u200b": [', '"\\u200b"', "is empty", "one character"),
    Case("long name", "  payments: [", f"  «{'a' * 65}: [", f'"{"a" * 60}"…', "is longer than 64", "fewer"),
    Case("long severity", "  SEV2:", f"  «{'S' * 17}:", f'"{"S" * 17}"', "is longer than 16", "fewer"),
    Case(
        "room name", '  "#major": last', '  «"##major": x\n  "#major": last', '"##major"', "is not a name", "one word"
    ),
    Case("prefix", "prefix: INC", "prefix: «inc-", '"inc-"', "is not a prefix", "capital letters"),
    # Texts
    Case("control characters", "title: minor", 'title: «"\\e[31m"', '"\\x1b[31m"', "is empty", "can be seen"),
    Case("long title", "title: minor", f"title: «{'x' * 61}", f'"{"x" * 60}"…', "longer than 60", "fewer"),
    Case("list for a text", "title: minor", "title: «[minor]", "", "is a list where a single value", "one value"),
    Case("wide glyph", "glyph: ▲", "glyph: «🔥", '"🔥"', "is not a sign of one cell", "◆"),
    Case("two glyphs", "glyph: ▲", "glyph: «▲▲", '"▲▲"', "is not a sign of one cell", "◆"),
    Case("audience", "audience: external", "audience: «public", '"public"', "is not an audience", "internal or"),
    Case("way", "{sms: ", "{«sns: ", '"sns"', "is not a way", "did you mean sms?"),
    Case("via", "via: [sms, chat]", "via: [sms, «pager]", '"pager"', "is not a way", "chat, sms, phone"),
    # Numbers and flags
    Case("rank twice", "rank: 2", "rank: «01", '"01"', "is the rank of SEV1", "rank of its own"),
    Case("no rank", "rank: 2", "rank: «two", '"two"', "is not a whole number", "from 1 to 99"),
    Case("repeat", "repeat: 1", "repeat: «101", '"101"', "is out of bounds", "from 0 to 100"),
    Case("cycles", "cycles: 2", "cycles: «21", '"21"', "is out of bounds", "from 1 to 20"),
    Case("no cycle", "cycles: 2", "cycles: «0", '"0"', "is out of bounds", "from 1 to 20"),
    Case("huge number", "repeat: 1", f"repeat: «{'9' * 70}", f'"{"9" * 60}"…', "is not a whole number", "0 to 100"),
    Case("yes", "major: true", "major: «yes", '"yes"', "is neither true nor false", "true or false"),
    Case("impact twice", "critical, high]", "critical, «CRITICAL]", '"CRITICAL"', "a second time", "once"),
    # Hours
    Case("no days", "days: [mon, fri]", "days: «[]", "", "has nothing in it", "[mon, tue, wed, thu, fri]"),
    Case("day", "days: [mon, fri]", "days: [mon, «friday]", '"friday"', "is not a day", "did you mean fri?"),
    Case("day twice", "days: [mon, fri]", "days: [mon, «mon]", '"mon"', "a second time", "once"),
    Case("zone", "zone: Europe/Stockholm", "zone: «Europe/Malmo", '"Europe/Malmo"', "is not a time zone", "IANA"),
    Case("zone folder", "zone: Europe/Stockholm", "zone: «Europe", '"Europe"', "is not a time zone", "IANA"),
    Case("zone elsewhere", "zone: Europe/Stockholm", "zone: «../../etc/passwd", '"../../etc/passwd"', "is not", "IANA"),
    Case("zone slip", "zone: Europe/Stockholm", "zone: «europe/Stokholm", '"europe/Stokholm"', "is not", "Stockholm?"),
    Case("end before start", "end: 17:30", "end: «08:59", '"08:59"', "is not after the start", "after 09:00"),
    Case("end at start", "end: 17:30", "end: «09:00", '"09:00"', "is not after the start", "23:59"),
    Case("midnight", "end: 17:30", "end: «24:00", '"24:00"', "is not a time of day", "23:59"),
    Case("not a time", "start: 09:00", "start: «9", '"9"', "is not a time of day", "09:00"),
    # Reminders
    Case("late first", "after: 0s", "after: «1m", '"1m"', "is not at once", "0s"),
    Case("no later", "{after: 5m", "{after: «0s", '"0s"', "is not later", "more than 0s"),
    # Shapes
    Case("unknown field", "ack_timeout: 5m", "«ack_timout: 5m", '"ack_timout"', "is not known here", "ack_timeout?"),
    Case("unknown section", "services:", "«servces:", '"servces"', "is not known here", "did you mean services?"),
    Case("quite unknown", "title: minor", "title: minor\n    «x: y", '"x"', "is not known here", "there is rank"),
    Case("empty value", "policy: urgent", "«policy:", "", "is empty", "take the line out"),
    Case("null", "policy: urgent", "policy: «null", '"null"', "names no policy", "there is urgent"),
    Case("text for a group", "  urgent:\n", "  urgent: «x\n  other:\n", '"x"', "is a text where a group", "indented"),
    Case("list for a group", "watch: {channel: public, cadence: 30m}", "watch: «[public]", "", "is a list", "indented"),
    Case("group for a list", "    duties: [Lead.]", "    «duties: {a: b}", "", "a group of lines where", "[one"),
    # YAML
    Case("tab", "    name: Yuna", "«\tname: Yuna", '"name: Yuna"', "is not YAML here", "no tabs"),
    Case("colon", "name: Yuna", "name: Yuna«: Han", '"name: Yuna: Han"', "is not YAML here", "in quotes"),
    Case("at sign", "name: Yuna", "name: «@yuna", '"name: @yuna"', "is not YAML here", "in quotes"),
    Case("alias", "name: Yuna", "name: «*yuna", '"name: *yuna"', "is not YAML here", "in quotes"),
    Case("tag", "name: Yuna", "name: «!python Yuna", '"!python"', "is a tag", "take out"),
    Case("language tag", "name: Yuna", "name: «!!python/object:x Yuna", '"python/object:x"', "is a tag", "the !"),
    Case("binary", "name: Yuna", "name: «!!binary WXVuYQ==", '"binary"', "is a tag", "take out"),
    Case("merge key", "name: Yuna", "«<<: {name: Yuna}", '"<<"', "is a merge key", "write the lines out"),
    Case("list for a name", "    name: Yuna", "    ? «[a]\n    : b", "", "a group or a list for a name", "one word"),
    Case("two documents", "services:\n", "«---\nservices:\n", '"---"', "another document", "a file is one document"),
    Case("control character", "name: Yuna", "name: «\x07", '"\\x07"', "is a character", "take it out"),
    Case("itself", "  all: [mina, 유나]", "  all: «&all [*all]", "", "contains itself", "alias"),
    Case("deep", "  all: [mina, 유나]", f"  all: {'[' * 30}«[{']' * 31}", "", "is nested too deep", "brackets"),
)


def _place(text: str) -> tuple[int, int]:
    before = text[: text.index("«")]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_a_slip_is_named_with_its_place_and_a_remedy(case: Case) -> None:
    text = changed(case.old, case.new)
    line, column = _place(text)
    (problem,) = problems_of(text.replace("«", ""))
    assert (problem.file, problem.line, problem.column) == ("a.yaml", line, column)
    assert case.message in problem.message
    assert case.advice in problem.advice and problem.advice
    if case.name != "deep":
        assert problem.value == case.value


def test_a_repeat_without_an_acknowledge_timeout_is_a_contradiction() -> None:
    text = changed("        ack_timeout: 5m\n", "").replace("repeat: 1", "repeat: «1")
    line, column = _place(text)
    (problem,) = problems_of(text.replace("«", ""))
    assert (problem.line, problem.column, problem.value) == (line, column, '"1"')
    assert "can never happen" in problem.message and "ack_timeout" in problem.advice


def test_a_missing_field_is_reported_at_the_name_of_its_group() -> None:
    (problem,) = problems_of(changed("    glyph: ▲\n", ""))
    assert (problem.line, problem.column, problem.path) == (14, 3, "severities.SEV2.glyph")
    assert problem.message == "is missing" and "add glyph:" in problem.advice


def test_the_leading_role_has_to_be_there() -> None:
    text = changed("roles:\n  incident-manager:\n    title", "roles:\n  boss:\n    title")
    found = [p for p in problems_of(text) if p.path == "roles"]
    assert [(p.line, p.column, p.message) for p in found] == [(25, 1, "has no incident-manager")]


def test_a_missing_section_is_reported_for_the_directory() -> None:
    (problem,) = problems_of(changed("watch: {channel: public, cadence: 30m}\n", ""))
    assert (problem.file, problem.line, problem.column) == ("rulebook", None, None)
    assert problem.path == "watch" and problem.message == "is missing"


def test_everything_is_reported_at_once_in_the_order_of_the_files() -> None:
    cut = SMALL.index("policies:\n")
    first = SMALL[:cut].replace("rank: 2", "rank: 1").replace("policy: urgent", "policy: urgnt")
    second = SMALL[cut:].replace("ack_timeout: 5m", "ack_timeout: 5").replace("[mina, 유나]", "[mina, juna, 유나]")
    found = problems_of(first, second)
    assert [(p.file, p.path) for p in found] == [
        ("a.yaml", "severities.SEV1.policy"),
        ("a.yaml", "severities.SEV2.rank"),
        ("b.yaml", "policies.urgent.levels.1.ack_timeout"),
        ("b.yaml", "teams.all.2"),
    ]


def test_a_section_may_stand_in_one_file_only() -> None:
    (problem,) = problems_of(SMALL, "\n\npeople:\n  ana: {name: Ana}\n")
    assert (problem.file, problem.line, problem.column, problem.path) == ("b.yaml", 3, 1, "people")
    assert "is in a.yaml already, on line 43" in problem.message


def test_a_file_that_cannot_be_read_is_not_blamed_for_what_others_miss() -> None:
    cut = SMALL.index("people:\n")
    found = problems_of(SMALL[:cut].replace("rank: 2", "rank: two"), SMALL[cut:].replace("name: Mina", "name: 'Mina"))
    assert [(p.file, p.path) for p in found] == [("a.yaml", "severities.SEV2.rank"), ("b.yaml", "")]


def test_severities_do_not_share_a_word_of_a_provider() -> None:
    (problem,) = problems_of(changed("    hours:\n", "    impacts: [low, Critical]\n    hours:\n"))
    assert (problem.path, problem.value) == ("severities.SEV2.impacts.2", '"Critical"')
    assert problem.message == "means SEV1 already"


def test_the_text_of_an_error_is_a_list_that_can_be_read() -> None:
    with pytest.raises(RulebookError) as caught:
        read_rulebook({"rules.yaml": changed("policy: urgent", "policy: urgnt").encode()})
    assert str(caught.value) == (
        "the rulebook has 1 problem:\n"
        '  rules.yaml:8:13: severities.SEV1.policy: "urgnt" names no policy of this rulebook; '
        "did you mean urgent? otherwise add it under policies"
    )


def test_a_flood_of_problems_is_listed_in_part_and_kept_whole() -> None:
    people = "".join(f"  p{i}: {{name: P, x: y}}\n" for i in range(200))
    text = changed("people:\n", f"people:\n{people}")
    with pytest.raises(RulebookError) as caught:
        read_rulebook({"a.yaml": text.encode()})
    assert len(caught.value.problems) == 200
    lines = str(caught.value).splitlines()
    assert len(lines) == SHOWN + 2 and lines[-1] == f"  and {200 - SHOWN} more"


def test_a_likely_name_is_searched_for_only_as_often_as_somebody_can_read() -> None:
    text = changed("  all: [mina, 유나]", f"  all: [{', '.join(f'mina{i}' for i in range(100))}]")
    hints = ["did you mean mina?" in problem.advice for problem in problems_of(text)]
    assert hints == [True] * SHOWN + [False] * (100 - SHOWN)


def test_hostile_text_is_harmless_in_every_problem() -> None:
    text = changed("title: minor", '"\\e]0;x\\a\\u202e": "\\e[2J"')
    with pytest.raises(RulebookError) as caught:
        read_rulebook({"a.yaml": text.encode()})
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", str(caught.value))


# Files and directories


def test_bytes_that_are_not_utf8() -> None:
    found = problems_of(SMALL.encode().replace(b"Mina", b"M\xe9na"))
    assert [(p.line, p.column, p.value, p.message) for p in found] == [(45, 12, '"\\xe9"', "is not UTF-8")]
    (problem,) = problems_of(SMALL.encode("utf-16"))
    assert (problem.line, problem.column, problem.advice) == (1, 1, "save the file as UTF-8")


def test_a_byte_order_mark_does_not_matter() -> None:
    assert read_rulebook({"a": SMALL.encode("utf-8-sig")}) == read_rulebook({"a": SMALL.encode()})


def test_windows_line_ends_do_not_matter() -> None:
    windows = SMALL.replace("\n", "\r\n")
    assert read_rulebook({"a": windows.encode()}) == read_rulebook({"a": SMALL.encode()})
    (problem,) = problems_of(windows.replace("rank: 2", "rank: two"))
    assert (problem.line, problem.column) == (15, 11)


def test_a_huge_file() -> None:
    (problem,) = problems_of(SMALL + "#" * MAX_BYTES)
    assert "larger than 256 KiB" in problem.message and "split it" in problem.advice


def test_aliases_that_multiply() -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    (problem,) = problems_of("\n".join(rows))
    assert "more than 50,000 values" in problem.message and "aliases" in problem.advice


def test_an_alias_for_a_whole_value_is_fine_and_errors_name_its_anchor() -> None:
    text = changed("duties: [Lead.]\n    pool: [oncall:first, ", "duties: &same [Lead.]\n    pool: [oncall:first, ")
    text = text.replace("[eu-west, tier 1]", "*same")
    assert read_rulebook({"a": text.encode()}).book.services["payments"].facts == ("Lead.",)
    line = text.count("\n", 0, text.index("&same")) + 1
    found = problems_of(text.replace("[Lead.]", '[""]'))
    assert {(p.line, p.message) for p in found} == {(line, "is empty")}


def test_a_file_without_a_section() -> None:
    (problem,) = problems_of(SMALL, "just a word")
    assert (problem.file, problem.line, problem.value) == ("b.yaml", 1, '"just a word"')
    assert "is not a section" in problem.message


def test_empty_files_add_nothing() -> None:
    assert read_rulebook({"a": b"", "b": SMALL.encode(), "c": b"# nothing\n"}) == read_rulebook({"b": SMALL.encode()})


def test_a_directory_is_read_whole(tmp_path: Path) -> None:
    cut = SMALL.index("people:\n")
    (tmp_path / "b.YML").write_text(SMALL[:cut], encoding="utf-8")
    (tmp_path / "a.yaml").write_text(SMALL[cut:], encoding="utf-8")
    (tmp_path / ".#a.yaml").write_text("[", encoding="utf-8")
    (tmp_path / "a.yaml~").write_text("[", encoding="utf-8")
    (tmp_path / "old").mkdir()
    assert load_rulebook(tmp_path).revision == read_rulebook({"a": SMALL.encode()}).revision


@pytest.mark.parametrize("kind", ["missing", "file", "empty"])
def test_a_directory_that_is_none(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "rules"
    if kind == "file":
        place.write_text("x")
    elif kind == "empty":
        place.mkdir()
    with pytest.raises(RulebookError) as caught:
        load_rulebook(place)
    (problem,) = caught.value.problems
    assert problem.file == str(place) and problem.advice
    expected = {"missing": "No such file", "file": "Not a directory", "empty": "has no *.yaml file"}
    assert expected[kind] in problem.message


def test_too_many_files(tmp_path: Path) -> None:
    for index in range(101):
        (tmp_path / f"{index}.yaml").touch()
    with pytest.raises(RulebookError, match="more than 100"):
        load_rulebook(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_what_is_no_plain_file_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SMALL, encoding="utf-8")
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nowhere")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(tmp_path)
    assert [(p.file, p.message) for p in caught.value.problems] == [
        ("folder.yaml", "is not a plain file"),
        ("gone.yaml", "is not a plain file"),
        ("pipe.yaml", "is not a plain file"),
    ]
