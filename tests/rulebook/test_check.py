"""Every finding of check: by a rulebook that has it and by one that has not; its place, and what is done about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from tests.rulebook.small import SMALL
from tests.rulebook.sound import EVE, LEVELS, NOW, SOUND, changed, kinds, read
from warroom.rulebook.check import AHEAD, check, check_at, grave
from warroom.rulebook.findings import Weight
from warroom.rulebook.load import read_rulebook, seed_rulebook


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
