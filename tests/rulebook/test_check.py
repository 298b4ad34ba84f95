"""Every finding of check: by a rulebook that has it and by one that has not; its place, and what is done about it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.rulebook.small import SMALL
from warroom.domain.policy import Ask, Last, Mode, Otherwise, Target, TargetKind
from warroom.domain.routes import Delivery, Route
from warroom.rulebook.check import AHEAD, check, check_at, grave
from warroom.rulebook.convert import Loaded
from warroom.rulebook.findings import Finding, Weight
from warroom.rulebook.load import read_rulebook, seed_rulebook

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""A Monday."""

SOUND = """\
room: {name: night shift, prefix: INC}
severities:
  SEV1:
    rank: 1
    glyph: ◆
    title: critical
    major: true
    policy: urgent
    cadence:
      public: {first: 10m, every: 30m}
    roles:
      writer: 10m
      incident-manager: 5m
  SEV2: {rank: 2, glyph: ▲, title: minor, major: false, policy: urgent}
role_defaults: {remind_every: 5m, remind_times: 3, offer_lapses: 10m}
roles:
  incident-manager: {title: incident manager, pool: [oncall:second], then: [level:next]}
  writer: {title: writer, pool: [team:all], then: [role:incident-manager]}
policies:
  urgent:
    levels:
      - {label: first, targets: [oncall:first], via: [sms], ack_timeout: 5m, repeat: 1, resolve_timeout: 30m}
      - {label: second, targets: [oncall:second], ack_timeout: 10m}
    then: ["channel:#major"]
people:
  mina: {name: Mina, zone: Europe/Stockholm, contacts: {sms: "+46 70 174 06 05", chat: "@mina"}}
  ana: {name: Ana, zone: Europe/Lisbon, contacts: {chat: "@ana"}}
  bo: {name: Bo, zone: Europe/Stockholm, contacts: {chat: "@bo"}}
oncall:
  first: [mina]
  second: [ana]
teams:
  all: [mina, ana, bo]
chat_rooms:
  "#major": last resort
channels:
  public: {title: status page, audience: external}
reminders:
  - {after: 0s, to: [role:writer]}
  - {after: 5m, to: [level:next]}
watch: {channel: public, cadence: 30m}
"""
"""A rulebook of one file that nothing can be said against."""


@dataclass(frozen=True)
class Case:
    """One thing that can be found: the slip that makes it, where it is, and how grave."""

    kind: str
    weight: Weight
    path: str
    old: str
    new: str
    what: str
    advice: str
    also: frozenset[str] = field(default_factory=frozenset)  # what follows from the same slip


E, W, N = Weight
SECOND = "      - {label: second, targets: [oncall:second], ack_timeout: 10m}\n"
FIRST = "{label: first, targets: [oncall:first], via: [sms], ack_timeout: 5m, repeat: 1, resolve_timeout: 30m}"
LEVELS = "policies.urgent.levels"


def case(kind: str, weight: Weight, path: str, old: str, new: str, what: str, advice: str = "", *also: str) -> Case:
    return Case(kind, weight, path, old, new, what, advice, frozenset(also))


