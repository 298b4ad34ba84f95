"""The converter on inputs of our own, in the shapes of other tools that no file at hand has."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.foreign_policies import Draft
from tests.support.foreign_routes import spelled_out
from warroom.domain.schedule import on_call

ROTATION = {
    "rotations": [
        {
            "label": "Office hours",
            "shifts": [
                {
                    "label": "weekdays",
                    "timezone": "Europe/Stockholm",
                    "start": "2024-01-01T09:00:00Z",
                    "duration": 7,
                    "shifttype": "cstm",
                    "mask": {
                        "day": {"m": True, "t": True, "w": True, "th": True, "f": True, "sa": False, "su": False},
                        "time": [{"start": {"hour": 9, "minute": 30}, "end": {"hour": 17, "minute": 0}}],
                    },
                    "shiftMembers": [{"username": "ada"}, {"username": "bo"}],
                }
            ],
        }
    ]
}


@pytest.mark.parametrize(
    ("at", "who"),
    [
        ("2024-01-03 08:29", ()),  # 09:29 in Stockholm
        ("2024-01-03 08:30", ("ada",)),
        ("2024-01-03 15:59", ("ada",)),
        ("2024-01-03 16:00", ()),
        ("2024-01-06 12:00", ()),  # a Saturday
        ("2024-01-10 12:00", ("bo",)),
        ("2024-07-03 07:29", ()),  # summer time: 09:29 in Stockholm
        ("2024-07-03 07:30", ("ada",)),
    ],
)
def test_a_mask_of_splunk_on_call_is_hours_of_a_layer(at: str, who: tuple[str, ...]) -> None:
    draft = Draft()
    draft.take("victorops team", ROTATION)
    book = draft.load().book
    found = on_call(book.schedules["Office-hours"], datetime.fromisoformat(at).replace(tzinfo=UTC), book)
    assert found.people == who


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("^(foo1|foo2|baz)$", ["foo1", "foo2", "baz"]),
        ("^[12]$", ["1", "2"]),
        ("db-.*", ["db-*"]),
        ("a[x-z]b", ["axb", "ayb", "azb"]),
        ("[a-z]{3}", None),
        ("^(?!x)y", None),
    ],
)
def test_patterns_are_spelled_out_or_not_at_all(pattern: str, words: list[str] | None) -> None:
    assert spelled_out(pattern) == words


def test_matchers_of_every_kind_are_conditions() -> None:
    config: dict[str, Any] = {
        "route": {
            "receiver": "all",
            "routes": [{"receiver": "db", "matchers": ['team="db"', "env!=test", 'kind=~"a|b"', "zone!~x-.*"]}],
        },
        "receivers": [{"name": name, "webhook_configs": [{"url": "https://x.example"}]} for name in ("all", "db")],
    }
    draft = Draft()
    draft.take("alertmanager", config)
    assert draft.sections()["rules"]["route-1-1"]["when"] == {
        "all": [
            {"labels.team": "db"},
            {"not": {"labels.env": "test"}},
            {"labels.kind": ["a", "b"]},
            {"not": {"labels.zone": ["x-*"]}},
        ]
    }
    draft.load()
