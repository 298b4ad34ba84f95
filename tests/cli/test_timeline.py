"""`timeline`: one picture as text, Markdown, SVG and JSON, and what they say is the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import T0, Cli
from tests.support.allowlist import violations
from tests.support.strange import looked_up, strange
from warroom.cli.shapes import timeline as shapes
from warroom.domain.text import cell_width
from warroom.tui.timeline.text import as_ascii

HOSTILE = "\x1b]0;owned\x07\x1b[31mred\u202eevil ``` <script>alert(1)</script> ]]> &amp; 한국어"


@pytest.fixture
def told(room: Cli) -> Cli:
    """Two channels, three updates: the public one half a minute late, and overdue again."""
    room.clock.advance(9)
    room.out("update", "1", "internal", "we look into it")
    room.clock.advance(7)
    room.out("update", "1", "public", "Tills do not work")
    room.clock.advance(10)
    room.out("update", "1", "internal", "a switch is broken", "--next", "45m")
    room.clock.advance(35)
    return room


def parse(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_json_has_lanes_dots_silences_and_ranked_gaps(told: Cli) -> None:
    found = told.json("timeline", "1")
    lanes = {lane["channel"]: lane for lane in found["lanes"]}
    assert list(lanes) == ["internal", "public"]
    said = lanes["internal"]["updates"]
    assert [update["text"] for update in said] == ["we look into it", "a switch is broken"]
    assert [update["late_s"] for update in said] == [0, 0]
    assert lanes["public"]["updates"][0]["late_s"] == 60
    assert lanes["internal"]["promised"] is True
    assert [silence["kind"] for silence in lanes["internal"]["silences"]] == ["start_to_first", "between", "running"]
    running = lanes["public"]["silences"][-1]
    assert (running["length_s"], running["late_s"]) == (45 * 60, 15 * 60)
    assert [gap["rank"] for gap in found["gaps"]] == [1, 2, 3, 4, 5]
    first = found["gaps"][found["largest"] - 1]
    assert (first["channel"], first["silence"]) == ("public", running)
    assert first["severity"] == "SEV1"
    assert first["weight_s"] == first["silence"]["length_s"]


def test_silences_of_every_channel_add_up(told: Cli) -> None:
    for lane in told.json("timeline", "1")["lanes"]:
        ends = [parse(lane["start"])]
        for silence in lane["silences"]:
            assert parse(silence["start"]) == ends[-1]
            ends.append(parse(silence["end"]))
        assert ends[-1] == told.clock.now


def test_the_json_gaps_are_those_of_the_text(told: Cli) -> None:
    found = told.json("timeline", "1")["gaps"]
    listed = told.out("timeline", "1", "--width", "120").partition("gaps:")[2].splitlines()[1:]
    assert len(listed) == len(found)
    for gap, line in zip(found, listed, strict=True):
        assert gap["channel"] in line
        assert f"{int(gap['silence']['length_s'] // 60)}m" in line
        assert parse(gap["silence"]["start"]).strftime("%H:%M") in line


def test_a_milder_severity_weighs_less(told: Cli) -> None:
    before = told.json("timeline", "1")["gaps"][0]
    told.out("severity", "1", "SEV2", "--reason", "only some tills")
    told.clock.advance(20)
    after = next(g for g in told.json("timeline", "1")["gaps"] if g["silence"]["start"] == before["silence"]["start"])
    assert after["silence"]["length_s"] - before["silence"]["length_s"] == 20 * 60
    assert after["weight_s"] - before["weight_s"] == 10 * 60
    changes = told.json("timeline", "1")["changes"]
    assert [(change["kind"], change["to"]) for change in changes] == [("severity", "SEV2")]


@pytest.mark.parametrize("width", [40, 60, 80, 120, 250])
@pytest.mark.parametrize("extra", [(), ("--sawtooth",), ("--ascii",)])
def test_text_fits_the_width_that_is_asked_for(told: Cli, width: int, extra: tuple[str, ...]) -> None:
    lines = told.out("timeline", "1", "--width", str(width), *extra).splitlines()
    assert max(cell_width(line) for line in lines) <= width
    assert any(line.startswith("public") for line in lines)
    if "--ascii" in extra:
        assert all(line.isascii() for line in lines)


def test_drawn_in_ascii_words_keep_the_letters_of_their_language(told: Cli) -> None:
    told.out("amend", "1", "--title", "결제 지연 – één café")
    with looked_up(strange):
        lines = told.out("timeline", "1", "--width", "100", "--ascii").splitlines()
    letters = {char for line in lines for char in line if not char.isascii()}
    assert strange("gaps") in "".join(lines)
    assert "결제 지연 ? één café" in lines[0]
    assert all(char.isalpha() for char in letters)
    assert max(cell_width(line) for line in lines) <= 100


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("utf-8", "지연 é… ?"), ("latin-1", "???? é. ?"), ("ascii", "???? ?. ?"), ("none", "???? ?. ?")],
)
def test_a_letter_that_cannot_be_written_is_as_wide_as_before(encoding: str, shown: str) -> None:
    assert as_ascii("지연 é… ●", encoding) == shown.replace("…", ".")


def test_in_a_pipe_it_is_plain_text_of_a_hundred_columns(told: Cli) -> None:
    out = told.out("timeline", "1", env={"COLUMNS": ""})
    assert "\x1b" not in out
    assert 60 < max(cell_width(line) for line in out.splitlines()) <= 100
    assert "LATE 15m" in out


def test_a_window_leaves_out_what_lies_outside(told: Cli) -> None:
    since, until = T0 + timedelta(minutes=12), T0 + timedelta(minutes=20)
    found = told.json("timeline", "1", "--from", since.isoformat(), "--to", until.isoformat())
    assert (parse(found["window_from"]), parse(found["window_to"])) == (since, until)
    assert [update["text"] for lane in found["lanes"] for update in lane["updates"]] == ["Tills do not work"]
    text = told.out("timeline", "1", "--from", since.isoformat(), "--to", until.isoformat())
    assert "8m" in text.splitlines()[1]


@pytest.mark.parametrize(
    "bad",
    [
        ("--from", "10m", "--to", "20m"),
        ("--from", "2030-01-01T00:00Z", "--to", "2031-01-01T00:00Z"),
        ("--width", "3"),
        ("--svg", "-", "--markdown"),
        ("--svg", "-", "--json"),
        ("--svg", "/does/not/exist/picture.svg"),
    ],
)
def test_what_cannot_be_drawn_is_said(told: Cli, bad: tuple[str, ...]) -> None:
    result = told("timeline", "1", *bad)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


def test_svg_goes_to_a_file_or_to_standard_output(told: Cli, tmp_path: Path) -> None:
    file = tmp_path / "picture.svg"
    result = told("timeline", "1", "--svg", str(file))
    assert result.exit_code == 0
    assert result.stdout == ""
    assert file.read_text() == told.out("timeline", "1", "--svg", "-")
    root = ElementTree.fromstring(file.read_text())
    words = " ".join("".join(element.itertext()) for element in root.iter())
    assert "Tills are down" in words
    assert "a switch is broken" in words  # who hovers over a dot reads it
    assert "LATE 15m" in words


def test_hostile_words_stay_words(told: Cli) -> None:
    told.out("update", "1", "internal", HOSTILE)
    told.out("amend", "1", "--title", HOSTILE)
    drawn = told.out("timeline", "1", "--svg", "-")
    root = ElementTree.fromstring(drawn)
    assert not [element for element in root.iter() if element.tag.endswith("script")]
    assert "<script" not in drawn
    block = told.out("timeline", "1", "--markdown").rstrip("\n").splitlines()
    assert set(block[0]) == {"`"}
    assert block[0] == block[-1]
    assert not [line for line in block[1:-1] if block[0] in line]
    for out in (told.out("timeline", "1"), *block):
        assert not violations(out.encode())


def test_what_is_printed_is_what_the_model_says(told: Cli) -> None:
    told.out("update", "1", "internal", "조용히 하지 마세요")
    out = told.out("timeline", "1", "--json")
    assert shapes.Timeline.model_validate_json(out).model_dump_json() == out.strip()


def test_the_past_has_its_own_picture(told: Cli) -> None:
    then = T0 + timedelta(minutes=12)
    found = told.json("timeline", "1", "--at", then.isoformat())
    assert parse(found["at"]) == then
    assert [len(lane["updates"]) for lane in found["lanes"]] == [1, 0]
    assert {gap["silence"]["kind"] for gap in found["gaps"]} == {"start_to_first", "running"}


def test_a_skipped_update_is_shown(told: Cli) -> None:
    told.out("skip", "1", "public", "--reason", "nothing is new")
    told.clock.advance(5)
    (public,) = [lane for lane in told.json("timeline", "1")["lanes"] if lane["channel"] == "public"]
    assert [skip["reason"] for skip in public["skipped"]] == ["nothing is new"]
    assert "×" in told.out("timeline", "1", "--width", "120")


def test_an_incident_without_channels_has_a_picture(room: Cli) -> None:
    room.out("declare", "Slow reports", "--severity", "SEV3")
    assert "no channel is timed" in room.out("timeline", "2")
    assert room.json("timeline", "2")["lanes"] == []
    ElementTree.fromstring(room.out("timeline", "2", "--svg", "-"))
