"""Small invented rulebooks, built straight from the domain's values: what the tests of the domain and of the store use.

`BOOK` is the everyday one. Its timers all differ, so that a test can tell from a time which of them it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from warroom.domain.book import Rulebook
from warroom.domain.cadence import Cadence, ReminderStep
from warroom.domain.comms import Audience, ChannelSpec
from warroom.domain.incident import SeveritySpec
from warroom.domain.oncall import Contact, OnCallList, PagingHours, Person
from warroom.domain.policy import Level, Policy, Target, TargetKind
from warroom.domain.roles import LEAD, RequiredRole, RoleSpec

T0 = datetime(2024, 3, 13, 10, 0, tzinfo=UTC)
"""When most tests begin: a Wednesday, 11:00 in Stockholm, within the office hours of `BOOK`."""

COMMS, SCRIBE = "comms-manager", "scribe"


def minutes(count: float) -> timedelta:
    """A duration of so many minutes."""
    return timedelta(minutes=count)


def seconds(count: float) -> timedelta:
    """A duration of so many seconds."""
    return timedelta(seconds=count)


def utc(text: str) -> datetime:
    """`utc("2024-03-15 18:00")`: a moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def target(text: str) -> Target:
    """`target("oncall:payments")`; `target("level")` is the next level of the incident's own policy."""
    kind, _, name = text.partition(":")
    return Target(TargetKind(kind), name)


def targets(*texts: str) -> tuple[Target, ...]:
    """Several targets at once."""
    return tuple(target(text) for text in texts)


def level(
    label: str,
    *to: str,
    ack: timedelta | None = None,
    resolve: timedelta | None = None,
    repeat: int = 0,
    via: tuple[str, ...] = (),
) -> Level:
    """A level of a policy in one line."""
    return Level(label, targets(*to), via, ack, resolve, repeat)


OFFICE = PagingHours("Europe/Stockholm", (0, 1, 2, 3, 4), time(9), time(17))

PEOPLE = {
    person.login: person
    for person in (
        Person("ada", "Ada", (Contact("sms", "+46700000001"), Contact("chat", "@ada"), Contact("mail", "a@x.example"))),
        Person("bo", "Bo", (Contact("chat", "@bo"), Contact("mail", "bo@x.example"))),
        Person("cy", "Cy", (Contact("mail", "cy@x.example"),)),
        Person("dag", "Dag", (Contact("phone", "+46700000004"), Contact("sms", "+46700000004"))),
        Person("eva", "Eva", (Contact("chat", "@eva"),)),
        Person("ghost", "Ghost"),  # nobody knows how to reach them
    )
}

MAJOR = Policy(
    "major",
    (
        level("primary", "oncall:payments", ack=minutes(5), resolve=minutes(21), repeat=1, via=("sms", "chat")),
        level("backup", "team:backend", f"role:{LEAD}", ack=minutes(6), resolve=minutes(32)),
        level("leadership", "person:dag", "channel:#leads", ack=minutes(7), resolve=minutes(43)),
    ),
    cycles=2,
    then=targets("channel:#everyone", "person:eva"),
)

STANDARD = Policy(
    "standard",
    (
        level("primary", "oncall:payments", ack=minutes(10), resolve=minutes(45)),
        level("lead", "person:dag", ack=minutes(11)),
    ),
)

OFFICE_POLICY = Policy("office", (level("team", "team:backend", ack=minutes(30), resolve=minutes(240), repeat=1),))

SEVERITIES = (
    SeveritySpec(
        "SEV1",
        1,
        "!",
        "critical",
        True,
        policy="major",
        cadence=(
            Cadence("internal", minutes(10), minutes(20), minutes(33)),
            Cadence("public", minutes(15), minutes(30), minutes(66)),
        ),
        roles=(RequiredRole(LEAD, minutes(4)), RequiredRole(COMMS, minutes(8))),
        impacts=("critical",),
    ),
    SeveritySpec(
        "SEV2",
        2,
        "=",
        "major",
        True,
        policy="standard",
        cadence=(Cadence("internal", minutes(20), minutes(50)),),
        roles=(RequiredRole(LEAD, minutes(12)),),
        impacts=("major",),
    ),
    SeveritySpec(
        "SEV3",
        3,
        "-",
        "minor",
        False,
        policy="office",
        hours=OFFICE,
        cadence=(Cadence("internal", minutes(90), minutes(240)),),
        impacts=("minor",),
    ),
    SeveritySpec("SEV4", 4, ".", "to be watched", False, impacts=("none",)),
)

ROLES = (
    RoleSpec(
        LEAD,
        "Incident manager",
        ("take the lead",),
        targets("oncall:managers"),
        remind_every=minutes(3),
        remind_times=3,
        offer_lapses=minutes(10),
    ),
    RoleSpec(COMMS, "Communications manager", (), targets(f"role:{LEAD}"), minutes(9), 2, minutes(7)),
    RoleSpec(SCRIBE, "Scribe"),
)

CHANNELS = (
    ChannelSpec("internal", "Internal", Audience.INTERNAL),
    ChannelSpec("public", "Status page", Audience.EXTERNAL),
    ChannelSpec("desk", "Support desk", Audience.INTERNAL),
)

REMINDERS = (
    ReminderStep(minutes(0), targets(f"role:{COMMS}")),
    ReminderStep(minutes(5), targets(f"role:{LEAD}")),
    ReminderStep(minutes(11), targets("level")),
)


def by_name(items: tuple[SeveritySpec, ...]) -> dict[str, SeveritySpec]:
    """Severities as a rulebook has them."""
    return {item.name: item for item in items}


BOOK = Rulebook(
    revision="rev-1",
    prefix="INC",
    severities=by_name(SEVERITIES),
    roles={spec.role: spec for spec in ROLES},
    policies={policy.name: policy for policy in (MAJOR, STANDARD, OFFICE_POLICY)},
    people=PEOPLE,
    oncall={
        "payments": OnCallList("payments", ("ghost", "ada", "bo")),
        "managers": OnCallList("managers", ("eva",)),
        "nobody": OnCallList("nobody", ()),
    },
    teams={"backend": ("bo", "cy"), "empty": (), "ghosts": ("ghost",)},
    channels={channel.name: channel for channel in CHANNELS},
    reminders=REMINDERS,
    watch_channel=ChannelSpec("statuspage", "Provider's page", Audience.EXTERNAL),
    watch_cadence=minutes(30),
)


def with_policy(policy: Policy, book: Rulebook = BOOK, severity: str = "SEV1") -> Rulebook:
    """`book` with another policy for one severity."""
    spec = replace(book.severities[severity], policy=policy.name)
    return replace(
        book,
        policies={**book.policies, policy.name: policy},
        severities={**book.severities, severity: spec},
    )


def with_severity(name: str, book: Rulebook = BOOK, **changes: object) -> Rulebook:
    """`book` with some fields of one severity changed."""
    spec = replace(book.severities[name], **changes)  # type: ignore[arg-type]
    return replace(book, severities={**book.severities, name: spec})


def with_hours(hours: PagingHours, book: Rulebook = BOOK) -> Rulebook:
    """`book` whose SEV3 waits for other hours."""
    return with_severity("SEV3", book, hours=hours)


def ladder_only(policy: Policy, severities: Mapping[str, SeveritySpec] | None = None) -> Rulebook:
    """A rulebook in which only the ladder has timers: no role is required and no channel is timed."""
    quiet = {name: replace(spec, cadence=(), roles=()) for name, spec in (severities or BOOK.severities).items()}
    return with_policy(policy, replace(BOOK, severities=quiet))
