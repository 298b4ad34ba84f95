"""`warroom update`: tell one or several channels what is going on, now or later, reviewed by somebody else or not."""

from __future__ import annotations

import sys
from datetime import datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from warroom.cli.completing import Known
from warroom.cli.output import emit, say, tell
from warroom.cli.params import AHEAD, KEY, When, find_key, read_text
from warroom.cli.perform import tell_outcome
from warroom.cli.rooms import acting, looking
from warroom.cli.settings import Settings, command
from warroom.domain.comms import Audience, PostUpdate
from warroom.domain.core import Refused
from warroom.domain.proposals import ProposeUpdate
from warroom.domain.text import clean_block, clean_line, quote_plain
from warroom.valueclass import dataclass
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.domain.completeness import Judgement
    from warroom.service.composing import Composing
    from warroom.service.session import Session

ANYBODY = "anybody"
"""Whom --review asks where it is not one person."""


@command("update")
@click.argument("key", type=KEY)
@click.argument("rest", nargs=-1, required=True, type=Known("channel"), metavar="CHANNEL... [TEXT|-]")
@click.option("--template", metavar="NAME", help="Begin with this template, or auto; alone: send what it makes.")
@click.option(
    "--next",
    "promised",
    type=AHEAD,
    metavar="TIME",
    help="When the next word comes: 30m from now, the next 14:30 (UTC), or 2024-03-13T14:30Z; default: by the cadence.",
)
@click.option("--audience", type=click.Choice([a.value for a in Audience]), help="Default: the channels' own.")
@click.option("--subject", default="", metavar="TEXT", help="Its name; default: by the template.")
@click.option("--review", metavar="PERSON", help="Ask PERSON, or anybody, to review it; it does not go out yet.")
@click.option("--schedule", type=AHEAD, metavar="TIME", help="Let it go out then, by itself.")
@click.option("--hold", is_flag=True, help="Keep it until somebody sends it: warroom review KEY ID send.")
@click.option("--correct", type=click.IntRange(1), metavar="N", help="It puts right entry N of the record.")
@click.option("--anyway", is_flag=True, help="Although it does not say all that it has to, or a blank is left.")
@click.option("--dry-run", is_flag=True, help="Show it as each channel will, with what it lacks; send nothing.")
def update(
    settings: Settings,
    key: str,
    rest: tuple[str, ...],
    template: str | None,
    promised: When | None,
    audience: str | None,
    subject: str,
    review: str | None,
    schedule: When | None,
    hold: bool,
    correct: int | None,
    anyway: bool,
    dry_run: bool,
) -> None:
    """Post an update on one or several channels. Without TEXT, or with -, it is read from standard input.

    \b
    warroom update 142 public "Payments fail. We are on it." --next 30m
    warroom update 142 internal support < update.txt
    warroom update 142 public mail --template auto --dry-run
    warroom update 142 public "..." --review omar

    What it should say and does not is told. On a terminal you are asked once more before it goes out; from a script it
    goes out all the same, unless the rulebook refuses it or a [[blank]] is left.
    """
    if hold and (review is not None or schedule is not None):
        raise click.UsageError(
            tr("--hold is for an update that nobody reviews and no time sends: leave one of them out")
        )
    opened = looking(settings) if dry_run else acting(settings)
    with opened as session:
        from warroom.service.drafting import composing

        found = composing(session, find_key(session, key))
        now = session.clock()
        channels, typed = _split(found, rest)
        wanted = _Wanted(
            channels,
            audience or _audience(found, channels),
            promised.at(now) if promised else None,
            correct or 0,
            now,
        )
        written = _written(found, wanted, typed, template, subject)
        judged = found.judge(
            written.text, written.subject, wanted.audience, channels, wanted.next_at, now, wanted.corrects
        )
        if dry_run:
            _show(settings, found, wanted, written, judged)
            return
        if not anyway:
            _ask(settings, judged, waits=review is not None or hold)
        _give(settings, session, found, wanted, written, review, schedule.at(now) if schedule else None, hold)


@dataclass(frozen=True, slots=True)
class _Wanted:
    channels: tuple[str, ...]
    audience: str
    next_at: datetime | None
    corrects: int
    now: datetime


@dataclass(frozen=True, slots=True)
class _Written:
    subject: str
    text: str
    template: str = ""


def _split(found: Composing, rest: tuple[str, ...]) -> tuple[tuple[str, ...], str | None]:
    """The channels that are named first, and the text behind them, None where there is none."""
    known = [channel.name for channel in found.view.channels]
    channels = []
    for word in rest:
        if word not in known:
            break
        channels.append(word)
    left = rest[len(channels) :]
    if len(left) > 1 or not channels:
        raise Refused(
            tr("there is no channel {name}; the channels are {known}").format(
                name=quote_plain(left[0]), known=", ".join(known)
            )
        )
    if left and left[0] != "-" and " " not in left[0]:
        near = get_close_matches(left[0].casefold(), known, 1, cutoff=0.6)
        if near:
            raise click.UsageError(
                tr("{name} is no channel: did you mean {likely}? A text: through -").format(
                    name=quote_plain(left[0]), likely=near[0]
                )
            )
    return tuple(dict.fromkeys(channels)), left[0] if left else None


