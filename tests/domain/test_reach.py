"""Whom a target finds when people are away, off duty or have had their share; and that everybody else is told why."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.books import BOOK, T0, targets, utc
from tests.support.play import declared
from tests.support.profile import examples
from warroom.domain.book import Rulebook
from warroom.domain.catalogue import ServiceSpec, TeamSpec
from warroom.domain.core import Context
from warroom.domain.duty import NOTHING_BESIDES, Absence, Duty
from warroom.domain.escalation import Paged, Why
from warroom.domain.oncall import Holidays
from warroom.domain.policy import PageTo
from warroom.domain.reach import Reach, reach
from warroom.domain.roles import LEAD, AssignRole
from warroom.domain.room import Room
from warroom.domain.schedule import Limit, ScheduleSpec
from warroom.domain.schedule_clock import WeekHours
from warroom.domain.schedule_layers import Layer, Rotation

HOUR = timedelta(hours=1)
OFFICE = WeekHours.of((day * 1440 + 9 * 60, day * 1440 + 17 * 60) for day in range(5))


def rota(name: str, *people: str, backup: tuple[str, ...] = (), **more: object) -> ScheduleSpec:
    """A schedule on which these people are always on call, all of them together."""
    turn = Rotation((people,), datetime.fromisoformat("2024-01-01"))
    return ScheduleSpec(name, (Layer("all", turn),), backup=targets(*backup), **more)  # type: ignore[arg-type]


def book(*schedules: ScheduleSpec, **changes: object) -> Rulebook:
    return replace(BOOK, schedules={each.name: each for each in schedules}, **changes)  # type: ignore[arg-type]


def away(*people: str) -> Duty:
    return Duty(absences=tuple(Absence(n, p, T0 - HOUR, T0 + 9 * HOUR, reason="ill") for n, p in enumerate(people, 1)))


def found(
    rules: Rulebook,
    *names: str,
    duty: Duty = NOTHING_BESIDES,
    room: Room | None = None,
    severity: str = "SEV4",
    at: datetime = T0,
    turn: int | None = None,
    via: tuple[str, ...] = (),
) -> Reach:
    room = room or declared(severity).there
    return reach(targets(*names), via, room, Context(at, "dag", rules, duty), turn=turn)


def people(result: Reach) -> list[str]:
    return list(dict.fromkeys(page.to for page in result.pages))


def whys(result: Reach) -> dict[str, str]:
    return {each.to: each.why for each in result.passed}


# Schedules and their backup ------------------------------------------------------------------------------------------


def test_whoever_is_on_call_on_a_schedule_is_paged() -> None:
    result = found(book(rota("prime", "ada", "bo")), "oncall:prime", via=("chat",))
    assert result == Reach((PageTo("ada", "chat", "oncall:prime"), PageTo("bo", "chat", "oncall:prime")))


@pytest.mark.parametrize(
    ("backup", "expected"),
    [
        (("person:cy",), ["cy"]),
        (("oncall:payments",), ["bo"]),  # a list, whose first cannot be reached and whose second is away
        (("oncall:second",), ["dag"]),  # another schedule
        (("oncall:nobody", "oncall:round", "person:cy"), ["cy"]),  # neither nobody nor a circle is the end
    ],
)
def test_nobody_there_goes_to_the_backup(backup: tuple[str, ...], expected: list[str]) -> None:
    rules = book(
        rota("prime", "ada", backup=backup),
        rota("second", "dag"),
        rota("round", "ada", backup=("oncall:prime", "oncall:round")),
    )
    result = found(rules, "oncall:prime", duty=away("ada"))
    assert people(result) == expected
    assert all(page.target == "oncall:prime" for page in result.pages)
    assert whys(result)["ada"] == "ada is absent until Wed 13 Mar 19:00 UTC: ill"
    assert "" not in whys(result)


def test_no_backup_either_says_why() -> None:
    result = found(book(rota("prime", "ada", backup=("person:ghost",))), "oncall:prime", duty=away("ada"))
    assert result.pages == ()
    assert result.nobody == "nobody is on call for prime; ada is absent until Wed 13 Mar 19:00 UTC: ill"
    assert whys(result)["ghost"] == "ghost has no contact"


def test_who_cannot_be_reached_is_passed_over_for_the_backup() -> None:
    result = found(book(rota("prime", "ghost", backup=("person:cy",))), "oncall:prime")
    assert people(result) == ["cy"] and whys(result) == {"ghost": "ghost has no contact"}


LIMITED = rota("prime", "ada", backup=("person:cy",), limit=Limit(timedelta(hours=24), pages=2))
PAGED = Duty(pages={"ada": (T0 - 3 * HOUR, T0 - HOUR)})


def test_one_who_had_their_share_is_spared() -> None:
    result = found(book(LIMITED), "oncall:prime", duty=PAGED)
    assert people(result) == ["cy"]
    assert whys(result) == {"ada": "ada was paged 2 times within 24h (the limit is 2)"}
    assert people(found(book(LIMITED), "oncall:prime", duty=Duty(pages={"ada": (T0 - HOUR,)}))) == ["ada"]


def test_pages_of_the_incident_itself_count() -> None:
    room = declared("SEV4").there
    pages = (PageTo("ada", "sms", "oncall:prime"), PageTo("ada", "chat", "oncall:prime"))
    once = Paged(1, 1, T0 - HOUR, Why.START, pages)
    room = replace(room, escalation=replace(room.escalation, history=(once,)))
    duty = Duty(pages={"ada": (T0 - 3 * HOUR,)})
    assert people(found(book(LIMITED), "oncall:prime", duty=duty, room=room)) == ["cy"]
    assert people(found(book(LIMITED), "oncall:prime", room=room)) == ["ada"]  # two ways are one page
    again = replace(once, times=2)
    room = replace(room, escalation=replace(room.escalation, history=(again,)))
    assert people(found(book(LIMITED), "oncall:prime", room=room)) == ["cy"]


def test_a_limit_never_leads_into_silence() -> None:
    result = found(book(LIMITED), "oncall:prime", duty=replace(PAGED, absences=away("cy").absences))
    assert people(result) == ["ada"] and "" not in whys(result)


def test_of_two_on_call_only_the_one_who_had_their_share_is_spared() -> None:
    spec = replace(LIMITED, layers=rota("prime", "ada", "bo").layers)
    assert people(found(book(spec), "oncall:prime", duty=PAGED)) == ["bo"]


# Lists, teams, persons, roles ----------------------------------------------------------------------------------------


def test_everybody_of_a_list_is_accounted_for() -> None:
    result = found(BOOK, "oncall:payments")
    assert people(result) == ["ada"]
    assert whys(result) == {"ghost": "ghost has no contact", "bo": "on call after ada, who was reached"}


def test_absence_counts_wherever_somebody_is_found() -> None:
    room = declared("SEV4")
    room.do(AssignRole(LEAD, "ada"))
    for name in ("person:ada", f"role:{LEAD}"):
        result = found(BOOK, name, duty=away("ada"), room=room.there)
        assert result.pages == ()
        assert result.nobody == f"{name}: ada is absent until Wed 13 Mar 19:00 UTC: ill"
    assert people(found(BOOK, "oncall:payments", duty=away("ada"))) == ["bo"]
    assert people(found(BOOK, "team:backend", duty=away("bo"))) == ["cy"]
    assert found(BOOK, "channel:#war", duty=away("ada")).pages


def off_hours(*logins: str) -> Rulebook:
    """At `T0` it is seven in the evening in Seoul, where these people are."""
    seoul = {login: replace(BOOK.people[login], zone="Asia/Seoul", hours=OFFICE) for login in logins}
    return replace(BOOK, people={**BOOK.people, **seoul}, holidays={"feasts": Holidays("feasts", {T0.date(): "Feast"})})


def test_what_can_wait_finds_who_is_at_work() -> None:
    rules = off_hours("ada", "bo")
    minor = found(rules, "oncall:payments", "team:backend", severity="SEV3")
    assert people(minor) == ["ada", "cy"]  # of the list nobody is at work, so the first one is paged after all
    one_away = found(off_hours("ada"), "oncall:payments", severity="SEV3")
    assert people(one_away) == ["bo"]
    assert whys(one_away)["ada"] == "ada is outside working hours until Thu 09:00 Asia/Seoul"
    major = found(rules, "oncall:payments", "team:backend", severity="SEV1")
    assert people(major) == ["ada", "bo", "cy"]
    assert people(found(rules, "person:ada", severity="SEV3")) == ["ada"]
    scheduled = replace(off_hours("ada"), schedules={"prime": rota("prime", "ada")})
    assert people(found(scheduled, "oncall:prime", severity="SEV3")) == ["ada"]


def test_a_holiday_is_a_day_off() -> None:
    rules = off_hours()
    rules = replace(rules, people={**rules.people, "bo": replace(BOOK.people["bo"], holidays="feasts")})
    result = found(rules, "team:backend", severity="SEV3")
    assert people(result) == ["cy"] and whys(result) == {"bo": "bo has a holiday: Feast"}


# The service, and managers -------------------------------------------------------------------------------------------


def with_service(oncall: str = "", owner: str = "", team: TeamSpec | None = None) -> Rulebook:
    service = ServiceSpec("checkout", owner=owner, oncall=oncall)
    teams = {team.name: team} if team else {}
    return book(rota("prime", "ada"), services={"checkout": service}, team_specs=teams)


@pytest.mark.parametrize(
    ("rules", "name", "expected"),
    [
        (with_service(owner="backend"), "service:owner", ["bo", "cy"]),
        (with_service(oncall="prime"), "service:oncall", ["ada"]),
        (with_service(oncall="managers"), "service:oncall", ["eva"]),
        (with_service(owner="backend", team=TeamSpec("backend", oncall="prime")), "service:oncall", ["ada"]),
        (with_service(), "service:owner", "the rulebook has no owner of checkout"),
        (with_service(), "service:oncall", "the rulebook has nobody on call for checkout"),
        (with_service(owner="empty"), "service:owner", "team empty has no members"),
    ],
)
def test_of_the_service(rules: Rulebook, name: str, expected: list[str] | str) -> None:
    result = found(rules, name)
    assert (people(result) or result.nobody) == expected


def test_the_team_that_a_rule_chose_comes_before_the_owner_of_the_service() -> None:
    spare = TeamSpec("managers", ("eva",), oncall="prime")
    rules = with_service(owner="backend", team=spare)
    rules = replace(rules, teams={**rules.teams, "managers": ("eva",)})
    room = declared("SEV4").there

    def owned(owner: str, name: str = "service:owner", service: str = "checkout") -> list[str]:
        incident = replace(room.incident, owner=owner, service=service)
        return people(found(rules, name, room=replace(room, incident=incident)))

    assert owned("managers") == ["eva"]
    assert owned("managers", service="") == ["eva"]
    assert owned("managers", "service:oncall") == ["ada"]
    # One without members, or that these rules do not have, would leave it to nobody.
    assert owned("empty") == owned("gone") == owned("") == ["bo", "cy"]


def test_an_incident_without_a_service_says_so() -> None:
    room = declared("SEV4").there
    room = replace(room, incident=replace(room.incident, service=""))
    for name in ("service:owner", "service:oncall"):
        assert found(with_service(owner="backend", oncall="prime"), name, room=room).nobody == (
            "the incident names no service"
        )


def test_managers_of_those_who_were_paged_last_and_of_the_lead() -> None:
    bosses = {"ada": "dag", "bo": "dag", "cy": "eva"}
    rules = replace(BOOK, people={**BOOK.people, **{k: replace(BOOK.people[k], manager=v) for k, v in bosses.items()}})
    play = declared("SEV4")
    assert found(rules, "manager:paged", room=play.there).nobody == "nobody was paged yet who could have a manager"
    assert found(rules, "manager:lead", room=play.there).nobody == f"{LEAD} is vacant"
    play.do(AssignRole(LEAD, "cy"))
    assert people(found(rules, "manager:lead", room=play.there)) == ["eva"]
    first = Paged(1, 1, T0, Why.START, (PageTo("cy", "mail"),))
    second = Paged(2, 1, T0, Why.START, (PageTo("ada", "sms"), PageTo("bo", "chat"), PageTo("#war", "chat")))
    nobody = Paged(3, 1, T0, Why.START, (PageTo("#war", "chat"),), nobody="nobody")
    room = replace(play.there, escalation=replace(play.there.escalation, history=(first, second, nobody)))
    assert people(found(rules, "manager:paged", room=room)) == ["dag"]
    assert found(BOOK, "manager:paged", room=room).nobody == "ada, bo: no manager in the rulebook"


# In turn -------------------------------------------------------------------------------------------------------------


def test_in_turn_one_person_alone_is_paged_and_chat_rooms_besides() -> None:
    named = ("team:backend", "person:ada", "person:bo", "channel:#war")
    for turn, login in enumerate(("bo", "cy", "ada", "bo", "cy")):
        result = found(BOOK, *named, turn=turn)
        assert [page.to for page in result.pages if page.via != "x"] in ([login, "#war"], ["#war", login])
        assert {each.to for each in result.passed} == {"ada", "bo", "cy"} - {login}
    assert whys(found(BOOK, *named, turn=0))["cy"] == "not the turn of cy: it is that of bo"


def test_the_turn_of_somebody_who_is_away_falls_to_the_next() -> None:
    for turn, login in enumerate(("cy", "cy", "ada")):
        assert people(found(BOOK, "team:backend", "person:ada", turn=turn, duty=away("bo"))) == [login]
    result = found(BOOK, "team:backend", turn=0, duty=away("bo", "cy"))
    assert result.pages == () and "bo is absent" in result.nobody and "cy is absent" in result.nobody


def test_in_turn_the_backup_comes_when_nobody_of_them_can() -> None:
    rules = book(rota("prime", "ada", backup=("person:cy",)))
    assert people(found(rules, "oncall:prime", turn=5)) == ["ada"]
    assert people(found(rules, "oncall:prime", turn=5, duty=away("ada"))) == ["cy"]


def test_in_turn_those_off_duty_or_over_their_limit_come_last() -> None:
    assert people(found(off_hours("bo"), "team:backend", turn=0, severity="SEV3")) == ["cy"]
    assert people(found(off_hours("bo", "cy"), "team:backend", turn=0, severity="SEV3")) == ["bo"]
    rules = book(LIMITED)
    assert people(found(rules, "oncall:prime", "person:bo", turn=0, duty=PAGED)) == ["bo"]
    assert people(found(rules, "oncall:prime", turn=0, duty=PAGED)) == ["ada"]


# Whatever the rules --------------------------------------------------------------------------------------------------

NAMES = (
    "oncall:payments",
    "oncall:prime",
    "oncall:nobody",
    "team:backend",
    "team:ghosts",
    "person:dag",
    f"role:{LEAD}",
)
RULES = book(rota("prime", "ada", "bo", backup=("oncall:payments", "person:cy"), limit=Limit(HOUR, pages=1)))
PEOPLE = ("ada", "bo", "cy", "dag", "eva")


@given(
    st.lists(st.sampled_from(NAMES), max_size=4),
    st.sets(st.sampled_from(PEOPLE)),
    st.sets(st.sampled_from(PEOPLE)),
    st.none() | st.integers(0, 9),
    st.sampled_from(["SEV1", "SEV3"]),
)
@examples()
def test_everybody_is_paged_or_told_why_not_and_never_both(
    names: list[str], absent: set[str], spent: set[str], turn: int | None, severity: str
) -> None:
    duty = Duty(absences=away(*sorted(absent)).absences, pages=dict.fromkeys(spent, (T0 - HOUR / 2,)))
    result = found(RULES, *names, duty=duty, turn=turn, severity=severity, at=utc("2024-03-13 10:00"))
    paged = set(people(result))
    assert not paged & absent and "ghost" not in paged
    assert len({(page.to, page.via) for page in result.pages}) == len(result.pages)
    for name in set(names) if turn is None else ():
        served = any(page.target == name for page in result.pages) or any(
            each.target == name and not each.to for each in result.passed
        )
        members = {"oncall:payments": {"ada", "bo"}, "oncall:prime": {"ada", "bo", "cy"}, "team:backend": {"bo", "cy"}}
        assert served or members.get(name, {"dag"}) & paged, name
    for name, members in (("team:backend", {"bo", "cy"}), ("person:dag", {"dag"})):
        if name in names and turn is None:
            assert members <= paged | {each.to for each in result.passed}
    if turn is not None:
        assert len(paged) <= 2  # of a schedule that finds nobody in turn, both
    if not result.pages and names:
        assert result.nobody != "it names nobody"


def test_who_is_absent_is_paged_only_when_asked_for_by_name() -> None:
    away = Duty(absences=(Absence(1, "ada", T0 - timedelta(hours=1), T0 + timedelta(hours=1)),))
    play = declared("SEV4")
    context = Context(T0, "mina", BOOK, away)
    by_policy = reach(targets("person:ada"), (), play.there, context)
    assert by_policy.pages == ()
    assert "absent" in by_policy.nobody
    by_name = reach(targets("person:ada"), (), play.there, context, by_hand=True)
    assert [page.to for page in by_name.pages] == ["ada"]
