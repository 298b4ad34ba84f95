"""`warroom update` and `note`: what is said to others, and what is written down."""

from __future__ import annotations

import click

from warroom.cli.params import AHEAD, KEY, When, read_text
from warroom.cli.perform import perform
from warroom.cli.settings import Settings, command
from warroom.domain.comms import Audience, PostUpdate
from warroom.domain.record import AddNote, NoteKind


@command("update")
@click.argument("key", type=KEY)
@click.argument("channel")
@click.argument("text", required=False, metavar="[TEXT|-]")
@click.option(
    "--next",
    "promised",
    type=AHEAD,
    metavar="TIME",
    help="When the next word comes: 30m from now, the next 14:30 (UTC), or 2024-03-13T14:30Z; default: by the cadence.",
)
@click.option("--audience", type=click.Choice([a.value for a in Audience]), help="Default: the channel's own.")
def update(
    settings: Settings, key: str, channel: str, text: str | None, promised: When | None, audience: str | None
) -> None:
    """Post an update on a channel. Without TEXT, or with -, it is read from standard input.

    \b
    warroom update 142 public "Payments fail for some customers. We are on it." --next 30m
    warroom update 142 internal < update.txt
    """
    said = read_text(text, "the text of the update")
    perform(
        settings,
        key,
        lambda session: PostUpdate(
            channel,
            said,
            promised.at(session.clock()) if promised else None,
            Audience(audience) if audience else None,
        ),
    )


@command("note")
@click.argument("key", type=KEY)
@click.argument("text", required=False, metavar="[TEXT|-]")
@click.option(
    "--kind", type=click.Choice([kind.value for kind in NoteKind]), default=NoteKind.NOTE.value, show_default=True
)
def note(settings: Settings, key: str, text: str | None, kind: str) -> None:
    """Write something into the record. Without TEXT, or with -, it is read from standard input."""
    said = read_text(text, "the text of the note")
    perform(settings, key, lambda _: AddNote(said, NoteKind(kind)))