CASES = (
    # Dead ends
    case(
        *("severity-no-policy", E, "severities.SEV1", "major: true\n    policy: urgent\n", "major: true\n"),
        *("nobody is ever paged", "there is urgent", "reminder-level-never"),
    ),
    case("severity-no-policy", N, "severities.SEV2", "false, policy: urgent", "false", "pages nobody", "add policy"),
    case(
        *("severity-major-hours", W, "severities.SEV1.hours", "major: true\n"),
        "major: true\n    hours: {zone: UTC, days: [mon], start: '09:00', end: '17:00'}\n",
        *("wait for working hours", "take hours out"),
    ),
    case(
        *("policy-nobody", E, "policies.quiet", "policies:\n"),
        "policies:\n  quiet: {levels: [{label: x, targets: [person:eve], ack_timeout: 5m}]}\n",
        *("can reach nobody at all", "chat room", "policy-unused", "person-no-contact"),
    ),
    case(
        "level-nobody",
        E,
        f"{LEVELS}.2.targets",
        "[oncall:second], ack",
        "[person:eve], ack",
        "eve without any",
        "",
        "person-no-contact",
    ),
    case(
        "last-resort-nobody",
        E,
        "policies.urgent.then",
        '["channel:#major"]',
        "[person:eve]",
        "eve without",
        "chat",
        "person-no-contact",
    ),
    case(
        "policy-no-last-resort", W, "policies.urgent", '    then: ["channel:#major"]\n', "", "no last resort", "then:"
    ),
    case(
        *("policy-unused", N, "policies.spare", "policies:\n"),
        "policies:\n  spare: {levels: [{label: x, targets: [team:all], ack_timeout: 5m}], then: ['channel:#major']}\n",
        *("is never run", "or take it out"),
    ),
    case(
        "level-stays", E, f"{LEVELS}.1", FIRST, "{label: first, targets: [oncall:first]}", "level 2 is never", "add ack"
    ),
    case("last-level-stays", W, f"{LEVELS}.2", ", ack_timeout: 10m}", "}", "never does", "add ack_timeout"),
    case(
        "level-roles-only",
        N,
        f"{LEVELS}.2.targets",
        "[oncall:second], ack",
        "[role:writer], ack",
        "roles alone",
        "team",
    ),
    case(
        "level-ways", W, f"{LEVELS}.1.via", "via: [sms]", "via: [mail, phone]", "nobody on this level has", "add such"
    ),
    case(
        "same-people",
        W,
        f"{LEVELS}.2.targets",
        "[oncall:second], ack",
        "[person:mina], ack",
        "nobody but mina",
        "somebody else",
    ),
    case(
        "reminders-none",
        N,
        "reminders",
        "  - {after: 0s, to: [role:writer]}\n  - {after: 5m, to: [level:next]}\n",
        "  []\n",
        "tells nobody",
        "add steps",
    ),
    # Clocks of silence
    case(
        *("status-before-first", W, "severities.SEV1.cadence.public.by_status.mitigating"),
        *("every: 30m}", "every: 30m, by_status: {mitigating: 5m}}", "shorter than the time for the first", "10m"),
    ),
    case(
        *("long-not-longer", W, "severities.SEV1.cadence.public.long", "every: 30m}", "every: 30m, long: 30m}"),
        *("relaxes nothing", "more than 30m"),
    ),
    case(
        *(
            "warning-order",
            W,
            "reminders.2.at",
            "  - {after: 5m, to",
            "  - {at: 80%, to: [role:writer]}\n  - {after: 5m, to",
        ),
        *("behind a later step", "move it up"),
    ),
    case(
        *("warning-order", W, "reminders.2.at", "  - {after: 0s"),
        "  - {at: 90%, to: [role:writer]}\n  - {at: 80%, to: [role:writer]}\n  - {after: 0s",
        *("behind a later step", "move it up"),
    ),
    case(
        *("warning-nobody", W, "reminders.1.to", "  - {after: 0s, to: [role:writer]}"),
        "  - {at: 80%, to: [person:eve]}\n  - {after: 0s, to: [person:eve]}",
        *("reaches nobody: none of those", "name somebody", "person-no-contact"),
    ),
    case(
        *("reminder-order", W, "reminders.3.at", "  - {after: 5m, to: [level:next]}"),
        "  - {at: 150%, to: [person:bo]}\n  - {at: 120%, to: [level:next]}",
        *("3m before the step in front of it, for the first update on public of SEV1", "put the steps in the order"),
    ),
    case(
        *("reminder-order", W, "reminders.3.at", "  - {after: 5m, to: [level:next]}"),
        "  - {after: 6m, to: [person:bo]}\n  - {at: 150%, to: [level:next]}",
        *("1m before the step in front of it", "give both a share"),
    ),
    case(
        *("reminder-level-never", W, "reminders.3.to", "  - {after: 5m, to: [level:next]}\n"),
        "  - {after: 5m, to: [level:next]}\n  - {after: 9m, to: [level:next]}\n",
        *("level 3 at the earliest, and no policy has more than 2", "add a team"),
    ),
    case("reminders-end", W, "reminders.1.to", "\n  - {after: 5m, to: [level:next]}", "", "roles alone", "level:next"),
    # Rules
    case(
        "rule",
        E,
        "rules.hush",
        "teams:\n",
        "rules: {hush: {when: {service: '*'}, then: {suppress: quiet}}}\nteams:\n",
        "suppresses every incident",
        "when:",
    ),
    case(
        "rule",
        W,
        "rules.loud",
        "teams:\n",
        "rules: {loud: {when: {service: '*'}, then: {severity: SEV1}}}\nteams:\n",
        "makes every incident SEV1",
        "when:",
    ),
    # Timers
    case("ack-short", W, f"{LEVELS}.2.ack_timeout", "ack_timeout: 10m", "ack_timeout: 59s", "gives 59s", "1m or more"),
    case(
        "resolve-before-ack",
        W,
        f"{LEVELS}.1.resolve_timeout",
        "30m}\n      -",
        "9m}\n      -",
        "paged 2 times (10m)",
        "10m or more",
    ),
    case(
        "resolve-before-ack",
        W,
        f"{LEVELS}.1.resolve_timeout",
        "30m}\n      -",
        "4m}\n      -",
        "answer in time",
        "10m or more",
    ),
    case(
        "first-after-every",
        W,
        "severities.SEV1.cadence.public.first",
        "{first: 10m,",
        "{first: 31m,",
        "longer silence",
        "not longer than every",
    ),
    case(
        "update-before-role",
        W,
        "severities.SEV1.cadence.public.first",
        "{first: 10m,",
        "{first: 9m,",
        "a writer to write it (10m)",
        "within 9m",
    ),
    case(
        "update-without-role", N, "severities.SEV1.cadence.public", "      writer: 10m\n", "", "requires none", "writer"
    ),
    case(
        "offer-outlives-reminders",
        W,
        "roles.incident-manager.offer_lapses",
        "offer_lapses: 10m",
        "offer_lapses: 16m",
        "longer than the reminders",
        "15m or less",
    ),
    # People and roles
    case("person-no-contact", W, "people.bo", ', contacts: {chat: "@bo"}', "", "named in team:all", "add contacts"),
    case(
        "person-never-paged",
        N,
        "people.eva",
        "people:\n",
        'people:\n  eva: {name: Eva, contacts: {chat: "@e"}}\n',
        "paged by nothing",
        "by hand",
    ),
    case(
        "role-no-pool",
        W,
        "roles.writer",
        ", pool: [team:all]",
        "",
        "required by SEV1",
        "add pool",
        "person-never-paged",
    ),
    case(
        "role-nobody",
        E,
        "roles.writer.pool",
        "pool: [team:all]",
        "pool: [person:eve]",
        "could fill it",
        "have contacts",
        "person-no-contact",
        "person-never-paged",
    ),
    case(
        "role-circle",
        W,
        "roles.writer.then",
        "then: [level:next]",
        "then: [role:writer]",
        "writer → incident-manager → writer",
        "level:next",
    ),
    case(
        *("role-two-leads", E, "roles.incident-manager.holders", "then: [level:next]}"),
        "then: [level:next], holders: 2}",
        *("allows 2 incident managers", "deputies"),
    ),
    case(
        *("fatigue-order", W, "fatigue.in_role.amber", "watch: {"),
        "fatigue: {in_role: {amber: 4h, red: 4h}}\nwatch: {",
        *("is not before red (4h)", "less than 4h"),
    ),
    case(
        *("fatigue-order", W, "fatigue.roles.writer.amber", "watch: {"),
        "fatigue: {roles: {writer: {amber: 2h, red: 1h}}}\nwatch: {",
        *("nobody is warned", "less than 1h"),
    ),
    case(
        *("fatigue-order", W, "fatigue.night.amber", "watch: {"),
        "fatigue: {night: {start: 22:00, end: 07:00, amber: 3, red: 2}}\nwatch: {",
        *("never seen", "smaller"),
    ),
    case(
        *("fatigue-night", W, "fatigue.night.end", "watch: {"),
        "fatigue: {night: {start: 22:00, end: 22:00}}\nwatch: {",
        *("no hour is night", "07:00"),
    ),
    case(
        *("fatigue-day", W, "fatigue.day.red", "watch: {", "fatigue: {day: {amber: 8h, red: 25h}}\nwatch: {"),
        *("never reached", "24h or less"),
    ),
    case(
        *("fatigue-day", N, "fatigue.roles.writer.red", "watch: {"),
        "fatigue: {day: {red: 8h}, roles: {writer: {red: 9h}}}\nwatch: {",
        *("never the first to be said", "8h or less"),
    ),
    case(
        *("fatigue-offer", W, "fatigue.roles.writer.red", "watch: {"),
        "fatigue: {roles: {writer: {red: 10m}}}\nwatch: {",
        *("before an offered handover lapses (10m)", "offer_lapses"),
    ),
    case(
        "team-lead-outside",
        N,
        "teams.all.lead",
        "all: [mina, ana, bo]",
        "all: {members: [mina, bo], lead: ana}",
        "not among its members",
        "add ana",
    ),
    case(
        "service-circle",
        N,
        "services.a.dependencies",
        "teams:\n",
        "services: {a: {dependencies: [b]}, b: {dependencies: [a]}}\nteams:\n",
        "a → b → a",
        "take one of them out",
    ),
    # On call
    case("oncall-unused", N, "oncall.third", "oncall:\n", "oncall:\n  third: [bo]\n", "asked by nothing", "name it"),
)
EVE = "people:\n  eve: {name: Eve}\n"


