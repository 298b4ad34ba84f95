"""The command `warroom`: its commands, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

import click

from warroom import __version__
from warroom.cli.lazy import Entry, LazyGroup
from warroom.cli.settings import global_options, settings_of
from warroom.words import plain

_LOOK, _ACT, _PAGE, _ROLE, _RUN = "Look", "Incidents", "Escalation", "Roles and words", "Run"
_DUTY, _RECORD = "On-call duty", "Record"

COMMANDS = {
    "board": Entry("warroom.cli.run:board", "The full screen (this is what warroom alone does).", _RUN),
    "wall": Entry("warroom.cli.wall:wall", "A wallboard: large figures, only for looking.", _RUN),
    "demo": Entry("warroom.cli.run:demo", "A room of its own in which things happen.", _RUN),
    "rules": Entry("warroom.cli.rules:rules", "What follows by itself: list, try on what happened.", _RUN),
    "engine": Entry("warroom.cli.run:engine", "Keep the timers going without a screen.", _RUN),
    "import": Entry("warroom.cli.importing:import_", "Watch a provider's published incident history.", _RUN),
    "rulebook": Entry("warroom.cli.rulebook:rulebook", "The rules as files: check, publish, compare.", _RUN),
    "outbox": Entry("warroom.cli.outbox:outbox", "Messages on their way out; retry one, test a way.", _RUN),
    "themes": Entry("warroom.cli.themes:themes", "How the board looks; your own themes.", _RUN),
    "doctor": Entry("warroom.cli.doctor:doctor", "Check the record and everything made from it.", _RUN),
    "debug": Entry("warroom.cli.debug:debug", "Versions, terminal, settings, database: for a report.", _RUN),
    "config": Entry("warroom.cli.config:config", "Your own settings: show, check, begin a file.", _RUN),
    "completion": Entry("warroom.cli.completion:completion", "Let the shell complete commands and keys.", _RUN),
    "man": Entry("warroom.cli.man:man", "The manual page.", _RUN),
    "keys": Entry("warroom.cli.keys:keys", "The keys of the full screen, yours included.", _LOOK),
    "list": Entry("warroom.cli.look:list_", "What is burning, and what is due when.", _LOOK),
    "show": Entry("warroom.cli.look:show", "Everything about one incident.", _LOOK),
    "log": Entry("warroom.cli.look:log", "The record of one incident.", _LOOK),
    "topic": Entry("warroom.cli.links:topic", "The line for the topic of its chat room.", _LOOK),
    "gaps": Entry("warroom.cli.look:gaps", "How long nobody was told anything.", _LOOK),
    "timeline": Entry("warroom.cli.timeline:timeline", "Who was told what when, and the gaps between, drawn.", _LOOK),
    "forecast": Entry("warroom.cli.forecast:forecast", "Who is paged when if nobody does anything.", _LOOK),
    "why": Entry("warroom.cli.forecast:why", "Why somebody was paged, or was not.", _LOOK),
    "oncall": Entry("warroom.cli.oncall:oncall", "Who is on call, until when, and why.", _LOOK),
    "override": Entry("warroom.cli.desk:override", "Put somebody on call in place of others.", _DUTY),
    "absent": Entry("warroom.cli.desk:absent", "Say that you, or somebody, is not there.", _DUTY),
    "swap": Entry("warroom.cli.desk:swap", "Ask for a shift to be taken over, or take one.", _DUTY),
    "desk": Entry("warroom.cli.desk:desk", "Overrides, absences and swaps; who changed them.", _DUTY),
    "declare": Entry("warroom.cli.declaring:declare", "There is an incident; one line is enough.", _ACT),
    "status": Entry("warroom.cli.incidents:status", "Move an incident to a stage.", _ACT),
    "severity": Entry("warroom.cli.incidents:severity", "Re-assess how bad it is.", _ACT),
    "assess": Entry("warroom.cli.incidents:assess", "How bad it is: questions, table, what changes.", _ACT),
    "amend": Entry("warroom.cli.amending:amend", "Correct what is known of it, its times too.", _ACT),
    "cases": Entry("warroom.cli.incidents:cases", "Count the cases that support has.", _ACT),
    "undo": Entry("warroom.cli.undoing:undo", "Take back the last thing you did on an incident.", _ACT),
    "link": Entry("warroom.cli.links:link", "Chat, call, tickets; incidents that belong to it.", _ACT),
    "unlink": Entry("warroom.cli.links:unlink", "Take a link away.", _ACT),
    "split": Entry("warroom.cli.declaring:split", "Split work off: an incident that is part of it.", _ACT),
    "resolve": Entry("warroom.cli.incidents:resolve", "The impact is over.", _ACT),
    "close": Entry("warroom.cli.incidents:close", "The review is done or waived.", _ACT),
    "reopen": Entry("warroom.cli.incidents:reopen", "It is not over after all.", _ACT),
    "merge": Entry("warroom.cli.paging:merge", "Close an incident as a duplicate.", _ACT),
    "ack": Entry("warroom.cli.paging:ack", "You have seen the page and are on it.", _PAGE),
    "escalate": Entry("warroom.cli.paging:escalate", "Bring in the next level, or a person.", _PAGE),
    "snooze": Entry("warroom.cli.paging:snooze", "Let the escalation rest for a while.", _PAGE),
    "wake": Entry("warroom.cli.paging:wake", "End a snooze now.", _PAGE),
    "takeover": Entry("warroom.cli.paging:takeover", "Take it over from who acknowledged.", _PAGE),
    "unack": Entry("warroom.cli.paging:unack", "Take an acknowledgement back.", _PAGE),
    "decline": Entry("warroom.cli.people:decline", "Not me: decline a page, or a role.", _PAGE),
    "repage": Entry("warroom.cli.paging:repage", "Page the current level again now.", _PAGE),
    "calloff": Entry("warroom.cli.paging:calloff", "Stop the escalation, not the incident.", _PAGE),
    "resume": Entry("warroom.cli.paging:resume", "Begin again what was called off.", _PAGE),
    "confirm": Entry("warroom.cli.paging:confirm", "Yes to a level that waits for your word.", _PAGE),
    "refuse": Entry("warroom.cli.paging:refuse", "No to a level that waits for your word.", _PAGE),
    "role": Entry("warroom.cli.people:role", "Put a person into a role, or take it yourself.", _ROLE),
    "offer": Entry("warroom.cli.people:offer", "Offer a role to somebody, with a note.", _ROLE),
    "accept": Entry("warroom.cli.people:accept", "Take a role that was offered to you.", _ROLE),
    "leave": Entry("warroom.cli.people:leave", "Leave the room, or step back from a role.", _ROLE),
    "handover": Entry("warroom.cli.room_people:handover", "Hand your role over, with a card.", _ROLE),
    "card": Entry("warroom.cli.room_people:card", "How things stand, for whoever takes over.", _LOOK),
    "readback": Entry("warroom.cli.room_people:readback", "Say what you have understood of an offer.", _ROLE),
    "duty": Entry("warroom.cli.people:duty", "The duties of a role; tick one off.", _ROLE),
    "people": Entry("warroom.cli.room_people:people", "Who is in the room, and who is tired.", _LOOK),
    "join": Entry("warroom.cli.room_people:join", "Come into the room.", _ROLE),
    "awake": Entry("warroom.cli.room_people:awake", "Say since when you have been awake.", _ROLE),
    "clocks": Entry("warroom.cli.clocks:clocks", "When the next word is due on each channel.", _LOOK),
    "punctuality": Entry("warroom.cli.clocks:punctuality", "How punctual updates were; the budget left.", _LOOK),
    "skip": Entry("warroom.cli.clocks:skip", "Skip an update, with a reason.", _ROLE),
    "update": Entry("warroom.cli.updating:update", "Tell people what is going on.", _ROLE),
    "drafts": Entry("warroom.cli.reviewing:drafts", "Updates that are not out yet.", _ROLE),
    "review": Entry("warroom.cli.reviewing:review", "Approve, comment, send or withdraw one.", _ROLE),
    "note": Entry("warroom.cli.record:note", "Write something into the record.", _RECORD),
    "theory": Entry("warroom.cli.record:theory", "What may be the cause; confirm or refute it.", _RECORD),
    "experiment": Entry("warroom.cli.record:experiment", "How a theory is put to the test.", _RECORD),
    "result": Entry("warroom.cli.record:result", "What an experiment showed.", _RECORD),
    "decide": Entry("warroom.cli.record:decide", "A decision, or one to be taken.", _RECORD),
    "change": Entry("warroom.cli.record:change", "What was changed, why, how to undo it.", _RECORD),
    "task": Entry("warroom.cli.record:task", "What has to be done: add, take, finish.", _RECORD),
    "evidence": Entry("warroom.cli.record:evidence", "Where something can be seen.", _RECORD),
    "work": Entry("warroom.cli.work:work", "Theories, tasks, decisions, changes.", _LOOK),
    "export": Entry("warroom.cli.export:export", "A view as Markdown, CSV, JSON or a picture.", _LOOK),
    "catchup": Entry("warroom.cli.work:catchup", "Catch me up: the state in one screen.", _LOOK),
}
"""Every command by name, in the order of the help."""


class Warroom(LazyGroup):
    """The root of the command line."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run and exit. Nothing that goes wrong leaves here as a traceback."""
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        given = list(sys.argv[1:] if args is None else args)
        with plain() if "--json" in given else nullcontext():  # what programs read is the same in all languages
            self._run(given, prog_name, complete_var, extra)
        return None

    def _run(self, given: list[str], prog_name: str | None, complete_var: str | None, extra: dict[str, Any]) -> None:
        try:
            _never_fail_to_print()
            if os.environ.get("_WARROOM_COMPLETE", "").endswith("_complete"):
                _complete_at_once(self)
            result = super().main(given, prog_name or "warroom", complete_var, standalone_mode=False, **extra)
            if sys.stdout is not None:
                sys.stdout.flush()
        except SystemExit:
            raise
        except BaseException as error:
            if os.environ.get("_WARROOM_COMPLETE"):
                sys.exit(1)  # somebody pressed tab: nothing is offered, and nothing is said into the line being typed
            from warroom.cli.errors import report

            sys.exit(report(error, as_json="--json" in given))
        sys.exit(result if isinstance(result, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what click would turn into other exceptions is named here."""
        from warroom.cli.quiet import BROKEN_PIPE, INTERRUPTED, Quiet

        try:
            result = super().invoke(ctx)
            if sys.stdout is not None:
                sys.stdout.flush()
            return result
        except BrokenPipeError:
            raise Quiet(BROKEN_PIPE) from None
        except KeyboardInterrupt:
            raise Quiet(INTERRUPTED) from None


def _complete_at_once(group: click.Group) -> None:
    """Offer incidents where one is to be named, and exit; click does the rest of what a shell asks for."""
    from click.shell_completion import get_completion_class

    from warroom.cli.completing import at_once

    shell = os.environ["_WARROOM_COMPLETE"].removesuffix("_complete")
    kind = get_completion_class(shell)
    if kind is None:
        return
    asked = kind(group, {}, "warroom", "_WARROOM_COMPLETE")
    words, incomplete = asked.get_completion_args()
    found = at_once(words, incomplete)
    if found is not None:
        click.echo("\n".join(asked.format_completion(item) for item in found).encode())
        sys.exit(0)


def _never_fail_to_print() -> None:
    """A terminal of another encoding gets a question mark for what it does not know, and no error."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


@click.group(
    "warroom",
    cls=Warroom,
    entries=COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    params=global_options(),
    epilog="warroom COMMAND --help tells more of each. A KEY is INC-142, inc-142 or just 142. Times are UTC: 30m from "
    "now, the next 14:30, or 2024-03-13T14:30Z.",
)
@click.version_option(
    __version__, prog_name="warroom", message="%(prog)s %(version)s", help="Show the version and exit."
)
@click.pass_context
def cli(ctx: click.Context) -> int | None:
    """The incident manager's terminal: live incidents, roles, escalation countdowns and the silence on every channel,
    on one shared file. Without a command it opens the board."""
    settings = settings_of(ctx)
    if ctx.invoked_subcommand is not None:
        return None
    from warroom.cli.run import open_board

    return open_board(settings)
