"""What the command palette finds: entries by providers, ranked for what was typed.

A provider is a plain function from the screen on which the palette was opened to entries; `PROVIDERS` is the list of
them. Whoever has something to be found appends one, once, when the module is imported:

    def themes(screen: Acting) -> Iterable[Entry]:
        for name in names():
            yield Entry(f"theme:{name}", "theme", name, run=partial(use, name), preview=partial(show, name), undo=back)

    PROVIDERS.append(themes)

`preview` is called when the entry is marked, `undo` when another one is, or when nothing is taken. Providers are called
once for each time that the palette is opened, and may yield many thousands: an entry costs nothing but itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from textual.fuzzy import FuzzySearch

from warroom.domain.status_words import status_word
from warroom.tui.actions.moving import SECTION as MOVING
from warroom.tui.actions.names import shown_keys
from warroom.views import IncidentLine
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.tui.widgets.acting import Acting

SHOWN: Final = 200
"""Entries that are listed at most: whoever wants another one types on."""
_FUZZY: Final = 400
"""Entries at most that are matched letter by letter, which takes its time."""
_ASIDE: Final = 0.5
"""What is rarely meant stands behind what is as near to what was typed."""
_LONGEST: Final = 120
"""How much of a text is matched letter by letter, in characters."""


def _nothing() -> None:
    """No preview."""


class Entry(NamedTuple):
    """Something that can be found. `id` is its own for good, so that what was taken lately comes first. `kind` is one
    word ("incident"); `name` is matched first, `more` (shown behind it) less. `key` does the same; `why` says why it is
    not possible now. `preview` is called while it is marked, and `undo` when it is no more and was not taken. `aside`
    is taken off its rank."""

    id: str
    kind: str
    name: str
    more: str = ""
    key: str = ""
    why: str = ""
    run: Callable[[], object] = _nothing
    preview: Callable[[], object] = _nothing
    undo: Callable[[], object] = _nothing
    aside: float = 0.0


Provider = Callable[["Acting"], Iterable[Entry]]


def actions(screen: Acting) -> Iterable[Entry]:
    """Everything that can be done on the screen, with its keys."""
    for action, place, keys in screen.keymap.placed(screen.scope):
        if action.id == "go.palette" or action.section == MOVING or not screen.offers(action.id):
            continue
        help = tr(place.help or action.help)

        def run(id: str = action.id) -> object:
            return screen.action_act(id)

        name = tr(place.name or action.name)
        yield Entry(action.id, tr("action"), name, help, shown_keys(keys), screen.why_not(action.id), run)


def incidents(screen: Acting) -> Iterable[Entry]:
    """The incidents of the room, to go to."""
    app = screen.app
    finding, view = getattr(app, "finding", None), getattr(getattr(app, "board", None), "view", None)
    if finding is None or view is None:
        return
    why, kind = _stays(screen), tr("incident")
    for line in view.lines:
        name = f"{line.key} {line.title}"
        yield Entry(f"incident:{line.key}", kind, name, _about(line), "", why, _call(finding.go_to, line.key))


def _about(line: IncidentLine) -> str:
    return " ".join(filter(None, (line.severity.name, status_word(line.status), line.lead)))


def people(screen: Acting) -> Iterable[Entry]:
    """Everybody whom the rules name: who they are, and to page them or give them a role."""
    app = screen.app
    finding, view = getattr(app, "finding", None), getattr(getattr(app, "board", None), "view", None)
    if finding is None or view is None:
        return
    why, kind = _stays(screen), tr("person")
    for login in view.catalogue.people:
        more = tr("on call, roles; page")
        yield Entry(f"person:{login}", kind, login, more, "", why, _call(finding.show_person, login))


def links(screen: Acting) -> Iterable[Entry]:
    """Links of the incident, and runbooks of the services, to copy."""
    app = screen.app
    finding = getattr(app, "finding", None)
    if finding is None:
        return
    copy = finding.take_link
    detail = getattr(screen, "detail", None) or getattr(getattr(app, "board", None), "detail", None)
    for link in detail.links if detail is not None else ():
        if not link.key:
            name = f"{tr(link.kind)} {link.title or link.to}"
            yield Entry(f"link:{link.to}", tr("link"), name, link.to, "", "", _call(copy, link.to))
    for service, name, address in finding.runbooks:
        yield Entry(f"link:{address}", tr("runbook"), f"{service} {name}", address, "", "", _call(copy, address))


def themes(screen: Acting) -> Iterable[Entry]:
    """Every theme: shown while it is marked, kept when it is taken."""
    looks = getattr(screen.app, "looks", None)
    if looks is None:
        return
    kind, about = tr("theme"), tr("how it looks; shown while it is marked")
    for each in looks.library.entries():
        more = about if each.shipped else f"{tr('your own')} · {about}"
        look, keep = _call(looks.attempt, each.name), _call(looks.keep, each.name)
        yield Entry(f"theme:{each.name}", kind, each.name, more, "", "", keep, look, looks.put_back, _ASIDE)


def _call(what: Callable[[str], object], about: str) -> Callable[[], object]:
    return lambda: what(about)


def _stays(screen: Acting) -> str:
    """Why nobody goes elsewhere from here."""
    from warroom.tui.actions.screens import WRITING
    from warroom.tui.actions.table import lineage

    writes = set(lineage(screen.scope)) & set(WRITING)
    return tr("finish here first, or leave: what you have written would be lost") if writes else ""


PROVIDERS: Final[list[Provider]] = [actions, incidents, people, links, themes]
"""Everything that is asked; open to more."""


# Ranking ------------------------------------------------------------------------------------------------------------


def folded(text: str) -> str:
    """A text as it is compared: composed, without case."""
    return unicodedata.normalize("NFC", text).casefold()


class Found(NamedTuple):
    """An entry with the place of what matches in its name."""

    entry: Entry
    at: tuple[int, ...] = ()


class Finder:
    """Ranks entries for what was typed. `recent` are ids, the latest first."""

    def __init__(self, entries: Iterable[Entry], recent: Sequence[str] = ()) -> None:
        """The entries are read once."""
        self.entries = tuple({entry.id: entry for entry in entries}.values())
        self._texts: list[tuple[str, str]] | None = None
        self._recent = {id: place for place, id in enumerate(recent)}
        self._search = FuzzySearch()

    def find(self, query: str) -> list[Found]:
        """The best entries for what was typed, at most `SHOWN`; with nothing typed the recent ones, then all."""
        wanted = folded(query).strip()
        if not wanted:
            usual = len(self._recent)
            ranked = sorted(self.entries, key=lambda entry: (self._recent.get(entry.id, usual), bool(entry.why)))
            return [Found(entry) for entry in ranked[:SHOWN]]
        if self._texts is None:
            self._texts = [
                (folded(entry.name), folded(f"{entry.more} {entry.kind} {entry.id}")) for entry in self.entries
            ]
        words = wanted.split()
        scored: list[tuple[float, int]] = []
        rest: list[int] = []
        for at, (name, more) in enumerate(self._texts):
            score = 0.0
            for word in words:
                if (found := name.find(word)) >= 0:
                    score += _said(name, word, found)
                elif word in more:
                    score += 0.8
                else:
                    rest.append(at)
                    break
            else:
                scored.append((self._weighed(at, score / len(words), name), at))
        if len(scored) < SHOWN:
            scored += self._letters(wanted, rest)
        scored.sort(key=lambda each: (-each[0], each[1]))
        return [Found(self.entries[at], _places(self._texts[at][0], words)) for _, at in scored[:SHOWN]]

    def _letters(self, wanted: str, among: Iterable[int]) -> list[tuple[float, int]]:
        """What has the letters in this order with others between, by Textual's own measure; always behind what has the
        words."""
        assert self._texts is not None
        letters = wanted.replace(" ", "")
        order = re.compile(".*?".join(map(re.escape, letters)))
        found: list[tuple[float, int]] = []
        for at in among:
            name = self._texts[at][0][:_LONGEST]
            if order.search(name) is None:
                continue
            score, _ = self._search.match(letters, name)
            if score:
                found.append((self._weighed(at, score / (score + 20), name) - 0.5, at))
            if len(found) >= _FUZZY:
                break
        return found

    def _weighed(self, at: int, score: float, name: str) -> float:
        """With a little more for what was taken lately, is possible, and is short."""
        entry = self.entries[at]
        recent = 0.3 / (1 + self._recent[entry.id]) if entry.id in self._recent else 0.0
        return score + recent - (0.4 if entry.why else 0.0) - entry.aside - min(len(name), 100) / 1000


def _said(name: str, word: str, at: int) -> float:
    """How well a word stands in a name: as all of it, at its beginning, at that of a word, or within one."""
    if name == word:
        return 3.0
    if at == 0:
        return 2.5 if len(name) == len(word) or not name[len(word)].isalnum() else 2.2
    return 2.0 if not name[at - 1].isalnum() else 1.2


def _places(name: str, words: Iterable[str]) -> tuple[int, ...]:
    found: set[int] = set()
    for word in words:
        if (at := name.find(word)) >= 0:
            found.update(range(at, at + len(word)))
    return tuple(sorted(found))