def read(text: str) -> Loaded:
    """A rulebook of one file."""
    return read_rulebook({"rules.yaml": text.encode()})


def changed(old: str, new: str) -> str:
    """The sound rulebook with a place of it changed, and with eve, whom nobody can reach, where that names her."""
    assert old in SOUND
    text = SOUND.replace(old, new, 1)
    return text.replace("people:\n", EVE, 1) if "person:eve" in new else text


def kinds(found: tuple[Finding, ...]) -> set[str]:
    return {finding.kind for finding in found}


def test_nothing_is_said_against_a_sound_rulebook() -> None:
    assert check(read(SOUND).book, NOW) == ()


def test_nothing_is_said_against_the_defaults() -> None:
    rules = seed_rulebook()
    assert [f"{place} {finding.what}" for place, finding in check_at(rules.book, rules.locate, NOW)] == []


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.kind} {c.path}")
def test_a_slip_is_found_with_its_place_and_a_remedy(case: Case) -> None:
    rules = read(changed(case.old, case.new))
    found = check(rules.book, NOW)
    (finding,) = [each for each in found if each.kind == case.kind and each.where == case.path]
    assert (finding.weight, finding.where) == (case.weight, case.path)
    assert case.what in finding.what and case.advice in finding.advice and finding.advice
    assert kinds(found) - case.also == {case.kind}


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.kind} {c.path}")
def test_a_finding_stands_in_the_line_of_its_slip(case: Case) -> None:
    text = changed(case.old, case.new)
    rules = read(text)
    places = [p for p, f in check_at(rules.book, rules.locate, NOW) if (f.kind, f.where) == (case.kind, case.path)]
    assert len(places) == 1 and places[0].file == "rules.yaml" and places[0].line
    last = case.path.rpartition(".")[2]
    line = text.splitlines()[places[0].line - 1]
    # A place is that of the value, of its name, or of the group around it where the line itself is not there.
    assert last in line or last.isdigit() or case.path.split(".")[-2] in line


