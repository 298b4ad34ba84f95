"""`warroom note`, `theory`, `experiment`, `result`, `decide`, `change`, `task`, `evidence`: what is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from warroom.cli.params import AHEAD, BEFORE, KEY, PERSON, When, find_key, read_text
from warroom.cli.perform import perform
from warroom.cli.rooms import looking
from warroom.cli.settings import Settings, command
from warroom.domain.record_commands import (
    AddEvidence,
    AddExperiment,
    AddNote,
    AddResult,
    AddTask,
    AddTheory,
    AskDecision,
    AssignTask,
    Decide,
    EndTask,
    MakeChange,
    PlanTask,
    SettleTheory,
    UndoChange,
)
from warroom.domain.record_events import NoteKind, TheoryState, Verdict
from warroom.words import mark, tr

if TYPE_CHECKING:
    # Generic for the type checker since click 8.4, a plain class before.
    _NumberType = click.ParamType[int]
else:
    _NumberType = click.ParamType


class _Number(_NumberType):
    """The number of an entry of the record: 12 or #12."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read it."""
        digits = str(value).strip().removeprefix("#")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 10 and int(digits)):
            self.fail(
                tr("{value!r} is no number of the record: write 12 or #12, as warroom work shows it").format(
                    value=value
                ),
                param,
                ctx,
            )
        return int(digits)


NUMBER = _Number()


@command("note")
@click.argument("key", type=KEY)
@click.argument("text", required=False, metavar="[TEXT|-]")
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in NoteKind]),
    default=NoteKind.NOTE.value,
    show_default=True,
    help="What it is.",
)
def note(settings: Settings, key: str, text: str | None, kind: str) -> None:
    """Write something into the record. Without TEXT, or with -, all of standard input is one note.

    Whoever is named with an @ is told: @mina, or @incident-manager for whoever that is.

    \b
    warroom note 142 "roll back everywhere" --kind decision
    dmesg | tail | warroom note 142 -
    """
    said = read_text(text, tr("the text of the note"))
    perform(settings, key, lambda _: AddNote(said, NoteKind(kind)))


@command("theory")
@click.argument("key", type=KEY)
@click.argument("text", required=False, metavar="[TEXT|-]")
@click.option("--confirm", type=NUMBER, metavar="N", help="Theory #N is right; TEXT says what shows it.")
@click.option("--refute", type=NUMBER, metavar="N", help="Theory #N is wrong; TEXT says what shows it.")
@click.option("--reopen", type=NUMBER, metavar="N", help="Theory #N is open again.")
def theory(
    settings: Settings, key: str, text: str | None, confirm: int | None, refute: int | None, reopen: int | None
) -> None:
    """Write down what may be the cause; or say of one that it is right, or wrong.

    \b
    warroom theory 142 "pool exhausted since deploy 8812"
    warroom theory 142 --refute 12 "the pool is half empty"
    """
    settled = [
        (number, to)
        for number, to in (
            (confirm, TheoryState.CONFIRMED),
            (refute, TheoryState.REFUTED),
            (reopen, TheoryState.OPEN),
        )
        if number is not None
    ]
    if len(settled) > 1:
        raise click.UsageError(tr("a theory is confirmed, refuted or opened again: say one of them"))
    if settled:
        number, to = settled[0]
        reason = read_text(text, tr("the reason")) if text is not None else ""
        perform(settings, key, lambda _: SettleTheory(number, to, reason))
    else:
        said = read_text(text, tr("the theory"))
        perform(settings, key, lambda _: AddTheory(said))


@command("experiment")
@click.argument("key", type=KEY)
@click.argument("text", required=False, metavar="[TEXT|-]")
@click.option("--on", "theory", type=NUMBER, metavar="N", help="Theory #N; needed where several are open.")
def experiment(settings: Settings, key: str, text: str | None, theory: int | None) -> None:
    """Write down how a theory is put to the test."""
    said = read_text(text, tr("the experiment"))
    perform(settings, key, lambda _: AddExperiment(said, theory or 0))


