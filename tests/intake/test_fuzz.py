"""Whatever happens to a file on its way here: a result or a refusal in words, never anything else."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.intake.reading import FIXTURE_FORMATS, FIXTURES, NOW
from warroom.domain.gaps import gaps_report
from warroom.domain.text import clean_block
from warroom.intake.histories.read import read_history
from warroom.intake.history import HistoryError, HistoryFormat

quiet = settings(max_examples=80, deadline=timedelta(seconds=5), suppress_health_check=list(HealthCheck))


@cache
def original(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


def survives(path: Path, data: bytes, formats: list[HistoryFormat]) -> None:
    path.write_bytes(data)
    for format in formats:
        try:
            incidents = read_history(format, path, now=NOW)
        except HistoryError as error:
            message = str(error)
            assert message.startswith(f"{path}: ")
            assert clean_block(message) == message
            assert "\n" not in message
            continue
        assert len({incident.source_id for incident in incidents}) == len(incidents)
        for incident in incidents:
            posts = [update.at for update in incident.updates]
            assert posts == sorted(posts)
            assert len({update.source_id for update in incident.updates}) == len(posts)
            json.dumps(gaps_report(incident.provider, incident.source_id, incident.start, posts, incident.closed))


splices = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), st.one_of(st.binary(max_size=6), st.sampled_from([
        b"<", b">", b'"', b"{", b"}", b"[", b"null", b"-1", b"9" * 30, b"1e999", b"\\ud800", b"\xff\xfe", b"&lt;",
        b"9999", b"0000-", b"UTC", b"PDT", b"&lt;small&gt;", b"<!--", b"\x00",
    ]))),
    min_size=1,
    max_size=4,
)  # fmt: skip


@pytest.mark.parametrize("name", FIXTURE_FORMATS)
@quiet
@given(splices=splices)
def test_damaged_bytes(name: str, tmp_path: Path, splices: list[tuple[float, int, bytes]]) -> None:
    data = original(name)
    for where, gone, new in splices:
        at = int(where * len(data))
        data = data[:at] + new + data[at + gone :]
    survives(tmp_path / "history", data, [FIXTURE_FORMATS[name]])


@pytest.mark.parametrize("name", FIXTURE_FORMATS)
@settings(quiet, max_examples=30)
@given(where=st.floats(0, 1))
def test_truncated_files(name: str, tmp_path: Path, where: float) -> None:
    data = original(name)
    survives(tmp_path / "history", data[: int(where * len(data))], list(HistoryFormat))


junk = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False),
        st.text(max_size=8),
        st.sampled_from([
            "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "2024-02-30T00:00:00Z", "2024-05-01", "1e5", "\ud800",
            "<span class=\"yellowfg\">12:00 AM PST</span>", "<p>", "resolved", "completed",
            "https://[", 10**25, -1, 2**63,
        ]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=4,
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, member in members for place in places(member, (*path, key)))]


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    key, *rest = path
    members = dict(value) if isinstance(value, dict) else list(value)
    members[key] = replaced(value[key], tuple(rest), new)
    return members


@pytest.mark.parametrize("name", [name for name in FIXTURE_FORMATS if name.endswith(".json")])
@quiet
@given(data=st.data())
def test_json_with_a_value_of_another_kind_anywhere(name: str, tmp_path: Path, data: st.DataObject) -> None:
    content = json.loads(original(name))
    place = data.draw(st.sampled_from(places(content)))
    changed = replaced(content, place, data.draw(junk))
    survives(tmp_path / "history", json.dumps(changed).encode(), [FIXTURE_FORMATS[name]])


@pytest.mark.parametrize("format", HistoryFormat)
@settings(quiet, max_examples=60)
@given(value=junk)
def test_any_json(format: HistoryFormat, tmp_path: Path, value: Any) -> None:
    survives(tmp_path / "history", json.dumps(value).encode(), [format])


@settings(quiet, max_examples=100)
@given(data=st.binary(max_size=200))
def test_any_bytes(tmp_path: Path, data: bytes) -> None:
    survives(tmp_path / "history", data, list(HistoryFormat))


@settings(quiet, max_examples=100)
@given(html=st.lists(st.sampled_from([
    "<small>", "</small>", "Mar 1, 10:00 UTC", "Feb 29, 25:00 UTC", "<strong>", "Resolved - ", "Scheduled - ", "<br>",
    "<p>", "<", "&", "&lt;", "x", "<script>", "</script>", "<a href='https://x'>", "</a>", "<!--", "-->", "'", '"',
]), max_size=30))  # fmt: skip
def test_any_content_of_an_entry(tmp_path: Path, html: list[str]) -> None:
    escaped = "".join(html).replace("&", "&amp;").replace("<", "&lt;")
    entry = (
        "<entry><id>tag:www.acmestatus.com,2005:Incident/1</id><published>2025-06-01T12:00:00Z</published>"
        f"<content>{escaped}</content></entry>"
    )
    survives(tmp_path / "history", entry.encode(), [HistoryFormat.GITHUB_ATOM])
