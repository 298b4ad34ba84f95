"""`warroom debug`: all that somebody has to know who is to find out what is wrong, without anything secret."""

from __future__ import annotations

from warroom.cli.output import emit, say
from warroom.cli.settings import Settings, command


@command("debug")
def debug(settings: Settings) -> None:
    """Print versions, the terminal, the settings, the room and who keeps its timers: what a report of a fault needs.

    No secret is in it: of the environment only what says which terminal it is, the home directory as ~. A screen shows
    the same, and more of what is running (key D).
    """
    from warroom.tui.debug.facts import gather, text

    facts = gather(settings.target(), settings.who())
    if settings.json:
        from warroom.cli.shapes.debug import DebugFact

        for part, name, value in facts.rows():
            emit(DebugFact(part=part, name=name, value=value))
        return
    for line in text(facts):
        say(line)
