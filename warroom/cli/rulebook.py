"""`warroom rulebook`: the rules as files. Begin, check, publish; what is in force, since when, and what changed."""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from warroom.cli.lazy import Entry
from warroom.cli.output import emit, say, tell, width
from warroom.cli.params import KEY, find_key
from warroom.cli.rooms import acting, looking
from warroom.cli.settings import RoomGroup, Settings, command
from warroom.domain.core import Refused
from warroom.words import tr, trn

if TYPE_CHECKING:
    from warroom.rulebook.convert import Loaded
    from warroom.rulebook.findings import Finding, Place

    Found = tuple[tuple[Place, Finding], ...]

DIRECTORY_VARIABLE = "WARROOM_RULEBOOK"
"""The environment variable that names the directory of this team's rulebook."""

_FILES, _ROOM = "Files", "In the room"
_OWN = "warroom.cli.rulebook"

rulebook = RoomGroup(
    "rulebook",
    entries={
        "init": Entry(f"{_OWN}:init", "Write the default rulebook into a directory, to begin with.", _FILES),
        "check": Entry(f"{_OWN}:check", "What is wrong or doubtful about a rulebook.", _FILES),
        "schema": Entry(f"{_OWN}:schema", "The JSON Schema of its files, for editors.", _FILES),
        "publish": Entry(f"{_OWN}:publish", "Put a directory's rules in force.", _ROOM),
        "show": Entry(f"{_OWN}:show", "The rules in force, a revision, or a directory.", _ROOM),
        "diff": Entry(f"{_OWN}:diff", "What is different between two of them.", _ROOM),
        "move": Entry(f"{_OWN}:move", "Let a running incident go on under other rules.", _ROOM),
        "log": Entry(f"{_OWN}:log", "Which rules were in force since when, and by whom.", _ROOM),
    },
    help="The rules as files: begin, check, publish, and see what is in force.",
)

_DIRECTORY = click.Path(path_type=Path)


def directory_from_environment() -> Path | None:
    """The directory that $WARROOM_RULEBOOK names; None where it names none."""
    given = os.environ.get(DIRECTORY_VARIABLE, "").strip()
    return Path(given).expanduser() if given else None


@command("schema")
def schema(settings: Settings) -> None:
    """Print the JSON Schema of a rulebook's files.

    Editors with a YAML language server use it when a file begins with "# yaml-language-server: $schema=PATH".
    """
    from warroom.rulebook.start import schema_text

    click.echo(schema_text().rstrip().encode())


@command("init")
@click.argument("directory", metavar="DIR", type=_DIRECTORY)
def init(settings: Settings, directory: Path) -> None:
    """Write the default rulebook into DIR, commented, with its schema beside it. Nothing is ever overwritten."""
    from warroom.rulebook.start import begin

    written = begin(directory)
    for path in written:
        if settings.json:
            from warroom.cli.shapes.rulebook import Written

            emit(Written(file=str(path)))
        else:
            say(str(path))
    tell(
        settings,
        tr("edit these, then: warroom rulebook check {directory} and warroom rulebook publish {directory}").format(
            directory=directory
        ),
    )


@command("check")
@click.argument("directory", metavar="[DIR]", type=_DIRECTORY, required=False)
@click.option("--days", type=click.IntRange(0, 366), default=30, show_default=True, help="How far to look for gaps.")
def check(settings: Settings, directory: Path | None, days: int) -> int:
    """Say what is wrong or doubtful about the rulebook in DIR, each with its place and a remedy.

    Without DIR it is the one that $WARROOM_RULEBOOK names, else the rules in force in the room. Exit code 1 when
    something is wrong that keeps it from being put in force.
    """
    from warroom.cli import rulebook_words as words
    from warroom.rulebook.check import check_at, grave
    from warroom.rulebook.problems import RulebookError

    directory = directory or directory_from_environment()
    try:
        rules = _rules_in_force(settings) if directory is None else _load(directory)
    except RulebookError as error:
        if not settings.json:
            raise
        for problem in error.problems:
            emit(words.problem_shape(problem))
        return 1
    found = check_at(rules.book, rules.locate, _now(settings), timedelta(days=days))
    words.tell_findings(settings, found)
    tell(settings, words.summary(found))
    return 1 if grave(tuple(finding for _, finding in found)) else 0


@command("publish")
@click.argument("directory", metavar="DIR", type=_DIRECTORY)
@click.option("--anyway", is_flag=True, help="Also when check finds an error in it.")
def publish(settings: Settings, directory: Path, anyway: bool) -> None:
    """Check the rulebook in DIR and put it in force for incidents that begin from now on.

    Running incidents finish on the rules that they began with.
    """
    from warroom.cli import rulebook_words as words
    from warroom.rulebook.check import check_at, grave
    from warroom.rulebook.diff import differences
    from warroom.service import revisions

    rules = _load(directory)
    found = check_at(rules.book, rules.locate, _now(settings))
    errors = len(grave(tuple(finding for _, finding in found)))
    if not settings.json or (errors and not anyway):
        words.tell_findings(settings, found)
    if errors and not anyway:
        raise Refused(
            trn(
                "not published: check finds one error; put that right, or publish it --anyway",
                "not published: check finds {count} errors; put that right, or publish it --anyway",
                errors,
            ).format(count=errors)
        )
    with acting(settings, create=True, seed=lambda: rules) as session:
        before = revisions.find(session, revisions.IN_FORCE)
        session.publish(rules)
        keep = {name: count for name, count in revisions.running(session).items() if name != rules.revision}
        fresh = len(revisions.history(session)) == 1
    changes = differences(before, rules)
    if settings.json:
        emit(words.published_shape(rules.revision, before.revision, changes, keep, found))
        return
    if before.revision == rules.revision:
        said = (
            tr("revision {revision} is in force")
            if fresh
            else tr("revision {revision} is in force already: nothing changed")
        )
        say(said.format(revision=rules.revision))
    else:
        say(
            tr("revision {revision} is in force instead of {before}").format(
                revision=rules.revision, before=before.revision
            )
        )
        for line in words.change_lines(changes):
            say(line)
    if keep:
        tell(settings, words.keep_words(keep))


