"""`warroom amend`: putting right what is known of an incident, its times among it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from warroom.cli.declaring import STARTED
from warroom.cli.params import BEFORE, KEY, When, labels, read_summary
from warroom.cli.perform import perform
from warroom.cli.settings import Settings, command
from warroom.domain.correcting import FORGETTABLE
from warroom.domain.incident import Amend
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.service.acting import Acting

_NAMES = {
    name.removesuffix("_at").replace("external", "customers").replace("internal", "colleagues"): name
    for name in FORGETTABLE
}
_COUNT = click.IntRange(min=0)


@command("amend")
@click.argument("key", type=KEY)
@click.option("--title", metavar="TEXT", help="What it is called.")
@click.option("--service", metavar="NAME", help="The faulty service.")
@click.option("--summary", metavar="TEXT|-", help="- reads standard input.")
@click.option("--env", "environment", metavar="NAME", help="The environment.")
@click.option("--region", metavar="NAME", help="The region that it is in.")
@click.option("--cluster", metavar="NAME", help="The cluster that it is in.")
@click.option("--tier", metavar="NAME", help="How much depends on it.")
@click.option("--impact", metavar="TEXT", help="What customers feel of it: none, some, all, or in words.")
@click.option("--description", metavar="TEXT|-", help="What customers see; - reads standard input.")
@click.option("--customers", "external", type=_COUNT, metavar="N", help="How many customers are affected.")
@click.option("--colleagues", "internal", type=_COUNT, metavar="N", help="How many colleagues are affected.")
@click.option("--cases", type=_COUNT, metavar="N", help="How many cases support has; warroom cases counts them up.")
@click.option("--product", "products", multiple=True, metavar="NAME", help="The affected products, in place of others.")
@click.option("--category", metavar="NAME", help="The sort of trouble, in your own words.")
@click.option("--type", "type", metavar="NAME", help="The same, finer.")
@click.option("--deploy", metavar="ID", help="The deploy that it began with.")
@click.option("--source", metavar="NAME", help="What reported it.")
@click.option("--reporter", metavar="NAME", help="Who reported it.")
@click.option("--detection", metavar="TEXT", help="How it was found.")
@click.option("--label", "label", multiple=True, metavar="KEY=VALUE", help="A label to set; KEY= takes it away.")
@click.option("--started", type=BEFORE, metavar="TIME", help=STARTED)
@click.option("--detected", type=BEFORE, metavar="TIME", help="When it was found.")
@click.option("--declared", type=BEFORE, metavar="TIME", help="When it was declared.")
@click.option("--acknowledged", type=BEFORE, metavar="TIME", help="When somebody was first on it.")
@click.option("--mitigated", type=BEFORE, metavar="TIME", help="When customers felt it no more, or less.")
@click.option("--ended", type=BEFORE, metavar="TIME", help="When the impact was over.")
@click.option("--closed", type=BEFORE, metavar="TIME", help="When it was closed.")
@click.option("--unknown", multiple=True, type=click.Choice(sorted(_NAMES)), help="Nobody knows it after all.")
@click.option("--reason", default="", metavar="TEXT", help="Why, in one line; it goes into the record.")
def amend(
    settings: Settings,
    key: str,
    summary: str | None,
    description: str | None,
    products: tuple[str, ...],
    label: tuple[str, ...],
    unknown: tuple[str, ...],
    reason: str,
    **fields: str | int | When | None,
) -> None:
    """Correct what is known of an incident. What is left out stays; the correction is on the record.

    Every figure follows a corrected time: silences, durations, punctuality. No timer that runs is moved by it.
    """
    text, seen = read_summary(summary, tr("the summary")), read_summary(description, tr("what customers see"))
    marks = labels(label) if label else None
    forgotten = tuple(_NAMES[name] for name in unknown)

    def correction(session: Acting) -> Amend:
        now = session.clock()
        given: dict[str, Any] = {
            f"{name}_at" if isinstance(value, When) else name: value.at(now) if isinstance(value, When) else value
            for name, value in fields.items()
            if value is not None
        }
        return Amend(
            summary=text,
            description=seen,
            products=products or None,
            labels=marks,
            unknown=forgotten,
            reason=reason,
            **given,
        )

    perform(settings, key, correction)