@command("result")
@click.argument("key", type=KEY)
@click.argument("text", required=False, metavar="[TEXT|-]")
@click.option("--of", "number", type=NUMBER, metavar="N", help="Experiment #N; needed where several run.")
@click.option("--confirms", is_flag=True, help="It confirms the theory.")
@click.option("--refutes", is_flag=True, help="It refutes the theory.")
@click.option("--open", "leaves_open", is_flag=True, help="It leaves the theory open (the default).")
def result(
    settings: Settings, key: str, text: str | None, number: int | None, confirms: bool, refutes: bool, leaves_open: bool
) -> None:
    """Write down what an experiment showed, and what follows for its theory.

    \b
    warroom result 142 "errors went on after the rollback" --refutes
    """
    if confirms + refutes + leaves_open > 1:
        raise click.UsageError(tr("a result confirms the theory, refutes it or leaves it open: say one of them"))
    verdict = Verdict.CONFIRMS if confirms else Verdict.REFUTES if refutes else Verdict.OPEN
    said = read_text(text, tr("the result"))
    perform(settings, key, lambda _: AddResult(said, number or 0, verdict))


@command("decide")
@click.argument("key", type=KEY)
@click.argument("text", required=False, metavar="[TEXT|-]")
@click.option("--ask", is_flag=True, help="It is still to be decided: TEXT says what.")
@click.option("--by", "whom", type=PERSON, metavar="PERSON", help="With --ask: who decides; default: incident manager.")
@click.option("--due", type=AHEAD, metavar="TIME", help="With --ask: by when: 30m, or 14:30 (UTC).")
@click.option("--on", "asked", type=NUMBER, metavar="N", help="Take the decision #N that was asked for.")
@click.option("--drop", is_flag=True, help="With --on: it is not needed any more; TEXT says why.")
def decide(
    settings: Settings,
    key: str,
    text: str | None,
    ask: bool,
    whom: str | None,
    due: When | None,
    asked: int | None,
    drop: bool,
) -> None:
    """Write down a decision, or ask for one. Who has to take one is told, and reminded when it is overdue.

    \b
    warroom decide 142 "roll back everywhere"
    warroom decide 142 "fail over to eu-north?" --ask --by jonas --due 30m
    warroom decide 142 --on 20 "yes, at 15:00"
    """
    if ask and (asked or drop):
        raise click.UsageError(tr("--ask is for a new decision: leave --on and --drop out"))
    if (whom or due) and not ask:
        raise click.UsageError(tr("--by and --due go with --ask"))
    if drop and not asked:
        raise click.UsageError(tr("--drop needs --on N"))
    said = read_text(text, tr("the decision"))
    if ask:
        by = whom or ""
        perform(settings, key, lambda session: AskDecision(said, by, due.at(session.clock()) if due else None), by)
    elif asked:
        perform(settings, key, lambda _: Decide(asked, said, drop))
    else:
        perform(settings, key, lambda _: AddNote(said, NoteKind.DECISION))


@command("change")
@click.argument("key", type=KEY)
@click.argument("text", required=False, metavar="[TEXT|-]")
@click.option("--why", default="", metavar="TEXT", help="Why it was made.")
@click.option("--undo", default="", metavar="TEXT", help="How to take it back.")
@click.option("--when", "made", type=BEFORE, metavar="TIME", help="When it was made, if not now: 10m ago is 10m.")
@click.option("--undone", type=NUMBER, metavar="N", help="Change #N was taken back; TEXT may say how.")
def change(
    settings: Settings, key: str, text: str | None, why: str, undo: str, made: When | None, undone: int | None
) -> None:
    """Write down what was changed in the world, why, and how to undo it.

    \b
    warroom change 142 "rolled back 8812" --why "errors" --undo "deploy 8812"
    warroom change 142 --undone 31
    """
    if undone is not None:
        if why or undo or made:
            raise click.UsageError(tr("--undone names a change of the record: leave --why, --undo and --when out"))
        note_ = text or ""
        perform(settings, key, lambda _: UndoChange(undone, note_))
        return
    said = read_text(text, tr("the change"))
    perform(settings, key, lambda session: MakeChange(said, why, undo, made.at(session.clock()) if made else None))


