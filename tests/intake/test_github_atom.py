from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake.reading import FIXTURES, NOW, fixture, gaps, utc
from warroom.intake.histories.read import read_history
from warroom.intake.history import HistoryError, HistoryFormat, Phase


def test_a_feed_becomes_incidents_with_posts_oldest_first() -> None:
    parcels, boxes = fixture("history.atom")
    assert (parcels.provider, parcels.source_id, parcels.title) == (
        "fjordpost",
        "ab12cd34ef56",
        "Parcels cannot be tracked",
    )
    assert parcels.url == "https://www.fjordpoststatus.com/incidents/ab12cd34ef56"
    assert parcels.start is None
    assert [(u.at, u.phase) for u in parcels.updates] == [
        (utc("2025-02-28T22:05"), Phase.INVESTIGATING),
        (utc("2025-03-01T23:10"), Phase.MONITORING),
        (utc("2025-03-02T00:41"), Phase.UPDATE),
        (utc("2025-03-02T00:41"), Phase.RESOLVED),
    ]
    assert parcels.closed == utc("2025-03-02T00:41")
    assert boxes.closed is None


def test_posts_are_plain_text_with_their_status_taken_off() -> None:
    parcels, _ = fixture("history.atom")
    assert [u.text for u in parcels.updates] == [
        "We look into parcels without a trace - all depots.",
        "Lookups take < 2 s & fall further.",
        "Search is operating normally.",
        "Tracking works again.\nThe index was rebuilt; more on it (https://fjordpost.example/why).",
    ]


def test_the_year_follows_from_the_newest_post_even_over_new_year() -> None:
    _, boxes = fixture("history.atom")
    assert [u.at for u in boxes.updates] == [utc("2024-12-31T23:58"), utc("2025-01-01T00:03")]


def test_scheduled_maintenance_is_left_out() -> None:
    assert "zz99yy88xx77" not in {incident.source_id for incident in fixture("history.atom")}


def test_posts_of_the_closing_minute_belong_to_the_closing_post() -> None:
    parcels, _ = fixture("history.atom")
    assert gaps(parcels) == ([], [1505.0], [91.0])


def test_a_later_version_keeps_the_ids_of_posts_whose_texts_were_edited() -> None:
    (first,) = fixture("entry_1.xml")
    (second,) = fixture("entry_2.xml")
    assert first.source_id == second.source_id == "gr0wing12345"
    assert [u.source_id for u in first.updates] == [
        "gr0wing12345@2025-04-05T09:30:00Z",
        "gr0wing12345@2025-04-05T10:12:00Z",
    ]
    assert [u.source_id for u in second.updates] == [
        "gr0wing12345@2025-04-05T09:30:00Z",
        "gr0wing12345@2025-04-05T10:12:00Z",
        "gr0wing12345@2025-04-05T10:12:00Z#2",
        "gr0wing12345@2025-04-05T11:00:00Z",
    ]
    assert first.updates[1].text != second.updates[1].text
    assert (first.closed, second.closed) == (None, utc("2025-04-05T11:00"))


def test_the_provider_can_be_named() -> None:
    assert {incident.provider for incident in fixture("history.atom", provider="post")} == {"post"}


def test_an_incident_opened_again_is_open_until_it_is_resolved_again(tmp_path: Path) -> None:
    def entry(*posts: tuple[str, str]) -> str:
        html = "".join(
            f"&lt;p&gt;&lt;small&gt;Jun 1, {clock} UTC&lt;/small&gt;&lt;br&gt;&lt;strong&gt;{status}&lt;/strong&gt;"
            " - x&lt;/p&gt;"
            for clock, status in reversed(posts)
        )
        return (
            "<entry><id>tag:www.acmestatus.com,2005:Incident/1</id><title>t</title>"
            f"<published>2025-06-01T12:00:00Z</published><content>{html}</content></entry>"
        )

    def closed(*posts: tuple[str, str]) -> object:
        path = tmp_path / "entry.xml"
        path.write_text(entry(*posts))
        (incident,) = read_history(HistoryFormat.GITHUB_ATOM, path, now=NOW)
        assert incident.source_id == "1"
        return incident.closed

    ended = ("08:00", "Investigating"), ("09:00", "Resolved")
    assert closed(*ended) == utc("2025-06-01T09:00")
    assert closed(*ended, ("09:05", "Update")) == utc("2025-06-01T09:00")
    assert closed(*ended, ("09:00", "Investigating")) == utc("2025-06-01T09:00")
    assert closed(*ended, ("09:30", "Monitoring")) is None
    assert closed(*ended, ("09:30", "Investigating"), ("11:00", "Resolved")) == utc("2025-06-01T11:00")


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (
            "'time'&gt;10:12",
            "'time'&gt;25:12",
            'entry 1 (tag:www.fjordpoststatus.com,2005:Incident/7002): "Apr  5, 25:12 UTC"',
        ),
        ("UTC", "XYZ", "time zone"),
        ("Apr ", "Ape ", "month"),
        ("date'&gt; 5", "date'&gt;31", "no such day"),
        ("2025-04-05T10:12:30Z", "yesterday", '<published>: "yesterday" is not a time'),
        ("2025-04-05T10:12:30Z", "9999-12-31T23:59:59Z", "gr0wing12345"),
        ("2025-04-05T10:12:30Z", "0001-01-01T00:00:00Z", "a post at 0001-04-05"),
        ("&lt;small&gt;", "&lt;big&gt;", "no dated posts"),
        ("<content type", "<p/><content type", ""),
        ('<content type="html">', "<content><b/>", "<content> must hold text alone"),
        ("Incident/7002", "Post/7002", ""),
        ("<title>Stamps run out</title>", "", ""),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, old: str, new: str, place: str) -> None:
    text = (FIXTURES / "entry_1.xml").read_text()
    assert old in text
    path = tmp_path / "entry.xml"
    path.write_text(text.replace(old, new))
    if not place:
        assert len(read_history(HistoryFormat.GITHUB_ATOM, path, now=NOW)) == 1
        return
    with pytest.raises(HistoryError) as failure:
        read_history(HistoryFormat.GITHUB_ATOM, path, now=NOW)
    assert str(failure.value).startswith(f"{path}: ")
    assert place in str(failure.value)


def test_a_feed_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "blog.atom"
    path.write_text(
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>urn:1</id><title>Hello</title>'
        '<link href="https://blog.example/hello"/><content>Hello</content></entry></feed>'
    )
    with pytest.raises(HistoryError, match="not the feed of a Statuspage page"):
        read_history(HistoryFormat.GITHUB_ATOM, path, now=NOW)
