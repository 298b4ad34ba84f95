"""What is no history, or not the one that was named, is refused in words."""

from __future__ import annotations

import codecs
import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.intake.reading import FIXTURE_FORMATS, FIXTURES, NOW, fixture
from warroom.intake.histories import read
from warroom.intake.histories.markup import MARKUP_LIMIT, plain, sections
from warroom.intake.histories.read import MAX_FILE_BYTES, decode, read_history
from warroom.intake.history import HistoryError, HistoryFormat

F = HistoryFormat


def refusal(format: HistoryFormat, path: Path) -> str:
    with pytest.raises(HistoryError) as failure:
        read_history(format, path, now=NOW)
    message = str(failure.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message.removeprefix(f"{path}: ")


def refused(tmp_path: Path, format: HistoryFormat, data: bytes | str) -> str:
    path = tmp_path / "history"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return refusal(format, path)


@pytest.mark.parametrize("name", FIXTURE_FORMATS)
@pytest.mark.parametrize("wanted", HistoryFormat)
def test_the_wrong_format_is_told_the_right_one(name: str, wanted: HistoryFormat) -> None:
    right = FIXTURE_FORMATS[name]
    if right is wanted:
        assert fixture(name)
    else:
        assert f"use `warroom import {right}`" in refusal(wanted, FIXTURES / name)


@pytest.mark.parametrize("wanted", HistoryFormat)
def test_rss_is_refused_whatever_its_name(wanted: HistoryFormat) -> None:
    assert "this is an RSS feed" in refusal(wanted, FIXTURES / "rss_in_disguise.json")


@pytest.mark.parametrize("wanted", HistoryFormat)
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \n", "neither JSON nor XML"),
        (b"\0" * 4096, "nothing but blanks or zero bytes"),
        (b" \n" * 4096, "nothing but blanks"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", "byte 1: not text in UTF-8"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\x03", "unpack it"),
        (b"abc\0def", "binary"),
        ("Title,Link\nx,y", 'begins with "Title,Link\\nx,y"'),
        ("<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
        ("<svg xmlns='http://www.w3.org/2000/svg'/>", "XML of another kind (<svg>)"),
        ("null", "neither JSON nor XML"),
        ("{}", "an object with nothing in it"),
        ('{"alerts": [], "status": "firing"}', 'an object with "alerts", "status"'),
        ("[1, 2]", "a list of other things"),
        ('[{"name": "x"}]', 'a list of objects with "name"'),
        ('{"page": {"name": "x"}, "status": {}}', "fetch incidents.json or summary.json"),
        ('{"page": {}, "activeIncidents": []}', "Instatus"),
        ('{"incidents": [{"id": 1, "incidentUpdates": []}]}', "they have no incident_updates"),
    ],
)
def test_what_is_no_history_is_refused(tmp_path: Path, wanted: HistoryFormat, data: bytes | str, words: str) -> None:
    assert words in refused(tmp_path, wanted, data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ('[{"external_desc": "a"', "line 1 column 23: not JSON (Expecting ',' delimiter); the file is cut off"),
        ('[\n {"external_desc": "a', "line 2 column 20: not JSON (Unterminated string starting at); the file is cut"),
        ('[{"external_desc": x}]', "line 1 column 20: not JSON (Expecting value); the file is damaged"),
        ('[{"external_desc": 1}]\n[]', "line 2 column 1: not JSON (Extra data); the file holds several"),
        ("[" * 100_000, "nested too deeply"),
        ('[{"external_desc": NaN}]', "NaN"),
        ('[{"external_desc": ' + "9" * 5000 + "}]", "thousands of digits"),
    ],
)
def test_damaged_json_is_named_by_line_and_column(tmp_path: Path, data: str, words: str) -> None:
    assert words in refused(tmp_path, F.GCP, data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("<feed>\n <entry>", "line 2 column 9: not XML (no element found); the file is cut off or damaged"),
        ("<feed>\n  </entry>", "line 2 column 5: not XML (mismatched tag)"),
        ("<feed" + "<a" * 50, "not XML"),
        ('<!DOCTYPE feed [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><feed>&b;</feed>', "document type or entities"),
        ('<!DOCTYPE feed SYSTEM "file:///etc/passwd"><feed/>', "document type or entities"),
        ("<feed>&nbsp;</feed>", "line 1 column 7: not XML (undefined entity)"),
    ],
)
def test_damaged_or_dangerous_xml_is_refused(tmp_path: Path, data: str, words: str) -> None:
    assert words in refused(tmp_path, F.GITHUB_ATOM, data)


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    assert refusal(F.GCP, tmp_path) == "is a directory; name the files in it"
    assert refusal(F.GCP, tmp_path / "none.json") == "cannot be read: No such file or directory"
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    assert refusal(F.GCP, fifo) == "is not an ordinary file; save the history to one first"
    with pytest.raises(HistoryError, match="cannot be read"):
        read_history(F.GCP, Path("a\0b"), now=NOW)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable to root")
def test_a_file_without_permission_is_named(tmp_path: Path) -> None:
    path = tmp_path / "closed.json"
    path.write_text("[]")
    path.chmod(0)
    assert refusal(F.GCP, path) == "cannot be read: Permission denied"


