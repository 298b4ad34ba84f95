"""The feed of a board: what happened reaches the screen, and a page for the person at it is never left out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.support.systems import with_inotify
from warroom.domain.escalation import Escalate
from warroom.domain.incident import Declare
from warroom.domain.record import AddNote
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session
from warroom.tui import feed as module
from warroom.tui.feed import Feed, News
from warroom.views import BoardView, Call, RecordPage


def opened(path: Path, actor: str) -> Callable[[], Session]:
    return lambda: Session(path, actor=actor, seed=seed_rulebook)


def collect(feed: Feed, heard: threading.Event, enough: Callable[[list[News]], bool]) -> list[News]:
    """The news until there is enough of it, for a minute at most."""
    found: list[News] = []
    for _ in range(600):
        heard.wait(0.1)
        heard.clear()
        news = feed.take()
        if news is not None:
            found.append(news)
        if enough(found):
            break
    return found


def test_a_page_for_this_person_rings_once_and_older_ones_do_not(tmp_path: Path) -> None:
    path, heard = tmp_path / "room.db", threading.Event()
    with opened(path, "mina")() as room:
        room.execute(Declare("Cards fail", "SEV1"))
        room.execute(Escalate("before the board was opened", "eva"), "INC-1")
        feed = Feed(opened(path, "eva"), heard.set)
        feed.start()
        try:
            first = collect(feed, heard, lambda found: any(news.view for news in found))
            assert [call for news in first for call in news.calls] == []
            room.execute(Escalate("now", "eva"), "INC-1")
            room.execute(Escalate("somebody else", "omar"), "INC-1")
            news = collect(feed, heard, lambda found: any(each.calls for each in found))
            calls = [call for each in news for call in each.calls]
            assert [(call.key, "now" in call.what) for call in calls] == [("INC-1", True)]
        finally:
            feed.stop()


def test_news_that_nobody_took_keeps_its_calls(tmp_path: Path) -> None:
    told: list[None] = []
    feed = Feed(opened(tmp_path / "room.db", "eva"), lambda: told.append(None))
    one, two = Call("INC-1", "a", "x"), Call("INC-2", "b", "y")
    feed._put(News(None, calls=(one,)))
    feed._put(News(None, "the disk is full"))
    feed._put(News(None, calls=(two,)))
    news = feed.take()
    assert news is not None and news.calls == (one, two)
    assert len(told) == 1
    assert feed.take() is None


def test_an_open_room_gets_what_comes_to_its_record_and_older_parts_when_asked(tmp_path: Path) -> None:
    path, heard = tmp_path / "room.db", threading.Event()
    with opened(path, "mina")() as room:
        room.execute(Declare("Cards fail", "SEV1"))
        room.execute(Declare("Another one", "SEV3"))
        for n in range(30):
            room.execute(AddNote(f"note {n}"), "INC-1")
        known = room.room("INC-1").version
        feed = Feed(opened(path, "eva"), heard.set)
        feed.select("INC-2")
        feed.follow_room("INC-1", known)
        feed.start()
        try:
            first = collect(feed, heard, lambda found: any(news.view for news in found))
            view = next(news.view for news in first if news.view)
            assert view.selected is not None and view.selected.line.key == "INC-1"  # it is open, INC-2 only selected
            assert [page for news in first for page in news.record] == []  # nothing has come since
            room.execute(AddNote("the newest"), "INC-1")
            news = collect(feed, heard, lambda found: any(each.record for each in found))
            (page,) = (page for each in news for page in each.record)
            assert (page.first, page.last) == (known + 1, known + 1)
            assert [line.text for line in page.lines] == ["the newest"]
            feed.older("INC-1", known + 1, 10)
            news = collect(feed, heard, lambda found: any(each.record for each in found))
            (page,) = (page for each in news for page in each.record)
            assert (page.key, page.first, page.last) == ("INC-1", known - 9, known)
            assert page.lines[-1].text == "note 29"
        finally:
            feed.stop()


def test_a_part_of_a_record_hides_no_view_that_was_not_taken_yet(tmp_path: Path) -> None:
    feed = Feed(opened(tmp_path / "room.db", "eva"), lambda: None)
    with opened(tmp_path / "room.db", "eva")() as room:
        view = room.board()
    page, call = RecordPage("INC-1", 1, 1, ()), Call("INC-1", "a", "x")
    feed._put(News(view, calls=(call,)))
    feed._put(News(None, record=(page,)))
    assert feed.take() == News(view, calls=(call,), record=(page,))
    feed._put(News(None, record=(page,)))
    feed._put(News(view))
    assert feed.take() == News(view, record=(page,))


def test_looks_that_find_nothing_new_tell_nothing_and_what_is_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, heard, looked = tmp_path / "room.db", threading.Event(), threading.Semaphore(0)
    own = Session.board

    def counted(session: Session, selected: str | None = None, **more: Any) -> BoardView:
        try:
            return own(session, selected, **more)
        finally:
            if threading.current_thread().name == "feed":
                looked.release()

    monkeypatch.setattr(module, "REREAD_S", 0.0)
    monkeypatch.setattr(module, "LOOK_S", 0.001)
    monkeypatch.setattr(module, "LOOK_IDLE_S", 0.001)
    monkeypatch.setattr(Session, "board", counted)
    with opened(path, "mina")() as room:
        room.execute(Declare("Cards fail", "SEV1"))
        feed = Feed(opened(path, "eva"), heard.set)
        feed.select("INC-1")
        feed.start()
        try:
            assert collect(feed, heard, lambda found: any(news.view for news in found))
            for _ in range(20):
                assert looked.acquire(timeout=60)
            assert feed.take() is None
            with room.database.write() as c:  # no event: what became of the pages
                c.execute(text("UPDATE outbox SET state = 'failed'"))
            news = collect(feed, heard, lambda found: any(each.view for each in found))
            (view,) = (each.view for each in news if each.view)
            assert view.failed_messages > 0 and view.selected is not None
            assert {message.state for message in view.selected.outbox} == {"failed"}
        finally:
            feed.stop()


def test_looks_are_rare_until_something_is_written_and_then_come_ever_less_often() -> None:
    pause = module._Pause()
    assert pause.length(100.0, 0.1) == module.LOOK_IDLE_S
    pause.written = pause.begun = 200.0
    waits, now = list[float](), 200.0
    while (wait := pause.length(now, 0.1)) < module.LOOK_IDLE_S:
        waits.append(wait)
        now += wait
    assert waits[0] == module.SOON_S and max(waits) == 0.1 and waits == sorted(waits)
    assert module.PENDING_S <= now - 200.0 <= module.PENDING_S + 0.1, "a commit that is not seen yet is waited for"
    pause.written = pause.begun = 300.0
    pause.seen(300.02)
    assert pause.length(300.03, 0.1) < 0.1, "another may follow at once"
    assert pause.length(300.02 + module.QUIET_S, 0.1) == module.LOOK_IDLE_S


@with_inotify
def test_what_another_process_writes_is_seen_although_looks_are_rare(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, heard = tmp_path / "room.db", threading.Event()
    for name in ("LOOK_IDLE_S", "REREAD_S"):
        monkeypatch.setattr(module, name, 600.0)
    with opened(path, "mina")() as room:
        room.execute(Declare("Cards fail", "SEV1"))
        feed = Feed(opened(path, "eva"), heard.set)
        feed.start()
        try:
            assert collect(feed, heard, lambda found: any(news.view for news in found))
            assert feed._bell.follows
            room.execute(Declare("Logins fail", "SEV2"))
            news = collect(feed, heard, lambda found: any(each.view and len(each.view.lines) == 2 for each in found))
            assert any(each.view and len(each.view.lines) == 2 for each in news)
        finally:
            feed.stop()