def _audience(found: Composing, channels: tuple[str, ...]) -> str:
    kinds = {channel.audience for channel in found.view.channels if channel.name in channels}
    if len(kinds) > 1:
        raise Refused(tr("one text is for one audience: write the internal channels apart from the external ones"))
    return kinds.pop()


def _written(found: Composing, wanted: _Wanted, typed: str | None, template: str | None, subject: str) -> _Written:
    """Subject and text: those that were given, else a template's."""
    name = "" if template in (None, "auto") else str(template)
    fitting = found.templates(wanted.audience, wanted.channels, wanted.corrects)
    if name and name not in fitting:
        raise Refused(
            tr("there is no template {name}; those that fit are {known}").format(
                name=quote_plain(name), known=", ".join(fitting)
            )
        )
    next_at = wanted.next_at
    if next_at is None and template is not None:
        proposed = found.next_update(wanted.channels, wanted.now)
        next_at = proposed.at if proposed else None
    began = found.begin(
        wanted.audience, wanted.channels, wanted.now, template=name, next_at=next_at, corrects=wanted.corrects
    )
    if template is not None and typed is None and sys.stdin is not None and (sys.stdin.isatty() or not _piped()):
        return _Written(subject or began.subject, began.text, began.template)
    text = clean_block(read_text(typed, tr("the text of the update")))
    return _Written(clean_line(subject) or began.subject, text, began.template)


def _piped() -> bool:
    """Whether anything waits on standard input; a script that pipes nothing in has it closed or empty."""
    import select

    try:
        ready, _, _ = select.select([sys.stdin], [], [], 0)
        peek = getattr(sys.stdin.buffer, "peek", None)
        return bool(ready) and peek is not None and bool(peek(1))
    except (OSError, ValueError, AttributeError):
        return False


def _ask(settings: Settings, judged: Judgement, *, waits: bool) -> None:
    """What is missing is told; a person is asked whether it goes out all the same, a blank stops a script."""
    if not judged.ask:
        return
    said, whole = judged.score
    sentence = tr("{ask} ({said} of {whole} things said)").format(ask=judged.ask, said=said, whole=whole)
    if judged.blanks and not waits:
        raise Refused(tr("{ask}; fill it in, or send it with --anyway").format(ask=judged.ask))
    if not waits and sys.stdin.isatty() and sys.stderr.isatty() and not settings.json:
        click.confirm(
            "warroom: " + tr("{sentence}. Send it all the same?").format(sentence=clean_line(sentence, 500)),
            abort=True,
            err=True,
        )
        return
    tell(settings, sentence)


def _give(
    settings: Settings,
    session: Session,
    found: Composing,
    wanted: _Wanted,
    written: _Written,
    review: str | None,
    send_at: datetime | None,
    hold: bool,
) -> None:
    first, *also = wanted.channels
    if review is None and send_at is None and not hold:
        post = PostUpdate(
            first,
            written.text,
            wanted.next_at,
            Audience(wanted.audience),
            also=tuple(also),
            subject=written.subject,
            corrects=wanted.corrects,
        )
        tell_outcome(settings, session, session.execute(post, found.view.key))
        return
    propose = ProposeUpdate(
        wanted.channels,
        written.text,
        written.subject,
        wanted.next_at,
        Audience(wanted.audience),
        review is not None,
        "" if review in (None, ANYBODY) else str(review),
        send_at,
        wanted.corrects,
    )
    outcome = session.execute(propose, found.view.key)
    tell_outcome(settings, session, outcome)
    number = outcome.room.comms.proposals[-1].id
    tell(
        settings,
        tr("it is #{number}: warroom review {key} {number} approve, comment, send or withdraw").format(
            number=number, key=found.view.key
        ),
    )


def _show(settings: Settings, found: Composing, wanted: _Wanted, written: _Written, judged: Judgement) -> None:
    if settings.json:
        from warroom.cli.build.updates import preview

        emit(preview(found, wanted.audience, wanted.channels, written.subject, written.text, judged, wanted.next_at))
        return
    goes = {channel.name: channel.goes for channel in found.view.channels}
    for name in wanted.channels:
        shown = found.shown(name, written.subject, written.text)
        say(
            tr("{name} ({title}; {count} characters; {goes})").format(
                name=name, title=found.title(name), count=len(shown), goes=goes[name]
            )
        )
        for line in clean_block(shown).split("\n"):
            say(f"  {line}")
        say()
    said, whole = judged.score
    score = (
        tr("{said} of {whole} things said, by template {name}")
        if written.template
        else tr("{said} of {whole} things said")
    )
    say(score.format(said=said, whole=whole, name=written.template))
    for check in judged.checks:
        mark = "x" if check.said else ("!" if check.must else " ")
        title = tr("{what} (has to be said)").format(what=check.title) if check.must and not check.said else check.title
        say(f"  [{mark}] {title}")
    for blank in judged.blanks:
        say("  " + tr("a blank is left: [[{blank}]]").format(blank=clean_line(blank)))
    for warning in judged.warnings:
        say(f"  {clean_line(warning, 500)}")
    if found.needs_review(wanted.audience, wanted.channels):
        say("  " + tr("a second person has to approve it: --review PERSON"))
