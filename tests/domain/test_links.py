"""What belongs to an incident: addresses, other incidents, and that both sides of a relation know of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.books import BOOK, T0, minutes
from tests.support.play import Play, declared
from tests.support.profile import examples
from warroom.domain.core import ENGINE, Command, Context, Refused
from warroom.domain.incident import Declare, Merge, SetSeverity, SetStatus, Status, StatusChanged
from warroom.domain.links import MOST, AddLink, Link, Relate, Relation, RemoveLink, Unrelate
from warroom.domain.other_incidents import commands_for_others, filled, other_key
from warroom.domain.record import AddNote
from warroom.domain.room import Room, decide, describe, fold


def test_an_address_is_kept_and_one_of_a_kind_takes_the_place_of_another() -> None:
    play = declared()
    play.do(AddLink("chat", "#inc-1"))
    (event,) = play.do(AddLink("Chat", "#inc-2"))
    assert describe(event) == "chat #inc-2 (was #inc-1)"
    play.do(AddLink("ticket", "JIRA-1"))
    play.do(AddLink("ticket", "JIRA-2"))
    assert play.there.links.links == (Link("chat", "#inc-2"), Link("ticket", "JIRA-1"), Link("ticket", "JIRA-2"))
    assert play.there.links.one("ticket") == "JIRA-2"


@pytest.mark.parametrize(
    "to", ["", "ftp://x", "javascript://alert(1)", "https://a b", "two\nlines", "x" * 501, "\x1b[31m"]
)
def test_what_is_no_address_is_refused(to: str) -> None:
    declared().refusal(AddLink("chat", to))


@pytest.mark.parametrize("to", ["https://a.example/" + "x" * 400, "#inc-1", "+46 70 174 06 15", "tel:+4670"])
def test_what_is_one_is_kept_whole(to: str) -> None:
    play = declared()
    play.do(AddLink("call", to))
    assert play.there.links.one("call") == to


def test_an_address_is_taken_away_by_name_where_there_are_several() -> None:
    play = declared()
    play.do(AddLink("ticket", "A"))
    play.do(AddLink("ticket", "B"))
    assert "say which" in play.refusal(RemoveLink("ticket"))
    play.do(RemoveLink("ticket", "A"))
    play.do(RemoveLink("ticket"))
    assert play.there.links.links == ()
    assert "has no ticket" in play.refusal(RemoveLink("ticket"))


def test_there_is_an_end_to_links() -> None:
    play = declared()
    for n in range(MOST):
        play.do(AddLink("ticket", f"T-{n}"))
    assert str(MOST) in play.refusal(AddLink("ticket", "one more"))


def test_a_relation_is_no_kind_of_address() -> None:
    assert "names another incident" in declared().refusal(AddLink("caused-by", "INC-2"))


# Several incidents ---------------------------------------------------------------------------------------------------


class House:
    """Incidents that know of each other, as the store writes them: a command and its other halves, or nothing."""

    def __init__(self) -> None:
        self.rooms: dict[str, Room] = {}

    def do(self, command: Command, key: str = "") -> str:
        """Carry out a command on `key`, or declare."""
        key = key or f"INC-{len(self.rooms) + 1}"
        if isinstance(command, Declare):
            command = replace(command, key=key)
        if named := other_key(command):
            if named not in self.rooms:
                raise Refused(f"there is no incident {named}")
            command = filled(command, self.rooms[named])
        before = self.rooms.get(key)
        after = {key: self._after(before, command)}
        for other, half in commands_for_others(command, before, after[key]):
            if other not in self.rooms:
                raise Refused(f"there is no incident {other}")
            after[other] = self._after(after.get(other, self.rooms[other]), half)
        self.rooms |= after
        return key

    def _after(self, room: Room | None, command: Command) -> Room:
        taken = decide(room, command, Context(T0 + minutes(1), "mina", BOOK))
        after = fold(taken, room)
        assert after is not None
        return after

    def check(self) -> None:
        """Both sides of every relation know of it, and of child work how it stands."""
        for key, room in self.rooms.items():
            for tie in room.links.ties:
                back = self.rooms[tie.key].links.tie(key)
                assert back is not None and back.relation is tie.relation.inverse, (key, tie)
                if tie.relation is Relation.SPLIT_INTO:
                    assert tie.status == self.rooms[tie.key].incident.status.value, (key, tie)


def house(count: int = 3) -> House:
    made = House()
    for n in range(count):
        made.do(Declare(f"incident {n}", "SEV1", "checkout"))
    return made


def test_both_sides_know() -> None:
    made = house()
    made.do(Relate(Relation.CAUSED_BY, "INC-2", "same deploy"), "INC-1")
    one, two = made.rooms["INC-1"].links.tie("INC-2"), made.rooms["INC-2"].links.tie("INC-1")
    assert one is not None and one.title == "incident 1"
    assert two is not None and two.relation is Relation.CAUSE_OF
    made.do(Unrelate("INC-1"), "INC-2")
    assert not made.rooms["INC-1"].links.ties and not made.rooms["INC-2"].links.ties


def test_a_part_takes_over_what_the_whole_knows() -> None:
    made = house(1)
    child = made.do(Declare("roll back", "", parent="INC-1"))
    incident = made.rooms[child].incident
    assert (incident.severity, incident.service) == ("SEV1", "checkout")
    tie = made.rooms["INC-1"].links.tie(child)
    assert tie is not None and (tie.relation, tie.title, tie.status) == (Relation.SPLIT_INTO, "roll back", "new")
    assert made.rooms[child].links.tie("INC-1") is not None


def test_resolving_the_whole_says_which_parts_are_open_and_goes_through() -> None:
    made = house(1)
    done, left = (made.do(Declare(title, "", parent="INC-1")) for title in ("roll back", "clean up"))
    made.do(SetStatus(Status.RESOLVED, "done"), done)
    taken = decide(made.rooms["INC-1"], SetStatus(Status.RESOLVED, "over"), Context(T0, "mina", BOOK))
    (change,) = [entry.event for entry in taken if isinstance(entry.event, StatusChanged)]
    assert change.left_open == (f"child {left} clean up (new)",)
    assert f"still open: child {left}" in describe(change)


def test_no_work_is_split_off_from_what_is_over() -> None:
    made = house(1)
    made.do(SetStatus(Status.RESOLVED, "over"), "INC-1")
    with pytest.raises(Refused, match="no work is split off"):
        made.do(Declare("more", "", parent="INC-1"))


def test_a_part_that_turns_out_to_be_the_whole_is_merged_into_it() -> None:
    made = house(1)
    child = made.do(Declare("the same", "", parent="INC-1"))
    made.do(Merge("INC-1"), child)
    assert made.rooms["INC-1"].incident.absorbed == (child,)
    assert not made.rooms["INC-1"].links.open_children
    made.check()


def commands(count: int) -> st.SearchStrategy[tuple[str, Command]]:
    keys = st.sampled_from([f"INC-{n}" for n in range(1, count + 2)])
    made: st.SearchStrategy[Command] = st.one_of(
        st.builds(Relate, st.sampled_from(Relation), keys, st.just("why")),
        st.builds(Unrelate, keys),
        st.builds(lambda key: Declare("part", "", parent=key), keys),
        st.builds(lambda to: SetStatus(to, "why"), st.sampled_from(Status)),
        st.builds(Merge, keys),
        st.builds(lambda to: SetSeverity(to, "why"), st.sampled_from(["SEV1", "SEV2"])),
        st.just(AddNote("x")),
    )
    return st.tuples(st.sampled_from([f"INC-{n}" for n in range(1, count + 1)]), made)


@examples()
@given(st.lists(commands(3), max_size=14))
def test_whatever_is_asked_for_both_sides_agree(asked: list[tuple[str, Command]]) -> None:
    made = house()
    for key, command in asked:
        try:
            made.do(command, "" if isinstance(command, Declare) else key)
        except Refused:
            continue
        finally:
            made.check()


def test_an_engine_step_ties_nothing() -> None:
    play = declared()
    before = play.there
    play.do(AddNote("x"), ENGINE)
    assert commands_for_others(AddNote("x"), before, play.there) == ()
    assert isinstance(play, Play)