# Schedules


def scheduled(layer: str, *, more: str = "", second: str = "[oncall:second], ack") -> Loaded:
    """The sound rulebook with a schedule of one layer in place of the list `first`, and maybe more of them."""
    text = SOUND.replace("  first: [mina]\n", "", 1).replace("[oncall:second], ack", second, 1)
    schedules = f"schedules:\n  first: {{zone: UTC, layers: {{week: {{{layer}}}}}}}\n{more}"
    return read(text.replace("teams:\n", schedules + "teams:\n", 1))


EVERY_HOUR = "people: [mina, bo], rotate: weekly, day: mon"
OFFICE = "people: [mina, bo], hours: [{days: [mon, tue, wed, thu, fri], start: '00:00', end: '00:00'}]"


def test_a_schedule_without_gaps_is_sound() -> None:
    assert check(scheduled(EVERY_HOUR).book, NOW) == ()


def test_a_gap_is_found_with_its_time_before_it_happens() -> None:
    (finding,) = check(scheduled(OFFICE).book, NOW)
    assert (finding.kind, finding.weight, finding.where) == ("schedule-gap", Weight.WARNING, "schedules.first")
    # From Monday noon on there are four weekends within 30 days.
    assert "from Sat 07 Mar 00:00 UTC for 2d, and 3 more times (8d of the next 30d)" in finding.what
    assert "falls to the next level at once" in finding.advice


