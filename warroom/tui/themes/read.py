"""Reads a theme's file and says everything that is wrong with it at once, each thing with its line and a remedy."""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from textual.color import Color, ColorParseError

from warroom.domain.text import clean_line
from warroom.plainfile import read_plain
from warroom.rulebook.problems import Problem, path_text, shown
from warroom.rulebook.values import EMPTY, listing, nearest
from warroom.rulebook.yamlfile import Document, Kind, Steps, read_yaml
from warroom.tui.palette import DRAWN, GROUNDS, Depth, contrast, parsed, readable
from warroom.tui.themes.look import (
    CIRCLE,
    COLOURS,
    DEPTHS,
    GLYPHS,
    IN_TURN,
    REVERSED,
    ROLES,
    SELECTION,
    Look,
    ThemeError,
)
from warroom.tui.themes.make import is_drawing, textual_theme, variables_of
from warroom.words import figure, mark, tr

MAX_BYTES: Final = 64 * 1024
"""The largest file; a theme with everything in it has 3 KiB."""
MAX_TITLE: Final = 80
FIELDS: Final = ("name", "title", "dark", "extends", "depth", "glyphs", "contrast", "colours", "roles")
_KIND: Final = Kind(
    mark("is not a field of a theme"),
    mark("begin with a line such as extends: warroom-dark"),
    mark("take out what is no part of a theme"),
)
_SPACIOUS: Final = 7.0
"""Black or white has this contrast to all grounds at once, so that there is room for roles between."""

Parent = Callable[[str], Look]
"""Gives a theme by its name; raises KeyError where there is none, and `ThemeError` where it cannot be used."""


def read_theme(path: Path, parent: Parent | None = None, known: tuple[str, ...] = ()) -> Look:
    """The theme in a file. `parent` gives the one that it extends, `known` are the names there are. Raises
    `ThemeError`."""
    name = clean_line(str(path), 200)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            what = tr("is a directory") if path.is_dir() else tr("is not a file")
            raise _alone(path.stem, name, what, tr("name the file of a theme, NAME.yaml"))
        raw = read_plain(path, MAX_BYTES + 1)
    except OSError as error:
        what = tr("cannot be read: {why}").format(why=clean_line(error.strerror or type(error).__name__, 100))
        raise _alone(path.stem, name, what, tr("see that it is there and that you may read it")) from None
    return replace(parse_theme(path.stem, name, raw, parent, known), file=path)


def _alone(theme: str, file: str, what: str, advice: str) -> ThemeError:
    return ThemeError(clean_line(theme, 60), (Problem(file, None, None, "", "", what, advice),))


