"""A class made by the program's own decorator cannot be told from one of the standard library, but for its cost."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, asdict, field, fields, replace
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.valueclass import dataclass

Decorator = Callable[..., Any]
BOTH = pytest.mark.parametrize("dataclass", [dataclass, dataclasses.dataclass], ids=["own", "standard"])


@dataclass(frozen=True, slots=True)
class Page:
    """Kept at the top of the module, where pickle finds it."""

    to: str
    tries: int = 0
    ways: tuple[str, ...] = ()
    seen: dict[str, int] = field(default_factory=dict, compare=False, repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Standard:
    to: str
    tries: int = 0
    ways: tuple[str, ...] = ()
    seen: dict[str, int] = dataclasses.field(default_factory=dict, compare=False, repr=False)


VALUES = st.tuples(st.text(max_size=2), st.integers(0, 2), st.lists(st.text(max_size=1), max_size=2).map(tuple))


@given(VALUES, VALUES)
def test_they_compare_hash_and_read_alike(one: Any, other: Any) -> None:
    mine, theirs = (Page(*one), Page(*other)), (Standard(*one), Standard(*other))
    assert (mine[0] == mine[1]) is (theirs[0] == theirs[1])
    assert hash(mine[0]) == hash(theirs[0])
    assert repr(mine[0]) == repr(theirs[0]).replace("Standard", "Page")
    assert asdict(mine[0]) == asdict(theirs[0])
    assert Page.__match_args__ == Standard.__match_args__
    assert replace(mine[0], tries=9) == Page(one[0], 9, one[2])
    assert mine[0] != theirs[0] and mine[0].__eq__(theirs[0]) is NotImplemented


def test_copies_and_pickles_are_equal_and_share_no_default() -> None:
    page = Page("mina", 2, ("sms",))
    page.seen["a"] = 1
    assert pickle.loads(pickle.dumps(page)) == page == copy.deepcopy(page) == copy.copy(page)
    assert pickle.loads(pickle.dumps(page)).seen == {"a": 1}
    assert Page("jonas").seen == {}


@BOTH
def test_a_frozen_one_cannot_be_changed(dataclass: Decorator) -> None:
    @dataclass(frozen=True, slots=True)
    class Point:
        x: int

    point = Point(1)
    with pytest.raises(FrozenInstanceError):
        point.x = 2
    with pytest.raises(FrozenInstanceError):
        del point.x
    with pytest.raises((FrozenInstanceError, TypeError)):  # the standard one stumbles over its second class here
        point.y = 2
    assert point.x == 1 and not hasattr(point, "__dict__")


@BOTH
def test_what_is_asked_for_wrongly_is_refused(dataclass: Decorator) -> None:
    @dataclass(frozen=True, slots=True)
    class Point:
        x: int
        y: int = 0
        z: int = field(default=0, kw_only=True)

    for arguments, named in (((), {}), ((1, 2, 3), {}), ((1,), {"w": 1}), ((1,), {"x": 1})):
        with pytest.raises(TypeError):
            Point(*arguments, **named)
    assert (Point(1, z=3).z, Point(y=2, x=1).y) == (3, 2)
    with pytest.raises(TypeError):
        Point()  # again, once it is compiled


@BOTH
def test_inheritance_post_init_and_class_variables(dataclass: Decorator) -> None:
    @dataclass(frozen=True, slots=True)
    class Base:
        kind: ClassVar[str] = "base"
        a: int

        def __post_init__(self) -> None:
            if self.a < 0:
                raise ValueError("negative")

    @dataclass(frozen=True, slots=True)
    class Derived(Base):
        b: list[int] = field(default_factory=list)
        c: int = field(default=7, init=False)

    with pytest.raises(ValueError, match="negative"):
        Derived(-1)
    made = Derived(1, [2])
    assert (made.a, made.b, made.c, made.kind) == (1, [2], 7, "base")
    assert [each.name for each in fields(Derived)] == ["a", "b", "c"]
    assert Base(1) != Derived(1) and Derived(1) == Derived(1)


@BOTH
def test_its_signature_is_that_of_its_fields(dataclass: Decorator) -> None:
    @dataclass(frozen=True, slots=True)
    class Point:
        x: int
        y: tuple[str, ...] = ()

    for _ in range(2):
        assert str(inspect.signature(Point)).startswith("(x: 'int', y: 'tuple[str, ...]' = ()")
        Point(1)


@BOTH
def test_one_that_may_be_changed_has_no_hash_and_methods_of_its_own_stay(dataclass: Decorator) -> None:
    @dataclass(slots=True)
    class Open:
        x: int = 0

        def __repr__(self) -> str:
            return "mine"

    @dataclass(frozen=True, slots=True, eq=False)
    class Alone:
        x: int = 0

    @dataclass(frozen=True)
    class Loose:
        x: int = 0
        hidden: int = field(default=0, repr=False)

    value = Open()
    value.x = 3
    assert value == Open(3) and repr(value) == "mine" and Open.__hash__ is None
    assert Alone(1) != Alone(1) and hash(Alone(1))
    assert repr(Loose(1)).endswith("Loose(x=1)") and Loose(1).__dict__ == {"x": 1, "hidden": 0}


def test_nothing_is_compiled_before_the_first_instance() -> None:
    @dataclass(frozen=True, slots=True)
    class Point:
        x: int

    before = Point.__init__
    assert Point(1) == Point(1) and hash(Point(1)) == hash((1,))
    assert Point.__init__ is not before and Point.__init__.__qualname__.endswith("Point.__init__")
