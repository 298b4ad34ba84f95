"""A revision: named by its content, stored as text, the same again when it is read back."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rulebook.small import SMALL, changed
from warroom.domain.cadence import Cadence, ReminderStep
from warroom.domain.catalogue import ServiceSpec
from warroom.domain.comms import Audience, ChannelSpec
from warroom.domain.oncall import Contact, OnCallList, PagingHours, Person
from warroom.domain.policy import Level, Policy, Target, TargetKind
from warroom.domain.roles import RequiredRole, RoleSpec
from warroom.rulebook.convert import from_json, loaded, revision_of
from warroom.rulebook.load import read_rulebook
from warroom.rulebook.problems import RulebookError
from warroom.rulebook.schema import RulebookModel, json_schema
from warroom.rulebook.validate import validate
from warroom.rulebook.values import DAYS, WAYS, duration_text


def _read(text: str) -> Any:
    return read_rulebook({"rules.yaml": text.encode()})


def test_every_value_of_the_files_reaches_the_domain() -> None:
    pool = '    pool: [oncall:first, "person:mina"]\n'
    assert pool in SMALL
    book = _read(SMALL.replace(pool, pool + "    then: [level:next]\n")).book
    first, mina = Target(TargetKind.ONCALL, "first"), Target(TargetKind.PERSON, "mina")
    lead = Target(TargetKind.ROLE, "incident-manager")
    minutes = timedelta(minutes=1)
    assert (book.room, book.prefix) == ("night shift", "INC")
    assert list(book.severities) == ["SEV1", "SEV2"]
    sev1, sev2 = book.severities["SEV1"], book.severities["SEV2"]
    assert (sev1.name, sev1.rank, sev1.glyph, sev1.title, sev1.major) == ("SEV1", 1, "◆", "critical", True)
    assert (sev1.policy, sev1.hours, sev1.impacts) == ("urgent", None, ("critical", "high"))
    assert sev1.cadence == (Cadence("public", 5 * minutes, 30 * minutes, 60 * minutes),)
    assert sev1.roles == (RequiredRole("incident-manager", 5 * minutes),)
    assert (sev2.policy, sev2.major, sev2.cadence, sev2.roles) == ("", False, (), ())
    assert sev2.hours == PagingHours("Europe/Stockholm", (0, 4), time(9), time(17, 30))
    assert book.roles == {
        "incident-manager": RoleSpec(
            "incident-manager",
            "incident manager",
            ("Lead.",),
            (first, mina),
            5 * minutes,
            3,
            10 * minutes,
            (Target(TargetKind.LEVEL, "next"),),
        )
    }
    assert book.policies == {
        "urgent": Policy(
            "urgent",
            (
                Level("on-call", (first,), ("sms", "chat"), 5 * minutes, 30 * minutes, 1),
                Level("everybody", (Target(TargetKind.TEAM, "all"), lead)),
            ),
            2,
            (Target(TargetKind.CHANNEL, "#major"),),
        )
    }
    assert book.people == {
        "mina": Person("mina", "Mina", (Contact("sms", "+46 70 174 06 05"), Contact("chat", "@mina"))),
        "유나": Person("유나", "Yuna"),
    }
    assert book.oncall == {"first": OnCallList("first", ("mina",))}
    assert book.teams == {"all": ("mina", "유나")}
    assert book.channels == {"public": ChannelSpec("public", "status page", Audience.EXTERNAL)}
    assert book.reminders == (
        ReminderStep(timedelta(0), (lead,)),
        ReminderStep(5 * minutes, (Target(TargetKind.LEVEL, "next"),)),
    )
    assert (book.watch_channel, book.watch_cadence) == (book.channels["public"], 30 * minutes)
    assert book.services == {"payments": ServiceSpec("payments", facts=("eu-west", "tier 1"))}


def test_a_role_may_have_figures_of_its_own() -> None:
    text = changed(
        "    title: incident manager\n", "    title: incident manager\n    remind_times: 9\n    offer_lapses: 1m\n"
    )
    role = _read(text).book.roles["incident-manager"]
    assert (role.remind_every, role.remind_times, role.offer_lapses) == (
        timedelta(minutes=5),
        9,
        timedelta(minutes=1),
    )


def test_paging_hours_count_days_in_the_order_of_the_week() -> None:
    hours = _read(changed("days: [mon, fri]", "days: [sun, mon]")).book.severities["SEV2"].hours
    assert hours is not None and hours.days == (0, 6)


def test_a_revision_is_the_beginning_of_the_hash_of_its_text() -> None:
    rules = _read(SMALL)
    assert rules.revision == revision_of(rules.json) == rules.book.revision
    assert rules.revision == hashlib.sha256(rules.json.encode()).hexdigest()[:12]
    assert re.fullmatch("[0-9a-f]{12}", rules.revision)
    assert "\n" not in rules.json and json.loads(rules.json)["room"]["name"] == "night shift"


def test_form_makes_no_difference_to_a_revision_and_content_does() -> None:
    rules = _read(SMALL)
    same = "# another look\n" + changed("ack_timeout: 5m", "ack_timeout: 300s").replace("tier 1", "'tier 1'")
    cut = same.index("policies:\n")
    assert read_rulebook({"z": same[:cut].encode(), "a": same[cut:].encode()}) == rules
    assert _read(changed("ack_timeout: 5m", "ack_timeout: 6m")).revision != rules.revision
    assert _read(changed("via: [sms, chat]", "via: [chat, sms]")).revision != rules.revision


def test_the_mappings_of_a_revision_cannot_be_changed() -> None:
    book = _read(SMALL).book
    with pytest.raises(TypeError):
        book.people["eve"] = book.people["mina"]


def test_a_stored_revision_is_read_once() -> None:
    text = _read(SMALL).json
    assert from_json(text) is from_json(text)


def test_a_stored_revision_keeps_its_name_when_defaults_are_added_later() -> None:
    content = json.loads(_read(SMALL).json)
    del content["policies"]["urgent"]["levels"][1]["repeat"]
    older = json.dumps(content)
    assert from_json(older).revision == revision_of(older)
    assert from_json(older).book.policies == _read(SMALL).book.policies


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "is not a group of sections"),
        ("{}", "cannot be read by this version"),
        (_read(SMALL).json.replace('"prefix"', '"praefix"'), "cannot be read by this version"),
    ],
)
def test_a_stored_text_that_cannot_be_read_says_so(text: str, message: str) -> None:
    with pytest.raises(RulebookError) as caught:
        from_json(text)
    assert message in caught.value.problems[0].message
    assert all(p.file == f"stored revision {revision_of(text)}" for p in caught.value.problems)
    assert "upgrade warroom" in caught.value.problems[0].advice


# Any rulebook at all

_names = st.text(st.sampled_from("abcåäö유나Z019-._"), min_size=1, max_size=8).filter(lambda s: s[0].isalnum())
_lines = st.text(st.characters(codec="utf-8"), max_size=20).map(lambda s: f"x{s}"[:40])
_durations = st.integers(1, 31_000_000).map(lambda s: duration_text(timedelta(seconds=s)))


def _some(names: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True)


@st.composite
def _rulebooks(draw: st.DrawFn) -> dict[str, Any]:
    def several(least: int = 1) -> list[str]:
        return draw(st.lists(_names, min_size=least, max_size=3, unique_by=str.casefold))

    people, policies, channels, teams = several(), several(), several(), several(0)
    roles = ["incident-manager", *(r for r in several(0) if r.casefold() != "incident-manager")]
    severities = several()
    targets = [f"person:{p}" for p in people] + [f"team:{t}" for t in teams]
    cadence = st.fixed_dictionaries({"first": _durations, "every": _durations}, optional={"final": _durations})
    level = st.fixed_dictionaries(
        {"label": _lines, "targets": _some(targets), "ack_timeout": _durations, "repeat": st.integers(0, 100)},
        optional={"resolve_timeout": _durations, "via": _some(list(WAYS))},
    )
    steps = sorted(draw(st.sets(st.integers(1, 90_000), max_size=3)))
    hours = st.fixed_dictionaries(
        {
            "zone": st.sampled_from(["UTC", "Asia/Seoul", "Europe/Stockholm"]),
            "days": _some(list(DAYS)),
            "start": st.integers(0, 11).map(lambda h: f"{h}:30"),
            "end": st.integers(12, 23).map(lambda h: f"{h}:00"),
        }
    )
    severity = st.fixed_dictionaries(
        {"glyph": st.sampled_from("◆▲●a"), "title": _lines, "major": st.booleans()},
        optional={
            "policy": st.sampled_from(policies),
            "hours": hours,
            "cadence": st.dictionaries(st.sampled_from(channels), cadence),
            "roles": st.dictionaries(st.sampled_from(roles), _durations),
        },
    )
    return {
        "room": {"name": draw(_lines), "prefix": draw(st.from_regex(r"[A-Z][A-Z0-9]{0,9}", fullmatch=True))},
        "severities": {name: {**draw(severity), "rank": rank} for rank, name in enumerate(severities, 1)},
        "role_defaults": {"remind_every": draw(_durations), "remind_times": 2, "offer_lapses": draw(_durations)},
        "roles": {name: {"title": draw(_lines), "pool": draw(_some(targets))} for name in roles},
        "policies": {
            name: {"levels": draw(st.lists(level, min_size=1, max_size=3)), "cycles": draw(st.integers(1, 20))}
            for name in policies
        },
        "people": {
            login: {"name": draw(_lines), "contacts": draw(st.dictionaries(st.sampled_from(WAYS), _lines, max_size=3))}
            for login in people
        },
        "teams": {name: draw(_some(people)) for name in teams},
        "channels": {name: {"title": draw(_lines), "audience": "internal"} for name in channels},
        "reminders": [
            {"after": duration_text(timedelta(seconds=s)), "to": ["level:next"]} for s in ([0, *steps] if steps else [])
        ],
        "watch": {"channel": draw(st.sampled_from(channels)), "cadence": draw(_durations)},
    }


@settings(max_examples=60, deadline=None)
@given(_rulebooks())
def test_every_rulebook_comes_back_from_its_text_exactly(content: dict[str, Any]) -> None:
    model, problems = validate(content, lambda path, at_key: ("made", None, None))
    assert model is not None, problems
    rules = loaded(model)
    again = from_json(rules.json)
    assert again == rules
    assert list(again.book.people) == list(rules.book.people) == list(content["people"])
    assert from_json.__wrapped__(again.json).json == rules.json


# For editors


def test_the_schema_for_editors_knows_every_section_and_requires_none() -> None:
    schema = json_schema()
    content = json.loads(_read(SMALL).json)
    assert set(content) <= set(schema["properties"]) == set(RulebookModel.model_fields)
    assert schema["additionalProperties"] is False and "required" not in schema
    assert all(part["description"] for part in schema["properties"].values())
    assert '"null"' not in json.dumps(schema)


def test_the_schema_for_editors_has_durations_as_the_files_have_them() -> None:
    pattern = re.compile(json_schema()["$defs"]["LevelPart"]["properties"]["ack_timeout"]["pattern"])
    assert all(pattern.search(good) for good in ("5m", "90s", "1h30m", "2d"))
    assert not any(pattern.search(bad) for bad in ("", "5", "5 m", "-5m", "1.5h", "5m1h"))