def test_gaps_are_looked_for_as_far_as_is_asked() -> None:
    book = scheduled(OFFICE).book
    assert check(book, NOW, timedelta(days=4)) == ()
    (finding,) = check(book, NOW, timedelta(days=6))
    assert "for 1d12h (1d12h of the next 6d)" in finding.what
    (finding,) = check(book, NOW, timedelta(days=14))
    assert "and once more" in finding.what


def test_a_gap_with_a_backup_is_only_worth_a_look() -> None:
    rules = scheduled(OFFICE)
    text = rules.book.schedules["first"]
    (backup,) = rules.book.policies["urgent"].levels[1].targets
    covered = replace(rules.book, schedules={"first": replace(text, backup=(backup,))})
    (finding,) = check(covered, NOW)
    assert (finding.kind, finding.weight) == ("schedule-gap", Weight.NOTICE)


def test_a_schedule_that_ends_leaves_a_gap_that_does_not_end() -> None:
    (finding,) = check(scheduled(f"{EVERY_HOUR}, until: 2026-03-22").book, NOW)
    assert "from Sun 22 Mar 09:00 UTC for 10d3h (" in finding.what


def test_the_same_person_on_two_levels_at_once_is_found_with_the_time() -> None:
    other = "  other: {zone: UTC, layers: {week: {people: [bo, ana], rotate: weekly, day: mon}}}\n"
    apart = scheduled(EVERY_HOUR, more=other, second="[oncall:other, oncall:second], ack")
    assert check(apart.book, NOW) == ()
    (finding,) = check(
        scheduled(EVERY_HOUR, more=other.replace("[bo, ana]", "[ana, bo]"), second="[oncall:other], ack").book, NOW
    )
    assert (finding.kind, finding.where) == ("same-people", f"{LEVELS}.2.targets")
    assert "pages nobody but bo of the level before" in finding.what and "one dead phone silences both" in finding.what


def test_somebody_on_many_schedules_at_once_is_named() -> None:
    more = "".join(f"  s{n}: {{layers: {{only: {{people: [ana]}}}}}}\n" for n in range(3))
    (finding,) = check(
        scheduled(EVERY_HOUR, more=more, second="[oncall:s0, oncall:s1, oncall:s2, oncall:second], ack").book, NOW
    )
    assert (finding.kind, finding.where) == ("oncall-at-once", "people.ana")
    assert "3 schedules at once from Mon 02 Mar 12:00 UTC: s0, s1, s2" in finding.what


def test_somebody_on_many_lists_is_named() -> None:
    lists = "".join(f"  l{n}: [ana]\n" for n in range(5))
    text = SOUND.replace("oncall:\n", f"oncall:\n{lists}", 1)
    every = ", ".join(f"oncall:l{n}" for n in range(5))
    text = text.replace("[oncall:second], ack", f"[oncall:second, {every}], ack", 1)
    (finding,) = check(read(text).book, NOW)
    assert (finding.kind, finding.weight, finding.where) == ("person-many-lists", Weight.NOTICE, "people.ana")


def test_somebody_on_a_schedule_whose_night_nobody_knows_is_named() -> None:
    rules = scheduled(EVERY_HOUR)
    people = {**rules.book.people, "bo": replace(rules.book.people["bo"], zone="")}
    (finding,) = check(replace(rules.book, people=people), NOW)
    assert (finding.kind, finding.where) == ("person-no-zone", "people.bo") and "night" in finding.what


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ("{}", ["has no day in it"]),
        ('{"2025-12-25": Christmas}', ["has no day within the next year"]),
        ('{"2027-03-02": today in a year}', []),
        ('{"2026-03-02": today}', []),
        ('{"12-25": Christmas}', []),
    ],
)
def test_a_calendar_that_has_run_out_is_found(days: str, found: list[str]) -> None:
    rules = read(SOUND.replace("teams:\n", f"holidays: {{se: {days}}}\nteams:\n", 1))
    assert [finding.what for finding in check(rules.book, NOW)] == found


# Targets of the moment


@pytest.mark.parametrize(("service", "clean"), [("{owner: all}", True), ("{region: north}", False), ("[x]", False)])
def test_a_level_for_the_service_alone_needs_every_service_to_have_somebody(service: str, clean: bool) -> None:
    text = SOUND.replace("[oncall:second], ack", "[service:owner], ack", 1)
    rules = read(text.replace("teams:\n", f"services: {{till: {service}}}\nteams:\n", 1))
    found = [finding for finding in check(rules.book, NOW) if finding.kind.startswith("level")]
    assert [finding.kind for finding in found] == ([] if clean else ["level-nobody"])
    if not clean:
        (finding,) = found
        assert "nobody is behind service:owner" in finding.what