@command("evidence")
@click.argument("key", type=KEY)
@click.argument("where", metavar="URL|PATH")
@click.argument("text", required=False, default="")
@click.option("--on", "theory", type=NUMBER, metavar="N", help="It speaks of theory #N.")
def evidence(settings: Settings, key: str, where: str, text: str, theory: int | None) -> None:
    """Write down where something can be seen: an http(s) address or a path. It is kept as text and never opened."""
    perform(settings, key, lambda _: AddEvidence(where, text, theory or 0))


# Tasks ---------------------------------------------------------------------------------------------------------------

_ACTS = ("list", "add", "take", "assign", "done", "drop", "due")


@command("task")
@click.argument("key", type=KEY)
@click.argument("act", type=click.Choice(_ACTS), default="list")
@click.argument("rest", nargs=-1, metavar="[N|TEXT]...")
@click.option("--owner", type=PERSON, metavar="PERSON", help="add: whose it is; default: whoever takes it.")
@click.option("--due", type=AHEAD, metavar="TIME", help="add, due: by when: 30m, or 14:30 (UTC).")
@click.option("--stream", default="", metavar="NAME", help="add, list: the workstream.")
@click.option("--reason", default="", metavar="TEXT", help="drop: why it is not needed.")
def task(
    settings: Settings,
    key: str,
    act: str,
    rest: tuple[str, ...],
    owner: str | None,
    due: When | None,
    stream: str,
    reason: str,
) -> None:
    """What has to be done, by whom and by when. Its owner is reminded when it falls due, then the incident manager.

    \b
    warroom task 142 add "slow log of db-3" --owner li --due 30m --stream database
    warroom task 142 take 18   (assign 18 li; done 18; drop 18 --reason WHY)
    warroom task 142 due 18 --due 15:00      (without --due: no time)
    warroom task 142 list
    """
    if act == "list":
        from warroom.cli.work import print_tasks

        _take(rest, 0, 0, mark("list takes nothing behind it"))
        with looking(settings) as session:
            detail, now = session.detail(find_key(session, key), record=0), session.clock()
        print_tasks(settings, detail, now, stream)
        return
    if act == "add":
        said = read_text(" ".join(rest) if rest else None, tr("the task"))
        perform(
            settings,
            key,
            lambda session: AddTask(said, owner or "", due.at(session.clock()) if due else None, stream),
            owner or "",
        )
        return
    most = {"assign": 2, "done": 100, "drop": 100}.get(act, 1)
    given = _take(rest, 2 if act == "assign" else 1, most, _USAGE[act])
    number = NUMBER.convert(given[0], None, None)
    words = " ".join(given[1:])
    match act:
        case "take":
            perform(settings, key, lambda session: AssignTask(number, session.actor))
        case "assign":
            to = "" if words == "-" else PERSON.convert(words, None, None)
            perform(settings, key, lambda _: AssignTask(number, to), to)
        case "done":
            perform(settings, key, lambda _: EndTask(number, words))
        case "drop":
            perform(settings, key, lambda _: EndTask(number, reason or words, dropped=True))
        case _:
            perform(settings, key, lambda session: PlanTask(number, due.at(session.clock()) if due else None))


_USAGE = {
    "take": mark("name the task: take 18"),
    "assign": mark("name the task and the person: assign 18 li (- for nobody)"),
    "done": mark("name the task: done 18"),
    "drop": mark("name the task: drop 18 --reason WHY"),
    "due": mark("name the task, and the time with --due: due 18 --due 30m"),
}


def _take(rest: tuple[str, ...], least: int, most: int, usage: str) -> tuple[str, ...]:
    if not least <= len(rest) <= most:
        raise click.UsageError(tr(usage))
    return rest