def parse_theme(stem: str, file: str, raw: bytes, parent: Parent | None = None, known: tuple[str, ...] = ()) -> Look:
    """The theme that these bytes say; `stem` is the file's name without its ending, which the theme's has to be, `file`
    what problems call the file. Raises `ThemeError`."""
    if len(raw) > MAX_BYTES:
        what = tr("is larger than {count} KiB").format(count=MAX_BYTES // 1024)
        raise _alone(stem, file, what, tr("take out what is no part of a theme"))
    if not raw.strip():
        raise _alone(
            stem, file, tr("is empty"), tr("begin with warroom themes new {name}, which writes one").format(name=stem)
        )
    return _Reader(stem, file, read_yaml(file, raw, _KIND), parent, known).look()


class _Reader:
    """One file on its way to a theme."""

    def __init__(self, stem: str, file: str, document: Document, parent: Parent | None, known: tuple[str, ...]) -> None:
        self.stem, self.file, self.document, self.parent, self.known = stem, file, document, parent, known
        self.problems = list(document.problems)

    def look(self) -> Look:
        data = self.document.data
        for key in data:
            if key not in FIELDS:
                self.unknown((key,), tr("is not a field of a theme"), FIELDS)
        base = self.base()
        look = Look(
            name=self.name(),
            title=clean_line(self.word("title", base.title if not data.get("title") else ""), MAX_TITLE),
            dark=self.yes_no("dark", base.dark),
            colours={**base.colours, **self.colours("colours", COLOURS)},
            roles={**base.roles, **self.colours("roles", ROLES)},
            contrast=self.ratio(base.contrast),
            glyphs=self.one_of("glyphs", GLYPHS) or base.glyphs,
            depth=DEPTHS.get(self.one_of("depth", tuple(DEPTHS)), base.depth),
            extends=self.word("extends", ""),
            layouts=base.layouts,
        )
        if not self.problems and look.depth is Depth.FULL:
            self.check(look)
        if self.problems:
            raise ThemeError(clean_line(self.stem, 60), tuple(self.problems))
        return look

    # ---- single fields

    def base(self) -> Look:
        """The theme that this one extends, or an empty one."""
        name = self.word("extends", "")
        if not name or self.parent is None:
            return Look("")
        try:
            return self.parent(name)
        except KeyError:
            likely = nearest(name, self.known)
            self.wrong(("extends",), tr("is not a theme"), _meant(likely) if likely else listing(self.known))
        except ThemeError as error:
            first = error.problems[0]
            if first.path == "extends" and first.message in (
                tr(CIRCLE),
                tr(IN_TURN),
            ):  # a circle: said once, where it is closed
                self.wrong(("extends",), tr(IN_TURN), first.advice)
            else:
                self.wrong(
                    ("extends",),
                    tr("cannot be used: {why}").format(why=clean_line(str(first), 200)),
                    tr("put that right first"),
                )
        return Look("")

    def name(self) -> str:
        given = self.word("name", self.stem)
        if given != self.stem:
            self.wrong(
                ("name",),
                tr("is not what the file is called"),
                tr("write {name}, or call the file {given}.yaml").format(name=self.stem, given=given),
            )
        return self.stem

    def word(self, key: str, usual: str) -> str:
        value = self.document.data.get(key)
        if value is None:
            return usual
        if value is EMPTY:
            self.wrong((key,), tr("is empty"), tr("write what belongs there, or take the line out"))
            return usual
        if not isinstance(value, str):
            self.wrong((key,), tr("is not a word"), tr("write one behind the colon"))
            return usual
        return value.strip()

    def yes_no(self, key: str, usual: bool) -> bool:
        word = self.word(key, "yes" if usual else "no").lower()
        if word not in ("yes", "no", "true", "false"):
            self.wrong((key,), tr("is neither yes nor no"), tr("write yes or no"))
        return word in ("yes", "true")

    def one_of(self, key: str, words: tuple[str, ...]) -> str:
        word = self.word(key, "").lower()
        if word and word not in words:
            self.wrong(
                (key,), tr("is not one of those there are"), tr("write one of {words}").format(words=", ".join(words))
            )
            return ""
        return word

    def ratio(self, usual: float) -> float:
        word = self.word("contrast", "")
        if not word:
            return usual
        try:
            ratio = float(word)
        except ValueError:
            ratio = 0.0
        if not 4.5 <= ratio <= 12:
            self.wrong(
                ("contrast",), tr("is not a contrast that all text can have"), tr("write a number from 4.5 to 12")
            )
            return usual
        return ratio

    def colours(self, key: str, known: tuple[str, ...]) -> dict[str, str]:
        """A group of colours by name; those that cannot be used are named and left out."""
        group = self.document.data.get(key)
        if group is None or group is EMPTY:
            return {}
        if not isinstance(group, Mapping):
            self.wrong((key,), tr("is not a group of lines"), tr("write the lines below it, indented"))
            return {}
        found: dict[str, str] = {}
        for name, value in group.items():
            path = (key, name)
            if name not in known:
                self.unknown(
                    path,
                    tr("is not a colour of a theme") if key == "colours" else tr("is not a role of a theme"),
                    known,
                )
            elif (colour := self.colour(path, value)) is not None:
                found[name] = colour
        return found

    def colour(self, path: Steps, value: Any) -> str | None:
        if not isinstance(value, str) or value is EMPTY:
            # A colour that begins with # and has no quotes is a comment to YAML.
            self.wrong(path, tr("is empty"), tr('write a colour in quotes, as in "#ff4040"'))
            return None
        try:
            color = Color.parse(value.strip())
        except ColorParseError as error:
            likely = getattr(error, "suggested_color", None)
            advice = _meant(likely) if likely else tr('write one as "#rrggbb", or its name on the web')
            self.wrong(path, tr("is no colour"), advice)
            return None
        if color.ansi is not None or value.strip().startswith(("auto", "ansi_")):
            self.wrong(
                path, tr("is a colour of the terminal"), tr("write a fixed one, or depth: ansi and no colours at all")
            )
            return None
        if color.a < 1:
            self.wrong(
                path,
                tr("is transparent"),
                tr('write what it looks like, as in "{colour}"').format(colour=color.hex6.lower()),
            )
            return None
        return color.hex6.lower()

    # ---- what belongs together

    def check(self, look: Look) -> None:
        """Whether all text can be read."""
        variables = variables_of(textual_theme(look))
        grounds = {name: color for name in GROUNDS if (color := parsed(variables.get(name))) is not None}
        ends = (Color(255, 255, 255), Color(0, 0, 0))
        best = max(min(contrast(end, ground) for ground in grounds.values()) for end in ends)
        if best < max(_SPACIOUS, look.contrast):
            stands = ", ".join(f"{name} {color.hex.lower()}" for name, color in grounds.items())
            said = next((name for name in ("panel", "surface", "background") if name in look.colours), "background")
            what = tr("leaves no text that can be read on every ground ({grounds}): {ratio} at most")
            what = what.format(grounds=stands, ratio=_ratio(best))
            self.wrong(("colours", said), what, tr("let background, surface and panel be all dark, or all light"))
            return
        named = [(("colours", "foreground"), look.colours.get("foreground", ""), look.contrast)]
        named += [
            (("roles", role), colour, DRAWN if is_drawing(role) else look.contrast)
            for role, colour in look.roles.items()
            if role not in (SELECTION, *REVERSED, "tab")  # text on these is made to fit them
        ]
        for path, written, least in named:
            color = parsed(written)
            if color is None:
                continue
            worst = min(grounds, key=lambda name: contrast(color, grounds[name]))
            reached = contrast(color, grounds[worst])
            if reached < least:
                better = readable(color, grounds.values(), least).hex.lower()
                what = tr("has a contrast of {ratio} to {ground} {colour}").format(
                    ratio=_ratio(reached), ground=worst, colour=grounds[worst].hex.lower()
                )
                needs = tr('text needs {least:g}:1; "{colour}" would do')
                if least == DRAWN:
                    needs = tr('a rule needs {least:g}:1; "{colour}" would do')
                self.wrong(path, what, needs.format(least=figure(least), colour=better))

    # ---- problems

    def wrong(self, path: Steps, what: str, advice: str) -> None:
        marks = self.document.values if path in self.document.values else self.document.keys
        value: Any = self.document.data
        for step in path:
            value = value.get(step) if isinstance(value, Mapping) else None
        self.add(marks.get(path), path, "" if value is None or value is EMPTY else shown(value), what, advice)

    def unknown(self, path: Steps, what: str, known: tuple[str, ...]) -> None:
        likely = nearest(str(path[-1]), known)
        if path == ("colors",):
            likely = "colours"
        advice = _meant(likely) if likely else tr("there is {names}").format(names=", ".join(known))
        self.add(self.document.keys.get(path), path, "", what, advice)

    def add(self, at: tuple[int, int] | None, path: Steps, value: str, what: str, advice: str) -> None:
        line, column = (None, None) if at is None else (at[0] + 1, at[1] + 1)
        self.problems.append(Problem(self.file, line, column, path_text(path), value, what, advice))


def _meant(likely: str) -> str:
    return tr("did you mean {name}?").format(name=likely)


def _ratio(ratio: float) -> str:
    # Rounded down: what fails must not look as if it held.
    return f"{figure(int(ratio * 10) / 10):.1f}:1"
