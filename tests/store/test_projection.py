"""Rows as a pure function of a room: what changes from one state to the next is all that has to be written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.books import BOOK, T0, minutes
from tests.support.play import Play, declared
from tests.support.profile import examples
from tests.support.stories import Step, Story, play_script, stories
from warroom.domain.comms import PostUpdate
from warroom.domain.core import Event
from warroom.domain.escalation import Acknowledge
from warroom.domain.incident import Declare
from warroom.domain.roles import LEAD, AssignRole, OfferRole
from warroom.domain.room import Room, due, evolve
from warroom.domain.watch import Post, Watch
from warroom.store.codec import decode, decode_room, encode, encode_room, from_us, to_us
from warroom.store.projection import (
    Children,
    Rows,
    changes,
    children_of,
    incident_row,
    messages_of,
    touched,
    update_of,
)

KINDS = ("role", "page", "deadline")


def applied(before: Rows, after: Rows) -> Rows:
    """What the tables hold once the changes have been written."""
    inserted, updated, deleted = changes(before, after)
    out = dict(before)
    for key in deleted:
        del out[key]
    by_row = {tuple(sorted(row.items(), key=str)): key for key, row in after.items()}
    for row in (*inserted, *updated):
        key = by_row[tuple(sorted(row.items(), key=str))]
        assert (key in before) == (row in updated)
        out[key] = row
    return out


@given(stories())
@examples()
def test_the_changes_of_each_step_lead_from_its_rows_to_the_next(story: Story) -> None:
    tables = Children()
    rooms: list[Room | None] = [None]

    def after_step(play: Play, step: Step, events: tuple[Event, ...]) -> None:
        wanted = children_of(7, play.room)
        if play.room is not None:
            was, becomes = touched(7, rooms[-1], play.room)
            rooms.append(play.room)
            for kind in KINDS:
                quick = changes(getattr(was, kind), getattr(becomes, kind))
                whole = changes(getattr(tables, kind), getattr(wanted, kind))
                assert (quick[:2], sorted(quick[2])) == (whole[:2], sorted(whole[2]))
        for kind in KINDS:
            rows = applied(getattr(tables, kind), getattr(wanted, kind))
            assert rows == getattr(wanted, kind)
            setattr(tables, kind, rows)
            assert changes(rows, getattr(wanted, kind)) == ([], [], [])

    play_script(story.book, story.script, after_step=after_step)


ROWS = st.dictionaries(st.tuples(st.integers(0, 3)), st.fixed_dictionaries({"a": st.integers(0, 2)}), max_size=4)


@given(ROWS, ROWS)
@examples(2)
def test_changes_touch_what_differs_and_nothing_else(before: Rows, after: Rows) -> None:
    inserted, updated, deleted = changes(before, after)
    assert len(inserted) == len(after.keys() - before.keys())
    assert set(deleted) == before.keys() - after.keys()
    assert len(updated) == sum(before[key] != after[key] for key in before.keys() & after.keys())


def there() -> Play:
    play = declared()
    play.do(AssignRole(LEAD, "eva"), "eva")
    play.do(OfferRole(LEAD, "bo", "good luck"), "eva")
    return play


def room_of(play: Play) -> Room:
    assert play.room is not None
    return play.room


def test_a_room_that_is_not_there_has_no_rows() -> None:
    assert children_of(1, None) == Children()


def test_the_row_of_an_incident_holds_its_whole_state() -> None:
    play = there()
    row = incident_row(3, room_of(play), BOOK)
    assert decode_room(row["room"]) == play.room
    assert (row["id"], row["key"], row["lead"], row["live"], row["rank"]) == (3, "INC-1", "eva", True, 1)
    assert from_us(row["declared_at"]) == T0
    # Nothing was imported: the pair that must be unique is empty, and empty pairs do not clash.
    assert (row["provider"], row["source_id"], row["resolved_at"]) == (None, None, None)


def test_every_role_page_and_deadline_has_a_row() -> None:
    play = there()
    play.until(minutes(5))
    play.do(Acknowledge(), "ada")
    rows = children_of(3, room_of(play))
    assert rows.role[3, LEAD] == {
        "incident": 3,
        "role": LEAD,
        "holder": "eva",
        "since": to_us(T0),
        "required": True,
        "due": None,
        "offered_to": "bo",
    }
    page = rows.page[3, 1]
    assert (page["level"], page["cycle"], page["repeat"], page["acked_by"]) == (1, 1, 1, "ada")
    assert json.loads(page["targets"]) == [["ada", "sms"], ["ada", "chat"]]
    assert {name: from_us(row["due_at"]) for (_, name), row in rows.deadline.items()} == {
        deadline.name: deadline.at for deadline in due(room_of(play))
    }
    assert len(rows.deadline) >= 3


def test_only_updates_have_rows_of_their_own() -> None:
    play = declared()
    play.do(PostUpdate("public", "We are looking into it.", T0 + timedelta(minutes=12)), "eva")
    rows = [update_of(3, version, entry) for version, entry in enumerate(play.entries, 1)]
    (row,) = [row for row in rows if row is not None]
    assert row is rows[-1]
    assert (row["version"], row["channel"], row["posted_by"]) == (len(play.entries), "public", "eva")
    assert from_us(row["due"]) == T0 + timedelta(minutes=12)


def test_messages_are_numbered_within_their_entry_and_wait_to_be_sent() -> None:
    play = declared()
    room = None
    messages = []
    for version, entry in enumerate(play.entries, 1):
        room = evolve(room, entry)
        messages += messages_of(3, version, room, entry, BOOK)
    assert [message["id"] for message in messages] == ["INC-1/3/1", "INC-1/3/2"]
    assert [(m["recipient"], m["via"], m["address"]) for m in messages] == [
        ("ada", "sms", "+46700000001"),
        ("ada", "chat", "@ada"),
    ]
    for message in messages:
        assert (message["state"], message["tries"], message["maybe_twice"]) == ("queued", 0, False)
        assert from_us(message["next_at"]) == from_us(message["created_at"]) == T0


def test_an_import_names_its_source_and_sends_nothing() -> None:
    play = Play()
    play.do(Watch("cloud", "abc", "Errors", (Post("p1", T0, "investigating", "errors"),), key="INC-1"))
    row = incident_row(1, room_of(play), BOOK)
    assert (row["provider"], row["source_id"]) == ("cloud", "abc")
    rows = [update_of(1, version, entry) for version, entry in enumerate(play.entries, 1)]
    assert [(row["source_id"], row["phase"]) for row in rows if row] == [("p1", "investigating")]
    assert not [m for n, entry in enumerate(play.entries) for m in messages_of(1, n, room_of(play), entry, BOOK)]
    assert children_of(1, play.room).deadline == {}


def test_a_declared_incident_without_policy_has_nothing_due() -> None:
    play = Play()
    play.do(Declare("only to be watched", "SEV4", key="INC-1"))
    assert children_of(1, play.room) == Children()


def moments(value: Any) -> Iterator[datetime]:
    """Every moment in a value of the domain."""
    if isinstance(value, datetime):
        yield value
    elif is_dataclass(value):
        for each in fields(value):
            yield from moments(getattr(value, each.name))
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from moments(each)
    elif isinstance(value, tuple):
        for each in value:
            yield from moments(each)


def test_what_is_read_back_has_the_one_time_zone_that_is_quick_to_compare() -> None:
    play = there()
    play.until(minutes(5))
    room = decode_room(encode_room(room_of(play)))
    assert room == play.room
    found = list(moments(room))
    assert len(found) > 10
    assert all(each.tzinfo is UTC for each in found)
    events = [decode(entry.event.kind, encode(entry.event)) for entry in play.entries]
    assert events == [entry.event for entry in play.entries]
    assert all(each.tzinfo is UTC for event in events for each in moments(event))


@pytest.mark.parametrize("text", ['"yesterday"', '"2026-03-04T12:00:00"', "17", "null", "{}"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    stored = encode_room(room_of(there()))
    field = '"declared_at":"' + T0.isoformat().replace("+00:00", "Z") + '"'
    assert field in stored
    with pytest.raises(ValueError, match="declared_at"):
        decode_room(stored.replace(field, f'"declared_at":{text}'))


def test_a_moment_of_another_zone_is_the_same_moment() -> None:
    stored = encode_room(room_of(there()))
    field = T0.isoformat().replace("+00:00", "Z")
    moved = T0.astimezone(timezone(timedelta(hours=2))).isoformat()
    room = decode_room(stored.replace(f'"declared_at":"{field}"', f'"declared_at":"{moved}"'))
    assert room.incident.declared_at == T0
    assert room.incident.declared_at.tzinfo is UTC
