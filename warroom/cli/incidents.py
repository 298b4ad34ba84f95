"""`warroom declare`, `status`, `severity`, `amend`, `resolve`, `close`, `reopen`: the incident itself."""

from __future__ import annotations

import click

from warroom.cli.params import BEFORE, KEY, When, labels, read_summary
from warroom.cli.perform import perform, tell_outcome
from warroom.cli.rooms import acting
from warroom.cli.settings import Settings, command
from warroom.domain.incident import OVER, Amend, Declare, SetSeverity, SetStatus, Status

_STATUS = click.Choice([status.value for status in Status], case_sensitive=False)
_RUNNING = click.Choice([s.value for s in Status if s not in OVER and s is not Status.NEW], case_sensitive=False)
_REASON = "Why, in one line; it goes into the record."
_STARTED = "When the impact began: 30m ago is 30m, the latest 14:30 (UTC) is 14:30, or 2024-03-13T14:30Z."


@command("declare")
@click.argument("title")
@click.option("--severity", required=True, metavar="SEV", help="How bad it is, by the room's rulebook: SEV1, ...")
@click.option("--service", default="", metavar="NAME", help="The faulty service; leave it out while it is unknown.")
@click.option("--summary", metavar="TEXT|-", help="What is known of it; - reads standard input.")
@click.option("--started", type=BEFORE, metavar="TIME", help=_STARTED)
@click.option("--label", "label", multiple=True, metavar="KEY=VALUE", help="A label; may be given several times.")
@click.option("--source", default="", metavar="NAME", help="What reported it, if not a person: a monitoring system.")
@click.option("--reporter", default="", metavar="NAME", help="Who reported it, if not you.")
@click.option("--env", "environment", default="", metavar="NAME", help="The environment, if not the service's own.")
@click.option("--region", default="", metavar="NAME", help="The region, if not the service's own.")
@click.option("--impact", default="", metavar="TEXT", help="What customers feel: none, some, all, or in words.")
@click.option("--tier", default="", metavar="NAME", help="How much depends on it, if not the service's own: 1, ...")
@click.option("--detection", default="", metavar="TEXT", help="How it was found: monitoring, a customer, ...")
def declare(
    settings: Settings,
    title: str,
    severity: str,
    service: str,
    summary: str | None,
    started: When | None,
    label: tuple[str, ...],
    source: str,
    reporter: str,
    environment: str,
    region: str,
    impact: str,
    tier: str,
    detection: str,
) -> None:
    """Declare an incident. Its policy begins at once: this pages people.

    \b
    warroom declare "Checkout is down" --severity SEV1 --service payments-api --started 14:05
    """
    marks, text = labels(label), read_summary(summary, "the summary") or ""
    with acting(settings, create=True) as session:
        began = started.at(session.clock()) if started else None
        declared = Declare(
            title,
            severity,
            service,
            text,
            began,
            marks,
            source=source,
            reporter=reporter,
            environment=environment,
            region=region,
            impact=impact,
            tier=tier,
            detection=detection,
        )
        outcome = session.execute(declared)
        tell_outcome(settings, session, outcome)


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


@command("amend")
@click.argument("key", type=KEY)
@click.option("--title", metavar="TEXT")
@click.option("--service", metavar="NAME")
@click.option("--summary", metavar="TEXT|-", help="- reads standard input.")
@click.option("--started", type=BEFORE, metavar="TIME", help=_STARTED)
@click.option("--env", "environment", metavar="NAME", help="The environment.")
@click.option("--region", metavar="NAME")
@click.option("--impact", metavar="TEXT", help="What customers feel of it.")
@click.option("--tier", metavar="NAME", help="How much depends on it.")
@click.option("--label", "label", multiple=True, metavar="KEY=VALUE", help="A label to set; KEY= takes it away.")
@click.option("--reason", default="", metavar="TEXT", help=_REASON)
def amend(
    settings: Settings,
    key: str,
    title: str | None,
    service: str | None,
    summary: str | None,
    started: When | None,
    environment: str | None,
    region: str | None,
    impact: str | None,
    tier: str | None,
    label: tuple[str, ...],
    reason: str,
) -> None:
    """Correct what is known of an incident. What is left out stays; the correction is on the record."""
    text = read_summary(summary, "the summary")
    perform(
        settings,
        key,
        lambda session: Amend(
            title,
            service,
            text,
            started.at(session.clock()) if started else None,
            reason,
            environment,
            region,
            impact=impact,
            tier=tier,
            labels=labels(label) if label else None,
        ),
    )


@command("resolve")
@click.argument("key", type=KEY)
@click.option("--reason", required=True, metavar="TEXT", help=_REASON)
def resolve(settings: Settings, key: str, reason: str) -> None:
    """The business impact is over. Nobody is paged any more; a last update falls due."""
    perform(settings, key, lambda _: SetStatus(Status.RESOLVED, reason))


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
