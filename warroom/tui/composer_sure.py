"""What is asked once more before people outside are told something: nothing takes that back (R10)."""

from __future__ import annotations

from collections.abc import Sequence

from warroom.domain.comms import Audience
from warroom.domain.text import clean_line
from warroom.tui.pieces import clean
from warroom.valueclass import dataclass
from warroom.views import ComposerView
from warroom.words import mark, tr, trn

SEND = mark("send it")
FIRST_LINE = 160
"""How much of the text is shown, in characters."""


@dataclass(frozen=True, slots=True)
class Asking:
    """The question, and a line for each thing that will be so."""

    question: str
    happens: tuple[str, ...]


def outside(audience: str) -> bool:
    """Whether an update for these is asked about: only what leaves the house."""
    return audience == Audience.EXTERNAL.value


def asking(view: ComposerView, channels: Sequence[str], text: str, amiss: str = "") -> Asking:
    """What to ask before an external update goes out: on how many channels and which, where each of them leads, how it
    begins, and what is amiss with it ("" for nothing)."""
    count = len(channels)
    question = trn("Tell people outside on one channel?", "Tell people outside on {count} channels?", count)
    goes = {each.name: each.goes for each in view.channels}
    lines = [tr("{key}: an external update, for everybody who reads it there").format(key=clean(view.key))]
    lines += [f"{clean(name)}: {clean(goes.get(name, ''))}".rstrip(": ") for name in channels]
    first = next((line for line in text.split("\n") if line.strip()), "")
    lines.append(f"“{clean_line(first, FIRST_LINE)}”")
    if amiss:
        lines.append(f"✗ {clean(amiss)}")
    lines.append(tr("What people outside have read cannot be called back; a correction follows it."))
    return Asking(question.format(count=count), tuple(lines))
