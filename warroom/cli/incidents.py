"""`warroom status`, `severity`, `assess`, `cases`, `resolve`, `close`, `reopen`: how bad it is, and its stage."""

from __future__ import annotations

import click

from warroom.cli.params import BEFORE, KEY, When, find_key
from warroom.cli.perform import perform, tell_outcome
from warroom.cli.rooms import acting
from warroom.cli.settings import Settings, command
from warroom.domain.incident import OVER, Assess, CountCases, SetSeverity, SetStatus, Status
from warroom.domain.text import quote_plain
from warroom.words import tr

_STATUS = click.Choice([status.value for status in Status], case_sensitive=False)
_RUNNING = click.Choice([s.value for s in Status if s not in OVER and s is not Status.NEW], case_sensitive=False)
_REASON = "Why, in one line; it goes into the record."


@command("status")
@click.argument("key", type=KEY)
@click.argument("status", type=_STATUS)
@click.option("--reason", default="", metavar="TEXT", help=_REASON + " Needed to resolve, close or reopen.")
@click.option("--if-status", "seen", type=_STATUS, help="Only if it is in this stage now; else exit 3.")
def status(settings: Settings, key: str, status: str, reason: str, seen: str | None) -> None:
    """Move an incident to a stage."""
    perform(settings, key, lambda _: SetStatus(Status(status), reason, Status(seen) if seen else None))


@command("severity")
@click.argument("key", type=KEY)
@click.argument("severity", metavar="SEV")
@click.option("--reason", required=True, metavar="TEXT", help=_REASON)
@click.option("--if-severity", "seen", metavar="SEV", help="Only if it has this severity now; else exit 3.")
def severity(settings: Settings, key: str, severity: str, reason: str, seen: str | None) -> None:
    """Re-assess how bad an incident is. Escalation, roles and cadence follow at once; worse pages again."""
    perform(settings, key, lambda _: SetSeverity(severity, reason, seen))


@command("assess")
@click.argument("key", type=KEY)
@click.option(
    "--impact", default="", metavar="WORD", help="How many it hits, by the rulebook's table: all, some, none."
)
@click.option("--urgency", default="", metavar="WORD", help="How much it presses, by the table: high, medium, low.")
@click.option("--answer", "answers", multiple=True, metavar="N=TEXT", help="The answer to question N; several times.")
@click.option("--severity", metavar="SEV", help="Set this severity, whatever the table says.")
@click.option("--set", "carry_out", is_flag=True, help="Put it on the record and set the severity.")
@click.option("--reason", default="", metavar="TEXT", help=_REASON + " Without it impact and urgency are the reason.")
@click.option("--if-severity", "seen", metavar="SEV", help="Only if it has this severity now; else exit 3.")
def assess(
    settings: Settings,
    key: str,
    impact: str,
    urgency: str,
    answers: tuple[str, ...],
    severity: str | None,
    carry_out: bool,
    reason: str,
    seen: str | None,
) -> None:
    """Assess how bad it is: what the table proposes, and what that would change. With --set it is done.

    \b
    warroom assess 142                              # the questions, the table
    warroom assess 142 --impact all --urgency high  # what it would change
    warroom assess 142 --impact all --urgency high --answer 2="about 4000" --set
    """
    from warroom.cli.assessing import proposal, said

    if not carry_out:
        proposal(settings, key, impact, urgency, severity)
        return
    perform(
        settings,
        key,
        lambda session: Assess(impact, urgency, said(session, answers), severity, reason, seen),
    )


@command("cases")
@click.argument("key", type=KEY)
@click.argument("count", metavar="N|+N")
def cases(settings: Settings, key: str, count: str) -> None:
    """Count the cases that support has: +3 more, or 12 in all."""
    more, digits = count.startswith("+"), count.removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 12):
        raise click.UsageError(
            tr("{given} is no count: write +3 for three more, or 12 for twelve in all").format(
                given=quote_plain(count, 40)
            )
        )
    number = int(digits)
    perform(settings, key, lambda _: CountCases(more=number) if more else CountCases(total=number))


@command("resolve")
@click.argument("key", type=KEY)
@click.option("--reason", required=True, metavar="TEXT", help=_REASON)
@click.option("--started", type=BEFORE, metavar="TIME", help="When the impact began, where nobody has said that yet.")
@click.option("--detected", type=BEFORE, metavar="TIME", help="When it was found.")
@click.option("--mitigated", type=BEFORE, metavar="TIME", help="When customers felt it no more, or less.")
@click.option("--ended", type=BEFORE, metavar="TIME", help="When the impact was over, if not now.")
def resolve(
    settings: Settings,
    key: str,
    reason: str,
    started: When | None,
    detected: When | None,
    mitigated: When | None,
    ended: When | None,
) -> None:
    """The business impact is over. Nobody is paged any more; a last update falls due.

    What is still open (tasks, theories, work split off) and times that cannot be true are said and put on the record;
    they do not keep it from being resolved.
    """
    from warroom.cli.assessing import say_unsaid

    with acting(settings) as session:
        now = session.clock()
        times = [when.at(now) if when else None for when in (started, detected, mitigated, ended)]
        outcome = session.execute(SetStatus(Status.RESOLVED, reason, None, *times), find_key(session, key))
        tell_outcome(settings, session, outcome)
        say_unsaid(settings, outcome)


@command("close")
@click.argument("key", type=KEY)
@click.option("--reason", required=True, metavar="TEXT", help=_REASON)
def close(settings: Settings, key: str, reason: str) -> None:
    """Close a resolved incident: its review is done or waived."""
    perform(settings, key, lambda _: SetStatus(Status.CLOSED, reason))


@command("reopen")
@click.argument("key", type=KEY)
@click.option("--status", type=_RUNNING, default=Status.INVESTIGATING.value, show_default=True, help="Its stage now.")
@click.option("--reason", required=True, metavar="TEXT", help=_REASON)
def reopen(settings: Settings, key: str, status: str, reason: str) -> None:
    """Reopen a resolved or closed incident. Its policy begins anew: this pages people."""
    perform(settings, key, lambda _: SetStatus(Status(status), reason))
