"""`warroom work` and `catchup`: what is believed, done and decided; and the state of an incident on one screen."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from warroom.cli.backwards import Then, at_option, mark_line
from warroom.cli.output import emit, paint, say, tell, width
from warroom.cli.params import BEFORE, KEY, When, find_key
from warroom.cli.rooms import looking
from warroom.cli.settings import Settings, command
from warroom.domain.status_words import status_word
from warroom.domain.text import clean_block
from warroom.words import mark, tr, trn

if TYPE_CHECKING:
    from warroom.tui.pieces import Line
    from warroom.views import CatchUpView, Fact, IncidentDetail, PastMark, WorkView

_WIDE = 100
"""How wide text is laid out where it goes to a file or a pipe."""


@command("work")
@click.argument("key", type=KEY)
def work(settings: Settings, key: str) -> None:
    """Show the theories with their tests, what has to be decided and done, what was changed, and the evidence."""
    with looking(settings) as session:
        detail, now = session.detail(find_key(session, key)), session.clock()
    view = detail.work
    if view is None:
        return
    if settings.json:
        from warroom.cli.build import work as build

        emit(build.work(detail.line.key, view))
        return
    _print(_rows(view, now))
    if view.empty:
        tell(settings, tr("no theory, no task, nothing to decide yet"))


def _rows(view: WorkView, now: datetime) -> Iterator[Line]:
    from warroom.tui.work import items, sheet

    shown = items(view)
    yield from sheet(shown, now, width() or _WIDE, -1).rows


def print_tasks(settings: Settings, detail: IncidentDetail, now: datetime, stream: str) -> None:
    """The tasks of an incident, of one workstream where one is named; the soonest due first, those that ended last."""
    from warroom.tui.work import Row, sheet

    wanted = stream.lstrip("#")
    tasks = [
        (name, task)
        for name, found in (detail.work.streams() if detail.work is not None else ())
        for task in found
        if not wanted or name == wanted
    ]
    if settings.json:
        from warroom.cli.build import work as build

        for _, task in tasks:
            emit(build.task(task))
        return
    rows = tuple(Row(tr("Tasks #{name}").format(name=name) if name else tr("Tasks"), task) for name, task in tasks)
    _print(sheet(rows, now, width() or _WIDE, -1).rows)
    if not tasks:
        tell(settings, tr("no task in {stream}").format(stream=wanted) if wanted else tr("no task yet"))


@command("catchup")
@click.argument("key", type=KEY)
@click.option("--since", type=BEFORE, metavar="TIME", help="What is new since then: 45m, or 14:30 (UTC).")
@at_option()
@click.option("--full", is_flag=True, help="Everything in full, however long it is.")
@click.option("--md", "markdown", is_flag=True, help="As Markdown, to be pasted into a chat.")
def catchup(settings: Settings, key: str, since: When | None, at: Then | None, full: bool, markdown: bool) -> None:
    """Catch me up: all there is to know of an incident in one screen, what is not known said as such. To somebody who
    was here before it says first what has changed since they left; --since says from when instead."""
    with looking(settings) as session:
        found = find_key(session, key)
        read_at = now = session.clock()
        mark: PastMark | None = None
        if at is not None:
            past = session.past(found)
            place = at.place(past, now)
            now, mark = place.moment, past.mark(place)
        left = since.at(now) if since is not None else None
        if left is not None and left > now:
            raise click.UsageError(tr("--since lies in the future: it is {now:%Y-%m-%d %H:%M} UTC").format(now=now))
        if mark is not None:
            view = past.catch_up(place.version, now, left, who=session.actor)
        else:
            view = session.catch_up(found, left)
    if settings.json:
        from warroom.cli.build import work as build

        emit(build.catch_up(view))
    elif markdown:
        for text in _markdown(view, now):
            say(text)
    else:
        if mark is not None:
            say(mark_line(mark, read_at, width()))
        _print_catchup(view, now, full)


def _print_catchup(view: CatchUpView, now: datetime, full: bool) -> None:
    from warroom.tui.catchup import changed, state

    wide = width()
    lines = None if full or wide is None else _screen() - 1
    news: Sequence[Line] = ()
    if view.since is not None and not view.here_all_along:
        news = changed(view, now, wide or _WIDE, None if lines is None else max(6, lines // 3), head=False)
        _print(news)
        say()
    left = None if lines is None else max(14, lines - len(news) - (1 if news else 0))
    _print(state(view, now, wide or _WIDE, left))


def _screen() -> int:
    given = os.environ.get("LINES", "")
    return int(given) if given.isdigit() and int(given) else shutil.get_terminal_size().lines


def _print(rows: Iterable[Line]) -> None:
    for row in rows:
        say("".join(paint(text, role) for text, role in row).rstrip())


_HEADS = {
    "impact": mark("Impact"),
    "severity": mark("Severity"),
    "roles": mark("Roles"),
    "known": mark("Known"),
    "unknown": mark("Not known"),
    "tried": mark("Tried"),
    "running": mark("Running"),
    "decided": mark("Decided"),
    "next": mark("Next"),
    "said": mark("Last words"),
    "here": mark("In the room"),
}
_MARKDOWN = str.maketrans({char: f"\\{char}" for char in "\\`*_[]<>#|~"})


def _markdown(view: CatchUpView, now: datetime) -> Iterator[str]:
    yield f"## {_plain(view.key)} {_plain(view.severity.name)} {_plain(view.title)}"
    yield ""
    yield tr("{status} since {time}, as of {now}").format(
        status=status_word(view.status), time=_time(view.status_since), now=_time(view.read_at)
    )
    if view.since is not None:
        yield ""
        yield "### " + tr("New since {time}").format(time=_time(view.since))
        yield from (_bullet(fact, now) for fact in view.changed)
        if view.more:
            yield "- " + trn("and {count} lesser thing", "and {count} lesser things", view.more).format(count=view.more)
        if not view.changed:
            yield "- " + tr("nothing")
    for name, facts in view.sections:
        if facts:
            yield ""
            yield f"### {tr(_HEADS[name])}"
            yield from (_bullet(fact, now) for fact in facts)


def _bullet(fact: Fact, now: datetime) -> str:
    due = ""
    if fact.due is not None:
        due = f", {tr('due {time}').format(time=_time(fact.due))}" + (f" **{tr('LATE')}**" if fact.late(now) else "")
    who = ", ".join(part for part in (_plain(fact.by), _time(fact.at) if fact.at else "") if part)
    return f"- {_plain(fact.text)}" + (f" ({who})" if who else "") + due


def _plain(text: str) -> str:
    return " ".join(clean_block(text, 2000).split()).translate(_MARKDOWN)


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