def test_a_file_over_the_limit_is_not_read_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    monkeypatch.setattr(Path, "open", lambda *_, **__: pytest.fail("opened"))
    assert refusal(F.GCP, path).startswith("has over 32 MiB")


def test_the_limit_itself_is_still_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "incidents.json"
    path.write_bytes((FIXTURES / "gcp.json").read_bytes())
    monkeypatch.setattr(read, "MAX_FILE_BYTES", path.stat().st_size)
    assert read_history(F.GCP, path, now=NOW) == fixture("gcp.json")
    monkeypatch.setattr(read, "MAX_FILE_BYTES", path.stat().st_size - 1)
    assert "has over" in refusal(F.GCP, path)


def test_a_provider_without_a_name_is_refused() -> None:
    with pytest.raises(HistoryError, match="provider's name is empty"):
        read_history(F.GCP, FIXTURES / "gcp.json", provider=" \x1b[31m ", now=NOW)


def test_the_last_moment_that_can_be_depends_on_now() -> None:
    assert read_history(F.GCP, FIXTURES / "gcp.json", now=datetime(2020, 1, 1, tzinfo=UTC))
    with pytest.raises(HistoryError, match=r"incident wG7aKqTidesHarbour1: the start at 2024-05-01.* cannot be right"):
        read_history(F.GCP, FIXTURES / "gcp.json", now=datetime(2018, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
)
def test_bytes_are_decoded_as_they_are_served(tmp_path: Path, encoding: str) -> None:
    for name in ("statuspage.json", "history.atom"):
        path = tmp_path / name
        text = (FIXTURES / name).read_text(encoding="utf-8")
        path.write_bytes(text.replace('encoding="UTF-8"', f'encoding="{encoding}"').encode(encoding))
        assert read_history(FIXTURE_FORMATS[name], path, now=NOW) == fixture(name)


def test_a_declared_western_encoding_is_believed() -> None:
    assert decode('<?xml version="1.0" encoding="ISO-8859-1"?><t>Røros</t>'.encode("latin-1")).endswith("<t>Røros</t>")
    with pytest.raises(HistoryError, match="byte 5: not text in UTF-8"):
        decode("<t>Røros</t>".encode("latin-1"))
    with pytest.raises(HistoryError, match="not text in UTF-16"):
        decode(codecs.BOM_UTF16_LE + b"\x00\xd8a\x00")


def test_texts_are_cleaned(tmp_path: Path) -> None:
    incidents = json.loads((FIXTURES / "gcp.json").read_text())
    incidents[0]["external_desc"] = "Tides\x1b]0;owned\x07 \u202eetal\n[/] [@click=app.quit]x[/]"
    incidents[0]["updates"][0]["text"] = "a\x00b\u200bc\ud800\r\n" + "x" * 30_000
    path = tmp_path / "incidents.json"
    path.write_text(json.dumps(incidents))
    tides, *_ = read_history(F.GCP, path, now=NOW)
    assert tides.title == "Tides etal [/] [@click=app.quit]x[/]"
    assert tides.updates[-1].text.startswith("abc\ufffd\nxxx")
    assert len(tides.updates[-1].text) == 20_000


def test_html_becomes_text() -> None:
    assert plain("a < b && c > d <3 \n") == "a < b && c > d <3 \n"
    assert plain("<p>One</p><p>Two<br/>Three</p><ul><li>a</li><li>b</li></ul>") == "One\n\nTwo\nThree\n\n- a\n- b"
    assert plain("<b>5 &lt; 6</b> <!-- no --> <script>alert(1)</script><style>p{}</style>ok") == "5 < 6  ok"
    assert plain('<a href="https://x.example/a">https://x.example/a</a>') == "https://x.example/a"
    assert plain('<a href="javascript:x">click</a> <a href="https://x.example"></a>') == "click https://x.example"
    assert plain("<p>never closed <b>and <i") == "never closed and <i"
    assert plain("&nbsp;x&#x41;&#66;&bogus;") == "xAB&bogus;"


def test_heads_cut_html_and_what_only_looks_like_one_does_not() -> None:
    cut = sections(
        "before <small>x</small> <small>10:00</small>a<small>no</small>b<small>", "small", "", lambda h: ":" in h
    )
    assert cut == [("", "before x"), ("10:00", "anob")]
    cut = sections('<i class="z y">1</i>a<i class="yy">2</i>b', "i", "y")
    assert cut == [("", ""), ("1", "a2b")]


def test_html_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    incidents = json.loads((FIXTURES / "gcp.json").read_text())
    incidents[0]["updates"][0]["text"] = "<p>" + "x" * MARKUP_LIMIT
    path = tmp_path / "incidents.json"
    path.write_text(json.dumps(incidents))
    assert refusal(F.GCP, path).startswith("[0].updates[0].text: holds 262,147 characters of HTML")


@pytest.mark.parametrize(
    "piece", ["<a/", "<a b='", "<a <", "<!--", "<!a", "<a b=c ", "</", "<p ", "\t", "<a\x00", "&#"]
)
def test_html_made_to_be_slow_is_not(piece: str) -> None:
    html = (piece * MARKUP_LIMIT)[:MARKUP_LIMIT]
    before = time.process_time()
    assert len(sections(html, "small")) == 1
    # The parser alone takes 45 s for a quarter of the first of these.
    assert time.process_time() - before < 5
