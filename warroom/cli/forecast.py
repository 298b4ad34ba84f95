"""`warroom forecast` and `why`: who will be paged when if nobody does anything, and why somebody was paged or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from warroom.cli.backwards import Then, at_option
from warroom.cli.output import emit, paint, say, tell, width
from warroom.cli.params import KEY, find_key
from warroom.cli.rooms import looking
from warroom.cli.settings import Settings, command
from warroom.domain.status_words import moment
from warroom.domain.text import cell_width, clean_line, cut, wrap
from warroom.tui.clockface import countdown, seconds_clock, urgency
from warroom.tui.pieces import Role, severity_role
from warroom.views import WhyState
from warroom.words import mark, tr, trn

if TYPE_CHECKING:
    from warroom.cli.shapes import forecast as shapes
    from warroom.views import DeliveryLine, ForecastLine, ForecastView, PageLine, PassedLine, WhyLine, WhyView

DEFAULT_STEPS = 24
LEAST = 24
"""What stands behind the times is never wrapped to fewer cells than this."""

DAY_DATE = mark("%a %Y-%m-%d")

_LOOKS = {
    WhyState.PAGED: Role.STRONG,
    WhyState.PASSED: Role.SOON,
    WhyState.ANSWERED: Role.OK,
    WhyState.NEVER: Role.LATE,
    WhyState.SINCE: Role.MUTED,
    WhyState.NOT_FOUND: Role.MUTED,
}


@command("forecast")
@click.argument("key", type=KEY)
@click.option(
    "--steps",
    type=click.IntRange(1, 500),
    default=DEFAULT_STEPS,
    show_default=True,
    metavar="N",
    help="How many steps.",
)
@click.option(
    "--only", type=click.Choice(["pages"]), help="Only steps at which somebody is paged, or a level finds nobody."
)
@at_option("As it stood then: 14:12 (UTC, the latest one), 30m ago, 2024-03-13T14:30Z, or #12, an entry of the record.")
def forecast(settings: Settings, key: str, steps: int, only: str | None, at: Then | None) -> None:
    """Tell what follows by itself if nobody does anything: who is paged when, by which ways, why them and not others.

    It is what the timers would do, worked out by the same decisions. Whatever somebody does, here or on the schedules,
    may change it. Times are UTC. With --at it is what would have followed then, had nobody done anything.
    """
    with looking(settings) as session:
        wanted = find_key(session, key)
        if at is not None:
            past = session.past(wanted)
            place = at.place(past, session.clock())
            found = past.forecast(place.version, place.moment, steps=steps, pages_only=only == "pages")
        else:
            found = session.forecast(wanted, steps=steps, pages_only=only == "pages")
    if settings.json:
        for number, line in enumerate(found.lines, 1):
            emit(forecast_shape(found, number, line))
    else:
        for text in forecast_lines(found, width()):
            say(text)
    if not found.lines:
        tell(settings, tr("nothing follows by itself: {nothing}").format(nothing=found.nothing))
    elif not found.whole:
        tell(
            settings,
            trn(
                "this goes on after {count} step: say --steps for more",
                "this goes on after {count} steps: say --steps for more",
                len(found.lines),
            ).format(count=len(found.lines)),
        )


@command("why")
@click.argument("key", type=KEY)
@click.argument("person", default="", metavar="[PERSON]")
def why(settings: Settings, key: str, person: str) -> None:
    """Tell why PERSON was paged for an incident, or was not; without PERSON, who was and who was not at each step.

    Everything up to now is read from the record. What is still ahead holds if nobody does anything. Times are UTC.
    """
    with looking(settings) as session:
        found = session.why(find_key(session, key), clean_line(person, 64))
    if settings.json:
        for line in found.lines:
            emit(why_shape(found, line))
        return
    for text in why_lines(found, width()):
        say(text)


# For people ----------------------------------------------------------------------------------------------------------


def forecast_lines(view: ForecastView, wide: int | None) -> Iterator[str]:
    """A forecast on one page."""
    head = f"{view.severity.glyph} {view.severity.name}  {view.key}  {clean_line(view.title)}"
    yield paint(head if wide is None else cut(head, wide), severity_role(view.severity))
    yield paint(
        tr("if nobody does anything, from {read_at:%Y-%m-%d %H:%M:%S} UTC on").format(read_at=view.read_at), Role.MUTED
    )
    rows = [(line.at, _in(line.at, view.read_at), Role.TEXT, list(_step(line))) for line in view.lines]
    yield from _timed(rows, view.read_at, wide)


def _step(line: ForecastLine) -> Iterator[tuple[str, Role]]:
    cause = f" ({tr(line.cause)})" if line.cause and line.level else ""
    yield f"{line.what}{cause}", Role.STRONG if line.pages else Role.TEXT
    for page in line.pages:
        yield _page(tr("pages {to} by {via}"), page), Role.TEXT
    for page in line.told:
        yield _page(tr("tells {to} by {via}"), page), Role.MUTED
    for each in line.passed:
        yield _passed(each), Role.SOON


def _page(sentence: str, page: PageLine) -> str:
    said = sentence.format(to=page.to, via=" ".join(page.via))
    if page.because and page.target.startswith("role:"):
        return tr("{said} as {target}").format(said=said, target=page.because)
    return _as(said, page.target) + (f": {page.because}" if page.because else "")


def _as(said: str, target: str) -> str:
    """With the target by which somebody was found, where there is one."""
    return tr("{said} as {target}").format(said=said, target=_meant(target)) if target else said


def _meant(target: str) -> str:
    """A target in words: a role by what people call it."""
    kind, _, name = target.partition(":")
    return name.replace("-", " ") if kind == "role" else target


def _passed(each: PassedLine) -> str:
    if not each.to:
        return tr("nobody: {why}").format(why=each.why)
    return tr("not {to}, {target}: {why}").format(to=each.to, target=_meant(each.target), why=each.why)


def why_lines(view: WhyView, wide: int | None) -> Iterator[str]:
    """The reasons on one page."""
    head = f"{view.severity.glyph} {view.severity.name}  {view.key}  {clean_line(view.title)}"
    yield paint(head if wide is None else cut(head, wide), severity_role(view.severity))
    whom = (
        tr("why {person} was paged, or not").format(person=view.person)
        if view.person
        else tr("who was paged, who was not, and why")
    )
    yield paint(
        tr("{whom}; now it is {read_at:%Y-%m-%d %H:%M:%S} UTC").format(whom=whom, read_at=view.read_at), Role.MUTED
    )
    rows = []
    for line in view.lines:
        state = tr(line.state.value)
        if line.state is WhyState.AHEAD and line.at is not None:
            state = _in(line.at, view.read_at)
        rows.append((line.at, state, _LOOKS.get(line.state, Role.TEXT), list(_reason(line, view))))
    yield from _timed(rows, view.read_at, wide)


def _reason(line: WhyLine, view: WhyView) -> Iterator[tuple[str, Role]]:
    cause = f" ({tr(line.cause)})" if line.cause and line.level else ""
    who = line.person if line.person and not view.person else ""
    if line.state in (WhyState.SINCE, WhyState.ANSWERED):
        person = f"{line.person}: " if line.person and line.state is WhyState.ANSWERED else ""
        yield f"{person}{line.what}{f': {line.why}' if line.why else ''}", Role.TEXT
        return
    what = f"{line.what}{cause}"
    yield f"{_as(who, line.target)}: {what}" if who else _as(what, line.target), Role.TEXT
    if line.why:
        yield line.why, Role.MUTED
    for each in line.deliveries:
        if each.state:
            yield _delivery(each), Role.LATE if each.state in ("failed", "given up", "unknown") else Role.MUTED


def _delivery(each: DeliveryLine) -> str:
    at = f" {seconds_clock(each.sent_at)}" if each.sent_at is not None else ""
    said = f"{each.via} {tr(each.state)}{at}"
    if each.tries > 1:
        said = trn("{said} after {count} try", "{said} after {count} tries", each.tries).format(
            said=said, count=each.tries
        )
    return said + (f": {each.error}" if each.error else "")


def _in(at: datetime, now: datetime) -> str:
    return tr("now") if at <= now else tr("in {time}").format(time=countdown(at, now))


def _timed(
    rows: Iterable[tuple[datetime | None, str, Role, list[tuple[str, Role]]]], now: datetime, wide: int | None
) -> Iterator[str]:
    """Lines under each other behind the time and a word, with a line of its own for each day."""
    rows = list(rows)
    words = max((cell_width(word) for _, word, _, _ in rows), default=0)
    day = ""
    for at, word, look, lines in rows:
        if at is not None and day != (day := moment(at.astimezone(UTC), DAY_DATE)):
            yield paint(day, Role.MUTED)
        clock = seconds_clock(at) if at is not None else " " * 8
        behind = 8 + 2 + words + 2
        room = None if wide is None else max(LEAST, wide - behind)
        if at is not None and at > now:
            look = urgency(at, now)
        head = f"{clock}  {paint(word, look)}{' ' * (words - cell_width(word))}  "
        for number, (text, role) in enumerate(lines):
            clean = clean_line(text, 2000)
            indent = "" if number == 0 else "  "
            for piece in [clean] if room is None else wrap(clean, room - len(indent) - 2):
                yield (head + indent + paint(piece, role)).rstrip()
                head, indent = " " * behind, "  " if number == 0 else "    "


# For programs --------------------------------------------------------------------------------------------------------


def forecast_shape(view: ForecastView, number: int, line: ForecastLine) -> shapes.ForecastLine:
    """One step as `--json` prints it."""
    from warroom.cli.shapes import forecast as shapes

    return shapes.ForecastLine(
        key=view.key,
        step=number,
        at=line.at,
        in_s=max(0.0, (line.at - view.read_at).total_seconds()),
        kind=line.kind,
        what=line.what,
        cause=line.cause,
        policy=line.policy,
        level=line.level,
        cycle=line.cycle,
        repeat=line.repeat,
        role=line.role,
        channel=line.channel,
        pages=[_found(page) for page in line.pages],
        told=[_found(page) for page in line.told],
        passed=[shapes.PassedOver(to=each.to, target=each.target, why=each.why) for each in line.passed],
    )


def _found(page: PageLine) -> shapes.Found:
    from warroom.cli.shapes import forecast as shapes

    return shapes.Found(to=page.to, via=list(page.via), target=page.target, because=page.because)


def why_shape(view: WhyView, line: WhyLine) -> shapes.WhyLine:
    """One reason as `--json` prints it."""
    from warroom.cli.shapes import forecast as shapes

    return shapes.WhyLine(
        key=view.key,
        version=line.version,
        at=line.at,
        state=line.state.value,
        person=line.person,
        what=line.what,
        why=line.why,
        target=line.target,
        cause=line.cause,
        level=line.level,
        cycle=line.cycle,
        repeat=line.repeat,
        deliveries=[
            shapes.Delivery(via=d.via, state=d.state, tries=d.tries, sent_at=d.sent_at, error=d.error)
            for d in line.deliveries
        ],
    )
