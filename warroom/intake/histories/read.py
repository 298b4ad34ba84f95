"""A provider's published history on disk, in one of the formats of `HistoryFormat`, as incidents.

What is no such file is refused with a message that names the file, the place in it and what to do. Nothing of
a file reaches memory before its kind and size are known to be right.
"""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NoReturn
from xml.etree.ElementTree import Element, ParseError

from warroom.domain.text import clean_line, quote_plain
from warroom.intake.histories import aws, gcp, github_atom, statuspage
from warroom.intake.histories.fields import Field
from warroom.intake.history import HistoryError, HistoryFormat, HistoryIncident
from warroom.words import mark, tr

MAX_FILE_BYTES: Final = 32 * 1024 * 1024
"""Largest file that is read. Years of a large provider's history have 1 to 10 MiB."""

EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
"""No status page is older than the Web."""

CLOCK_SLACK: Final = timedelta(days=5 * 365)
"""How far ahead of `now` a post may lie. Wide, since the machine's clock can be wrong; year 9999 is not."""

_JSON_READERS: Final[dict[HistoryFormat, Callable[[Field, str | None], tuple[HistoryIncident, ...]]]] = {
    HistoryFormat.GCP: gcp.read,
    HistoryFormat.AWS: aws.read,
    HistoryFormat.STATUSPAGE: statuspage.read,
}

_WANTED: Final = {
    HistoryFormat.GITHUB_ATOM: mark("the Atom feed of a Statuspage page (history.atom)"),
    HistoryFormat.GCP: mark("Google Cloud's incidents.json, a list of incidents"),
    HistoryFormat.AWS: mark("an AWS event file (data.json, or a list of events with their event_log)"),
    HistoryFormat.STATUSPAGE: mark("a Statuspage incidents.json or summary.json"),
}


def read_history(
    format: HistoryFormat, path: Path, *, provider: str | None = None, now: datetime
) -> tuple[HistoryIncident, ...]:
    """The incidents of the file at `path`, in its order, scheduled maintenance left out.

    `provider` replaces the name that the file gives (the host of the page or feed, or the format's). `now`
    bounds how late a post can be. Raises `HistoryError`, and nothing else, for whatever is wrong with the
    file; its message begins with the path.
    """
    try:
        if provider is not None and not (provider := clean_line(provider, 64)):
            raise HistoryError(tr("the provider's name is empty"))
        incidents = _read_text(format, decode(_load(path)), provider)
        for incident in incidents:
            _check_times(incident, now)
        return incidents
    except HistoryError as error:
        raise HistoryError(f"{clean_line(str(path), 1000)}: {error}") from None


