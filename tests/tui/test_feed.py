"""The feed of a board: what happened reaches the screen, and a page for the person at it is never left out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from warroom.domain.escalation import Escalate
from warroom.domain.incident import Declare
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session
from warroom.tui.feed import Feed, News
from warroom.views import Call


def opened(path: Path, actor: str) -> Callable[[], Session]:
    return lambda: Session(path, actor=actor, seed=seed_rulebook)


def collect(feed: Feed, heard: threading.Event, enough: Callable[[list[News]], bool]) -> list[News]:
    """The news until there is enough of it, for ten seconds at most."""
    found: list[News] = []
    for _ in range(100):
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
