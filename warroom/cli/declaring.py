"""`warroom declare` and `split`: an incident begins, from one line or from options."""

from __future__ import annotations

import click

from warroom.cli.output import tell
from warroom.cli.params import BEFORE, KEY, When, find_key, labels, read_summary
from warroom.cli.perform import tell_outcome
from warroom.cli.rooms import acting
from warroom.cli.settings import Settings, command
from warroom.domain.incident import Declare
from warroom.domain.oneline import parse, vocabulary
from warroom.words import tr

STARTED = "When the impact began: 30m ago is 30m, the latest 14:30 (UTC) is 14:30, or 2024-03-13T14:30Z."


@command("declare")
@click.argument("line", nargs=-1, required=True, metavar="TITLE")
@click.option("--severity", default="", metavar="SEV", help="How bad it is: SEV1, ...; else it is proposed.")
@click.option("--service", default="", metavar="NAME", help="The faulty service; leave it out while it is unknown.")
@click.option("--summary", metavar="TEXT|-", help="What is known of it; - reads standard input.")
@click.option("--started", type=BEFORE, metavar="TIME", help=STARTED)
@click.option("--detected", type=BEFORE, metavar="TIME", help="When it was found.")
@click.option("--label", "label", multiple=True, metavar="KEY=VALUE", help="A label; may be given several times.")
@click.option("--source", default="", metavar="NAME", help="What reported it, if not a person: a monitoring system.")
@click.option("--reporter", default="", metavar="NAME", help="Who reported it, if not you.")
@click.option("--env", "environment", default="", metavar="NAME", help="The environment, if not the service's own.")
@click.option("--region", default="", metavar="NAME", help="The region, if not the service's own.")
@click.option("--cluster", default="", metavar="NAME", help="The cluster, if it is about one.")
@click.option("--impact", default="", metavar="TEXT", help="What customers feel: none, some, all, or in words.")
@click.option("--description", metavar="TEXT|-", help="What customers see; - reads standard input.")
@click.option("--tier", default="", metavar="NAME", help="How much depends on it, if not the service's own: 1, ...")
@click.option("--detection", default="", metavar="TEXT", help="How it was found: monitoring, a customer, ...")
@click.option("--product", "products", multiple=True, metavar="NAME", help="An affected product; several times.")
@click.option("--category", default="", metavar="NAME", help="The sort of trouble, in your own words.")
@click.option("--type", "sort", default="", metavar="NAME", help="The same, finer.")
@click.option("--deploy", default="", metavar="ID", help="The deploy that it began with.")
def declare(
    settings: Settings,
    line: tuple[str, ...],
    severity: str,
    service: str,
    summary: str | None,
    started: When | None,
    detected: When | None,
    label: tuple[str, ...],
    source: str,
    reporter: str,
    environment: str,
    region: str,
    cluster: str,
    impact: str,
    description: str | None,
    tier: str,
    detection: str,
    products: tuple[str, ...],
    category: str,
    sort: str,
    deploy: str,
) -> None:
    """Declare an incident. Its policy begins at once: this pages people.

    One line is enough: severity, @service and since TIME are read from it, and what is not written is proposed. An
    option counts before the line.

    \b
    warroom declare "SEV1 EU card payments failing @payments-api since 13:40"
    warroom declare "Checkout is down" --severity SEV1 --started 14:05
    """
    marks, text = labels(label), read_summary(summary, tr("the summary"))
    seen = read_summary(description, tr("what customers see")) or ""
    with acting(settings, create=True) as session:
        now = session.clock()
        words = vocabulary(session.book())
        read = parse(" ".join(line), words, now, severity=severity, service=service, since=started is None)
        if not read.said and read.severity:
            tell(
                settings,
                tr("severity {severity}: {why}; warroom severity changes it").format(
                    severity=read.severity, why=read.why
                ),
            )
        declared = Declare(
            read.title,
            read.severity,
            read.service,
            read.summary if text is None else text,
            started.at(now) if started else read.started_at,
            marks,
            source=source,
            reporter=reporter,
            environment=environment,
            region=region,
            impact=impact,
            tier=tier,
            detection=detection,
            products=products,
            category=category,
            type=sort,
            description=seen,
            cluster=cluster,
            deploy=deploy,
            detected_at=detected.at(now) if detected else None,
        )
        tell_outcome(settings, session, session.execute(declared))


@command("split")
@click.argument("key", type=KEY)
@click.argument("title")
@click.option("--severity", default="", metavar="SEV", help="How bad this part is, if not as bad as the whole.")
@click.option("--service", default="", metavar="NAME", help="Its faulty service, if not that of the whole.")
@click.option("--summary", metavar="TEXT|-", help="What is to be done; - reads standard input.")
def split(settings: Settings, key: str, title: str, severity: str, service: str, summary: str | None) -> None:
    """Split work off: declare an incident that is part of KEY. Both know of each other. This pages people.

    Severity, service, region and start are those of KEY. KEY can be resolved while its parts are open; it says so then.
    """
    text = read_summary(summary, tr("the summary")) or ""
    with acting(settings) as session:
        child = Declare(title, severity, service, text, parent=find_key(session, key))
        tell_outcome(settings, session, session.execute(child))