@command("show")
@click.argument("which", metavar="[REVISION|DIR]", required=False)
def show(settings: Settings, which: str | None) -> None:
    """Show the rules in force, of a revision, or of a directory: since when, by whom, and the policies in words."""
    from warroom.cli import rulebook_words as words
    from warroom.service import revisions

    past: tuple[revisions.Published, ...] = ()
    keep: dict[str, int] = {}
    if which is not None and _is_directory(which):
        rules = _load(Path(which))
    else:
        with looking(settings) as session:
            rules = revisions.find(session, revisions.IN_FORCE if which is None else which)
            past, keep = revisions.history(session), revisions.running(session)
    latest = next((each for each in reversed(past) if each.revision == rules.revision), None)
    if settings.json:
        emit(words.rules_shape(rules, latest, keep.get(rules.revision, 0)))
        return
    for line in words.describe(rules, latest, keep.get(rules.revision, 0), width()):
        say(line)


@command("diff")
@click.argument("old", metavar="A")
@click.argument("new", metavar="[B]", required=False)
def diff(settings: Settings, old: str, new: str | None) -> int:
    """Say what B has otherwise than A. Each is a directory, a revision, or the word inforce.

    With one of them alone it is compared with what is in force. Exit code 0, whether or not there is a difference.
    """
    from warroom.cli import rulebook_words as words
    from warroom.rulebook.diff import differences
    from warroom.service import revisions

    pair = (old, new) if new is not None else (revisions.IN_FORCE, old)
    before, after = (_find(settings, name) for name in pair)
    changes = differences(before, after)
    if settings.json:
        for change in changes:
            emit(words.change_shape(change))
        return 0
    for line in words.change_lines(changes):
        say(line)
    if not changes:
        tell(
            settings,
            tr("no difference: both are revision {revision}").format(revision=after.revision)
            if before == after
            else tr("no difference"),
        )
    return 0


@command("move")
@click.argument("key", type=KEY)
@click.argument("revision", required=False)
@click.option("--yes", is_flag=True, help="Do not ask.")
def move(settings: Settings, key: str, revision: str | None, yes: bool) -> None:
    """Let the running incident KEY go on under other rules: a revision, else those in force.

    Says first what changes for it, and asks. The move pages nobody by itself: the levels' new timers are counted from
    the last page.
    """
    from warroom.cli.perform import tell_outcome
    from warroom.domain.moving import MoveToRules, rules_difference
    from warroom.service import revisions

    with looking(settings) as session:
        found = find_key(session, key)
        room, new = session.room(found), revisions.find(session, revision or revisions.IN_FORCE)
        lines = rules_difference(room, session.revision(room.incident.revision), new.book)
    if room.incident.revision != new.revision and not yes:
        if settings.json or not _answers():
            raise click.UsageError(tr("nobody can be asked here: look with warroom rulebook diff, and say --yes"))
        for line in lines or (tr("nothing changes for it"),):
            click.echo(f"  {line}", err=True)
        question = tr("move {key} from revision {before} to {after}?").format(
            key=found, before=room.incident.revision, after=new.revision
        )
        if not click.confirm(question, default=False, err=True):
            raise Refused(tr("{key} stays on revision {revision}").format(key=found, revision=room.incident.revision))
    with acting(settings) as session:
        outcome = session.execute(MoveToRules(new.revision), found)
        tell_outcome(settings, session, outcome)


@command("log")
def log(settings: Settings) -> None:
    """List which revisions were in force since when, by whom, and how many incidents run on each; oldest first."""
    from warroom.cli import rulebook_words as words
    from warroom.service import revisions

    with looking(settings) as session:
        now, past, keep = session.clock(), revisions.history(session), revisions.running(session)
    if settings.json:
        for each in past:
            emit(words.revision_shape(each, keep.get(each.revision, 0)))
        return
    for line in words.log_lines(past, keep, now, width()):
        say(line)


def _load(directory: Path) -> Loaded:
    from warroom.rulebook.load import load_rulebook

    return load_rulebook(directory.expanduser())


def _rules_in_force(settings: Settings) -> Loaded:
    from warroom.service import revisions

    with looking(settings) as session:
        return revisions.find(session, revisions.IN_FORCE)


def _find(settings: Settings, name: str) -> Loaded:
    from warroom.service import revisions

    if _is_directory(name):
        return _load(Path(name))
    with looking(settings) as session:
        return revisions.find(session, name)


def _answers() -> bool:
    """Whether somebody sits at a terminal and can answer a question."""
    return sys.stdin is not None and sys.stdin.isatty()


def _is_directory(name: str) -> bool:
    """Whether a word on the command line means files and no revision."""
    return bool(name.strip()) and (os.sep in name or name.startswith("~") or Path(name).exists())


def _now(settings: Settings) -> datetime:
    from warroom.clock import REAL

    return (settings.clock or REAL)()