def _load(path: Path) -> bytes:
    try:
        about = path.stat()
        if stat.S_ISDIR(about.st_mode):
            raise HistoryError(tr("is a directory; name the files in it"))
        if not stat.S_ISREG(about.st_mode):
            raise HistoryError(tr("is not an ordinary file; save the history to one first"))
        if about.st_size <= MAX_FILE_BYTES:
            with path.open("rb") as file:
                data = file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise HistoryError(tr("cannot be read: {reason}").format(reason=reason or error)) from None
    if about.st_size > MAX_FILE_BYTES or len(data) > MAX_FILE_BYTES:
        raise HistoryError(
            tr(
                "has over {size} MiB, more than any history that is read here; if it is one, cut it into several files"
            ).format(size=MAX_FILE_BYTES // 1024**2)
        )
    return data


def decode(data: bytes) -> str:
    """Text of what a server sent: UTF-8, or UTF-16 and UTF-32 of either order, with or without a mark.

    An XML declaration that names ISO 8859-1 or Windows-1252 is believed. Raises `HistoryError` for anything
    that is not text.
    """
    if not data.strip(b"\0\t\n\v\f\r "):
        raise HistoryError(tr("is empty") if not data else tr("holds nothing but blanks or zero bytes; fetch it again"))
    encoding: str = json.detect_encoding(data)
    declared = re.match(rb"<\?xml[^>]{1,100}encoding=[\"']([A-Za-z0-9._-]{1,40})[\"']", data)
    if declared and declared[1].lower() in (b"iso-8859-1", b"latin1", b"windows-1252"):
        encoding = declared[1].decode("ascii")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise HistoryError(
            tr(
                "byte {byte}: not text in {encoding}; "
                "the file is binary or damaged, fetch it again (and unpack it, if it is compressed)"
            ).format(byte=error.start + 1, encoding=encoding.upper().removesuffix("-SIG"))
        ) from None
    if "\0" in text:
        raise HistoryError(tr("is binary, not text; fetch it again (and unpack it, if it is compressed)"))
    return text


def _read_text(wanted: HistoryFormat, text: str, provider: str | None) -> tuple[HistoryIncident, ...]:
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        return _read_xml(wanted, text, provider)
    if not text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        _refuse(
            wanted, tr("neither JSON nor XML, since it begins with {text}").format(text=quote_plain(text.strip(), 20))
        )
    top = Field(_parse_json(text))
    found = _kind_of(top.value)
    nothing_now = top.value == [] and wanted in (HistoryFormat.GCP, HistoryFormat.AWS)
    if found is not wanted and not nothing_now:
        _refuse(wanted, found)
    return _JSON_READERS[wanted](top, provider)


def _refuse(wanted: HistoryFormat, found: HistoryFormat | str) -> NoReturn:
    if isinstance(found, HistoryFormat):
        raise HistoryError(
            tr("this is {kind}: use `warroom import {word}`").format(kind=tr(_WANTED[found]), word=found)
        )
    raise HistoryError(
        tr("this is {kind}, but `warroom import {word}` reads {wanted}").format(
            kind=found, word=wanted, wanted=tr(_WANTED[wanted])
        )
    )


def _parse_json(text: str) -> Any:
    def no_such_number(name: str) -> NoReturn:
        raise ValueError(tr("{name} is no number of JSON").format(name=name))

    try:
        return json.loads(text.lstrip("\ufeff"), parse_constant=no_such_number)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            what_to_do = tr("the file holds several values one after the other; import them one by one")
        elif error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
            what_to_do = tr("the file is cut off, fetch it again")
        else:
            what_to_do = tr("the file is damaged, fetch it again")
        raise HistoryError(
            tr("line {line} column {column}: not JSON ({message}); {what_to_do}").format(
                line=error.lineno, column=error.colno, message=error.msg, what_to_do=what_to_do
            )
        ) from None
    except RecursionError:
        raise HistoryError(tr("is nested too deeply to be a history")) from None
    except ValueError as error:
        reason = tr("a number of thousands of digits") if "digits" in str(error) else clean_line(str(error))
        raise HistoryError(tr("not JSON of a history: {reason}").format(reason=reason)) from None


def _kind_of(value: Any) -> HistoryFormat | str:
    """What parsed JSON is, from a look at its outermost members: a format, or words for something else."""
    if isinstance(value, dict):
        if "activeIncidents" in value or "activeMaintenances" in value:
            return tr("a summary of Instatus, which has no posts")
        if "archive" in value or ("current" in value and "page" not in value):
            return HistoryFormat.AWS
        if "page" in value and ("incidents" in value or "scheduled_maintenances" in value):
            return HistoryFormat.STATUSPAGE
        first = _first(value.get("incidents"))
        if "incident_updates" in first:
            return HistoryFormat.STATUSPAGE
        if first:
            return tr("a list of incidents that are not Statuspage's (they have no incident_updates)")
        if "page" in value:
            return tr("a Statuspage file without incidents (fetch incidents.json or summary.json)")
        return tr("JSON of another kind, an object with {names}").format(names=_some(value))
    if isinstance(value, list):
        first = _first(value)
        if "event_log" in first:
            return HistoryFormat.AWS
        if not first.keys().isdisjoint(("snapshots", "external_desc", "most_recent_update", "service_key")):
            return HistoryFormat.GCP
        if not value:
            return tr("an empty list")
        return (
            tr("JSON of another kind, a list of objects with {names}").format(names=_some(first))
            if first
            else tr("JSON of another kind, a list of other things")
        )
    return tr("a single value")


def _first(value: Any) -> dict[str, Any]:
    return value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else {}


def _some(members: dict[str, Any]) -> str:
    names = ", ".join(quote_plain(name, 20) for name in list(members)[:4])
    return names + (", ..." if len(members) > 4 else "") if names else tr("nothing in it")


def _read_xml(wanted: HistoryFormat, text: str, provider: str | None) -> tuple[HistoryIncident, ...]:
    name = re.search(r"<([A-Za-z_][\w.:-]{0,60})", text[:20_000])
    root_name = name[1].rpartition(":")[2].lower() if name else ""
    if root_name in ("rss", "rdf"):
        _refuse(wanted, tr("an RSS feed (fetch history.atom or the JSON instead)"))
    if root_name in ("html", "head", "body"):
        _refuse(wanted, tr("a web page (the address of the data is another one)"))
    root = _parse_xml(text)
    kind = github_atom.local_name(root)
    if kind not in ("feed", "entry"):
        _refuse(wanted, tr("XML of another kind (<{name}>)").format(name=clean_line(kind, 40)))
    if wanted is not HistoryFormat.GITHUB_ATOM:
        _refuse(wanted, HistoryFormat.GITHUB_ATOM)
    return github_atom.read(root, provider)


def _parse_xml(text: str) -> Element:
    # Here, since only this format needs it; it takes the pure-Python parser of the standard library.
    from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
    from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

    try:
        root: Element = fromstring(text.lstrip("\ufeff \t\r\n"), forbid_dtd=True)
    except ParseError as error:
        line, column = error.position
        raise HistoryError(
            tr(
                "line {line} column {column}: not XML ({reason}); the file is cut off or damaged, fetch it again"
            ).format(line=line, column=column + 1, reason=clean_line(str(error).partition(":")[0]))
        ) from None
    except DefusedXmlException:
        raise HistoryError(tr("declares a document type or entities, which no feed needs; it is not read")) from None
    except (ValueError, LookupError) as error:
        raise HistoryError(tr("not XML: {reason}").format(reason=clean_line(str(error)))) from None
    return root


def _check_times(incident: HistoryIncident, now: datetime) -> None:
    times = [(mark("the start"), incident.start), (mark("the end"), incident.closed)]
    times += [(mark("a post"), update.at) for update in incident.updates]
    for what, at in times:
        if at is not None and not EARLIEST <= at <= now + CLOCK_SLACK:
            raise HistoryError(
                tr(
                    "incident {id}: {what} at {at} cannot be right; "
                    "the file is damaged, or this machine's clock is years behind"
                ).format(id=incident.source_id, what=tr(what), at=at.isoformat())
            )