def test_services_that_lead_nowhere_are_named_where_others_do() -> None:
    text = SOUND.replace("[oncall:second], ack", "[service:oncall], ack", 1)
    services = "services: {till: {oncall: second}, web: {owner: all}, shop: [x]}\n"
    rules = read(text.replace("teams:\n", f"{services}teams:\n", 1))
    (finding,) = check(rules.book, NOW)
    assert finding.kind == "level-services" and "nobody for web, shop, and for an incident" in finding.what


# Delivery


def test_ways_that_nothing_sends_reach_nobody() -> None:
    book = read(SOUND).book
    route = Route(("json://localhost",))
    assert check(replace(book, delivery=Delivery(ways={"sms": route, "chat": route})), NOW) == ()
    found = check(replace(book, delivery=Delivery(ways={"sms": route})), NOW)
    assert {(f.kind, f.where) for f in found} >= {
        ("level-nobody", f"{LEVELS}.2.targets"),
        ("last-resort-nobody", "policies.urgent.then"),
        ("way-not-sent", "delivery.ways"),
    }
    said = {f.kind: (f.what, f.advice) for f in found}
    assert said["last-resort-nobody"] == (
        "can reach nobody: nothing sends to #major",
        "add a way chat under delivery.ways, or #major under delivery.rooms",
    )
    what, advice = said["level-nobody"]
    assert what.startswith("can reach nobody: nothing sends by chat to ") and "without" not in what
    assert advice == "add a way chat under delivery.ways"
    (way,) = [f.what for f in found if f.kind == "way-not-sent"]
    assert "has nothing for chat, by which #major, ana, bo, mina would be paged" in way
    # A chat room may have an address of its own.
    found = check(replace(book, delivery=Delivery(ways={"sms": route}, rooms={"#major": route})), NOW)
    assert "last-resort-nobody" not in kinds(found) and "level-nobody" in kinds(found)


def test_a_way_that_nothing_sends_is_found_where_others_are_left() -> None:
    book = read(SOUND).book
    route = Route(("json://localhost",))
    (finding,) = check(replace(book, delivery=Delivery(ways={"chat": route})), NOW)
    assert (finding.kind, finding.weight) == ("way-not-sent", Weight.WARNING)
    assert "has nothing for sms, by which mina would be paged" in finding.what


def test_other_systems_alone_page_nobody_here() -> None:
    (finding,) = check(replace(read(SOUND).book, delivery=Delivery()), NOW)
    assert (finding.kind, finding.weight, finding.where) == ("delivery-no-ways", Weight.WARNING, "delivery")


def test_an_acknowledgement_cannot_run_out_before_another_contact_was_tried() -> None:
    book = replace(read(SOUND).book, delivery=Delivery(patience=timedelta(minutes=5)))
    (finding,) = [each for each in check(book, NOW) if each.kind != "delivery-no-ways"]
    assert (finding.kind, finding.where) == ("ack-within-patience", f"{LEVELS}.1.ack_timeout")


# Further fields of policies


def with_level(number: int, **changes: object) -> Loaded:
    """The sound rulebook with fields of one level set in the domain's values."""
    rules = read(SOUND)
    policy = rules.book.policies["urgent"]
    level = replace(policy.levels[number - 1], **changes)  # type: ignore[arg-type]
    levels = (*policy.levels[: number - 1], level, *policy.levels[number:])
    return replace(rules, book=replace(rules.book, policies={"urgent": replace(policy, levels=levels)}))


@pytest.mark.parametrize(
    ("number", "warn", "found"),
    [
        (2, timedelta(minutes=9), []),
        (2, timedelta(minutes=10), ["is not shorter than the level before has (10m)"]),
        (1, timedelta(minutes=1), ["has no level before it to tell"]),
    ],
)
def test_a_warning_comes_before_the_timeout(number: int, warn: timedelta, found: list[str]) -> None:
    said = [finding.what for finding in check(with_level(number, warn=warn).book, NOW)]
    assert len(said) == len(found) and all(a.startswith(b) for a, b in zip(said, found, strict=True))


