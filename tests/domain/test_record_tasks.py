"""Tasks of an incident (R11): owners, times, and who is reminded of what is late."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.support.books import BOOK, T0, minutes
from tests.support.play import declared
from tests.support.record import begun, mere
from warroom.domain import record
from warroom.domain.core import Stale
from warroom.domain.incident import SetStatus, Status
from warroom.domain.policy import PageTo
from warroom.domain.record import (
    SHORT,
    RecordRules,
)
from warroom.domain.record_commands import (
    AddTask,
    AskDecision,
    AssignTask,
    EndTask,
    PlanTask,
)
from warroom.domain.record_events import (
    Reminded,
    TaskAdded,
)
from warroom.domain.roles import LEAD, AssignRole
from warroom.domain.room import describe


def test_a_task_is_taken_given_away_done_and_taken_up_again() -> None:
    play = declared()
    task = begun(play, AddTask("read the slow log", stream="#database"))
    assert play.there.record.task(task) == record.Task(task, "read the slow log", "mina", T0, stream="database")
    play.do(AssignTask(task, "bo", seen=""))
    assert "bo's now" in play.refusal(AssignTask(task, "eva", seen=""), kind=Stale)
    assert "bo's already" in play.refusal(AssignTask(task, "bo"))
    play.do(EndTask(task, "it was the index"))
    assert play.there.record.open_tasks == ()
    assert "was done at 10:00 UTC already" in play.refusal(EndTask(task), kind=Stale)
    play.do(AssignTask(task, "eva"))
    assert [t.owner for t in play.there.record.open_tasks] == ["eva"]
    assert "say why" in play.refusal(EndTask(task, dropped=True))
    play.do(EndTask(task, "not needed", dropped=True))
    assert play.there.record.task(task) == replace(play.there.record.tasks[0], dropped=True, done_at=T0)
    assert "no task #99" in play.refusal(EndTask(99))


def test_a_role_stands_for_its_holder() -> None:
    play = declared()
    assert "nobody holds the role" in play.refusal(AddTask("x", f"@{LEAD}"))
    play.do(AssignRole(LEAD, "bo"))
    play.do(AddTask("x", LEAD))
    assert play.there.record.tasks[0].owner == "bo"


def test_an_overdue_task_reminds_its_owner_and_then_the_incident_manager_too() -> None:
    play = declared()
    play.do(AssignRole(LEAD, "eva"))
    mere(play)
    task = begun(play, AddTask("read the slow log", "bo", play.now + minutes(10)))
    rules = BOOK.record
    reminders = [e for e in play.until(timedelta(hours=3)) if isinstance(e, Reminded)]
    assert [sorted({page.to for page in each.pages}) for each in reminders] == [["bo"], ["bo", "eva"], ["bo", "eva"]]
    assert [each.count for each in reminders] == [1, 2, 3]
    assert len(reminders) == rules.times
    times = [entry.at for entry in play.entries if isinstance(entry.event, Reminded)]
    assert times == [T0 + minutes(10) + n * rules.again for n in range(3)]
    assert f"task:{task}" not in play.deadlines()
    assert play.there.record.task(task).open  # type: ignore[union-attr]


def test_where_the_owner_cannot_be_reached_the_incident_manager_is_reminded_at_once() -> None:
    play = declared()
    play.do(AssignRole(LEAD, "eva"))
    mere(play)
    play.do(AddTask("read the log", "ghost", play.now + minutes(10)))
    play.do(AddTask("and the other", "", play.now + minutes(11)))
    first, second = (e for e in play.until(T0 + minutes(12)) if isinstance(e, Reminded))
    assert [page.to for page in first.pages] == ["eva"]
    assert [page.to for page in second.pages] == ["eva"]


def test_that_nobody_is_reminded_is_said() -> None:
    play = mere(declared())
    play.do(AddTask("read the log", "ghost", play.now + minutes(10)))
    (found,) = (e for e in play.until(T0 + minutes(11)) if isinstance(e, Reminded))
    assert not found.pages
    assert "NOBODY told" in describe(found)
    assert "vacant" in describe(found)


def test_a_late_task_that_is_given_to_another_is_brought_up_again() -> None:
    play = mere(declared())
    task = begun(play, AddTask("read the log", "bo", play.now + minutes(10)))
    play.until(T0 + timedelta(hours=2))
    assert f"task:{task}" not in play.deadlines()
    play.do(AssignTask(task, "eva"))
    assert play.there.record.task(task).remind_at == play.now + BOOK.record.again  # type: ignore[union-attr]


def test_another_time_begins_anew_and_none_ends_it() -> None:
    play = mere(declared())
    task = begun(play, AddTask("read the log", "bo", play.now + minutes(10)))
    assert play.deadlines()[f"task:{task}"] == minutes(10)
    play.do(PlanTask(task, play.now + minutes(30)))
    assert play.deadlines()[f"task:{task}"] == minutes(30)
    assert "already" in play.refusal(PlanTask(task, play.now + minutes(30)))
    play.do(PlanTask(task, None))
    assert f"task:{task}" not in play.deadlines()


def test_nothing_is_due_of_what_is_over() -> None:
    play = mere(declared())
    task = begun(play, AddTask("read the log", "bo", play.now + minutes(10)))
    asked = begun(play, AskDecision("fail over?", "bo", play.now + minutes(10)))
    play.do(SetStatus(Status.CLOSED, "done"))
    assert not {f"task:{task}", f"decision:{asked}"} & set(play.deadlines())
    assert "is closed" in play.refusal(AddTask("x", due=play.now + minutes(5)))
    assert "future" in declared().refusal(AddTask("x", due=T0))
    play.do(SetStatus(Status.INVESTIGATING, "again"))
    assert {f"task:{task}", f"decision:{asked}"} <= set(play.deadlines())


def test_how_often_one_is_reminded_stands_in_the_rules() -> None:
    play = mere(declared(book=replace(BOOK, record=RecordRules(minutes(3), 2))))
    play.do(AddTask("x", "bo", play.now + minutes(1)))
    assert [e.count for e in play.until(T0 + timedelta(hours=1)) if isinstance(e, Reminded)] == [1, 2]
    assert [e.at - T0 for e in play.entries if isinstance(e.event, Reminded)] == [minutes(1), minutes(4)]


def test_a_page_of_a_reminder_names_why_somebody_was_found() -> None:
    play = mere(declared())
    play.do(AddTask("x", "bo", play.now + minutes(1)))
    (found,) = (e for e in play.until(T0 + minutes(1)) if isinstance(e, Reminded))
    assert found.pages == (PageTo("bo", "chat", "person:bo"),)


def test_task_added_is_kept_in_short_but_written_in_full() -> None:
    play = declared()
    text = "long " * 200
    (event,) = play.do(AddTask(text))
    assert isinstance(event, TaskAdded)
    assert event.text == text.strip()
    assert len(play.there.record.tasks[0].text) <= SHORT
