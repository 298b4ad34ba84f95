"""Fixed shifts as a layer in a rulebook's file, beside whatever stands in it already (R7)."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from warroom.domain.schedule_layers import Shift
from warroom.domain.text import clean_line
from warroom.intake.ical import CalendarError
from warroom.words import figure, tr

MOST: Final = 2_000
"""More shifts would not fit into one file of a rulebook."""

_HEAD = """# Shifts taken over from {source}.
# A layer of shifts stands like any other: the first layer of a schedule that has somebody counts.
"""


def put_layer(
    before: str | None, schedule: str, layer: str, shifts: Sequence[Shift], *, file: str, source: str, zone: str
) -> str:
    """The text of a rulebook file with `layer` of `schedule` made of `shifts`; `zone` is for a schedule that is new.

    `before` is what stands in the file now, None where there is none; comments and everything else stay. A layer of
    that name is replaced, a new one becomes the first. Raises `CalendarError`.
    """
    if len(shifts) > MOST:
        text = tr(
            "{file}: {count:,} shifts are more than the {most:,} that fit into a rulebook file: "
            "take over fewer days with --days"
        )
        raise CalendarError(text.format(file=clean_line(source, 200), count=figure(len(shifts)), most=figure(MOST)))
    yaml = YAML(typ="rt")
    yaml.version = (1, 2)
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    try:
        content: Any = yaml.load(before) if before and before.strip() else CommentedMap()
    except YAMLError:
        raise CalendarError(
            tr("{file} is no rulebook file that can be added to: mend it, or name another file").format(file=file)
        ) from None
    groups = _group(content, (), file)
    schedules = _group(groups.setdefault("schedules", CommentedMap()), ("schedules",), file)
    if schedule not in schedules:
        schedules[schedule] = CommentedMap({"zone": zone, "layers": CommentedMap()})
    one = _group(schedules[schedule], ("schedules", schedule), file)
    layers = _group(one.setdefault("layers", CommentedMap()), ("schedules", schedule, "layers"), file)
    made = CommentedMap({"shifts": CommentedSeq(_lines(shifts))})
    if layer in layers:
        layers[layer] = made
    else:
        layers.insert(0, layer, made)
    out = StringIO()
    yaml.version = None
    yaml.dump(content, out)
    text = out.getvalue()
    return text if before else _HEAD.format(source=clean_line(source, 200)) + text


def _group(value: Any, path: tuple[str, ...], file: str) -> CommentedMap:
    if not isinstance(value, CommentedMap):
        text = (
            tr("{file}: {where} is no group of lines: mend it, or name another file")
            if path
            else tr("{file}: it is no group of lines: mend it, or name another file")
        )
        raise CalendarError(text.format(file=file, where=".".join(path)))
    return value


def _lines(shifts: Sequence[Shift]) -> list[CommentedMap]:
    lines = []
    for shift in shifts:
        people: Any = shift.people[0] if len(shift.people) == 1 else CommentedSeq(shift.people)
        line = CommentedMap({"start": _moment(shift), "end": _moment(shift, end=True), "people": people})
        line.fa.set_flow_style()
        lines.append(line)
    return lines


def _moment(shift: Shift, *, end: bool = False) -> str:
    at = shift.end if end else shift.start
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at.second else f"{at:%Y-%m-%dT%H:%MZ}"