def test_a_question_that_reaches_nobody_is_found() -> None:
    eve, ana = (Target(TargetKind.PERSON, login) for login in ("eve", "ana"))
    minute = timedelta(minutes=1)
    assert check(with_level(2, confirm=Ask((ana,), minute)).book, NOW) == ()
    for otherwise, words in ((Otherwise.PROCEED, "paged at once"), (Otherwise.SKIP, "passed over")):
        (finding,) = check(with_level(2, confirm=Ask((eve,), minute, otherwise)).book, NOW)
        assert finding.kind == "confirm-nobody" and words in finding.what
    (finding,) = check(with_level(2, informed=(eve,)).book, NOW)
    assert (finding.kind, finding.where) == ("told-nobody", f"{LEVELS}.2.informed")
    (finding,) = check(with_level(2, mode=Mode.ROUND_ROBIN).book, NOW)
    assert finding.kind == "turns-of-one"


def test_the_end_of_a_policy() -> None:
    book = read(SOUND).book
    urgent = book.policies["urgent"]

    def found(**changes: object) -> list[str]:
        policy = replace(urgent, **changes)  # type: ignore[arg-type]
        return [finding.kind for finding in check(replace(book, policies={"urgent": policy}), NOW)]

    assert found(then=(), fallback="urgent") == ["fallback-circle"]
    assert found(then=(), last=Last.STAY) == []
    assert found(last=Last.STAY) == ["policy-never-ends"]
    silent = (urgent.levels[0], replace(urgent.levels[1], ack_timeout=None))
    assert found(then=(), last=Last.STAY, levels=silent) == ["policy-stays-silent"]
    assert found(then=(), last=Last.STAY, levels=silent, stay_every=timedelta(minutes=5)) == []
    other = replace(urgent, name="other", then=(), fallback="urgent")
    both = {"urgent": replace(urgent, then=(), fallback="other"), "other": other}
    circles = [f for f in check(replace(book, policies=both), NOW) if f.kind == "fallback-circle"]
    assert [f.what.partition(":")[0] for f in circles] == [
        "leads in a circle (urgent → other → urgent)",
        "leads in a circle (other → urgent → other)",
    ]


def test_an_acknowledgement_does_not_lapse_before_an_update_is_due() -> None:
    book = read(SOUND).book
    for minutes, kinds_found in ((30, []), (29, ["ack-lapses-early"])):
        sev1 = replace(book.severities["SEV1"], ack_lapses=timedelta(minutes=minutes))
        found = check(replace(book, severities={**book.severities, "SEV1": sev1}), NOW)
        assert [finding.kind for finding in found] == kinds_found


# All together


def test_the_gravest_stands_first_and_then_the_order_of_the_files() -> None:
    text = SOUND.replace("ack_timeout: 10m", "ack_timeout: 30s").replace("oncall:\n", "oncall:\n  third: [bo]\n", 1)
    text = text.replace("[oncall:first], via", "[person:eve], via", 1).replace("people:\n", EVE, 1)
    rules = read(text)
    found = check_at(rules.book, rules.locate, NOW)
    assert [f.weight for _, f in found] == sorted((f.weight for _, f in found), key=list(Weight).index)
    warnings = [place.line for place, f in found if f.weight is Weight.WARNING]
    assert len(warnings) >= 2 and warnings == sorted(warnings, key=lambda line: line or 0)
    assert grave(tuple(f for _, f in found)) == (found[0][1],)


def test_a_revision_without_files_has_paths_and_no_places() -> None:
    text = SOUND.replace("ack_timeout: 10m", "ack_timeout: 30s")
    ((place, finding),) = check_at(read(text).book, None, NOW)
    assert (place.file, place.line, finding.where) == ("", None, f"{LEVELS}.2.ack_timeout")
    assert timedelta(days=30) == AHEAD


def test_the_small_rulebook_of_other_tests_has_its_known_faults() -> None:
    found = {(f.kind, f.where) for f in check(read_rulebook({"a": SMALL.encode()}).book, NOW)}
    assert found == {
        ("severity-no-policy", "severities.SEV2"),
        ("last-level-stays", "policies.urgent.levels.2"),
        ("person-no-contact", "people.유나"),
    } | {each for each in found if each[0] == "update-before-role"}
