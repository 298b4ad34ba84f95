"""One of every screen and form, on values whose texts were turned into something else first."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from textual.pilot import Pilot
from textual.screen import Screen

import warroom.tui
from tests.support.hostile import Turn, turned
from tests.support.lived import SUNDAY
from tests.tui import fixtures as f
from tests.tui import test_catchup, test_clocks, test_people, test_role_forms, test_rulebook, test_work
from tests.tui.driving import settle
from tests.tui.duty import VIEW as DUTY
from tests.tui.harness import BoardApp
from tests.tui.known import ASSESSMENT, FACTS, LINKS, WORDS
from warroom.service.drafting import composing
from warroom.service.session import Session
from warroom.tui import dialogs, oncall_grid
from warroom.tui.actions.why import Situation
from warroom.tui.board import BoardScreen
from warroom.tui.composer import ComposerScreen
from warroom.tui.composer_parts import Written
from warroom.tui.composer_preview import PreviewScreen
from warroom.tui.debug.facts import Facts
from warroom.tui.debug.screen import DebugScreen
from warroom.tui.export.dialog import ExportDialog
from warroom.tui.oncall import OnCallScreen
from warroom.tui.outside.copying import CopyScreen
from warroom.tui.room import RoomScreen
from warroom.tui.rulebook import RulebookScreen
from warroom.tui.themes.picker import ThemePicker
from warroom.tui.timeline.told import Told
from warroom.tui.timeline_screen import TimelineScreen
from warroom.tui.wall.frame import Turn as WallTurn
from warroom.tui.wall.frame import picture
from warroom.tui.wall.parts import Standing
from warroom.tui.wall.screen import WallScreen
from warroom.tui.widgets.ahead import AheadScreen
from warroom.tui.widgets.catchup import CatchUpScreen
from warroom.tui.widgets.clocks import ClocksScreen, PunctualityScreen, SkipDialog
from warroom.tui.widgets.columns import ColumnsDialog
from warroom.tui.widgets.confirm import Confirm
from warroom.tui.widgets.finder import FinderScreen
from warroom.tui.widgets.form_note import Knows, LineDialog, NoteDialog, TimeDialog
from warroom.tui.widgets.form_review import CorrectDialog, ReviewDialog
from warroom.tui.widgets.help import HelpGroup, HelpLine
from warroom.tui.widgets.info import EngineScreen, HelpScreen
from warroom.tui.widgets.oncall_info import DeskScreen, ShiftScreen
from warroom.tui.widgets.past import GoToDialog
from warroom.tui.widgets.people import PeopleScreen
from warroom.tui.widgets.person import PersonScreen
from warroom.tui.widgets.record_entry import EntryScreen
from warroom.tui.widgets.timeline import DotScreen
from warroom.tui.widgets.work import WorkScreen
from warroom.views import DraftLine, ProposalLine, SaidLine
from warroom.views.wall import InsightView, Silence, WallView

SPAN = oncall_grid.shift_at(next(each for each in DUTY.schedules if each.name == "payments"), f.NOW)


def nothing(*_: object) -> None:
    """Whatever a screen wants done is not."""


def at() -> Any:
    """The time in the invented rooms."""
    return f.NOW


class Source:
    """What the composer asks about an incident, its texts turned."""

    def __init__(self, source: Any, turn: Turn) -> None:
        self._source, self._turn = source, turn
        self.view = turned(source.view, turn)
        self._back = {turn(each.name): each.name for each in source.view.channels}

    def __getattr__(self, name: str) -> Any:
        whole = getattr(self._source, name)

        def call(*arguments: Any, **named: Any) -> Any:
            given = [self._known(each) for each in arguments]
            return turned(whole(*given, **{key: self._known(each) for key, each in named.items()}), self._turn)

        return call if callable(whole) else whole

    def _known(self, value: Any) -> Any:
        """A channel by the name that the room has for it."""
        if isinstance(value, str):
            return self._back.get(value, value)
        return [self._known(each) for each in value] if isinstance(value, list | tuple) else value


@dataclass
class Gallery:
    """Screens on turned values. `session` is one on the room that `tests.support.lived` makes."""

    turn: Turn
    session: Session

    def t(self, value: Any) -> Any:
        """The value with its texts turned."""
        return turned(value, self.turn)

    @cached_property
    def detail(self) -> Any:
        detail = replace(f.cards_detail(), facts_of=FACTS, links=LINKS, topic="topic of it https://chat.example/x")
        return self.t(detail)

    @cached_property
    def line(self) -> Any:
        return self.detail.line

    @cached_property
    def people(self) -> Any:
        return self.t(f.PEOPLE)

    @cached_property
    def view(self) -> Any:
        view = replace(f.full_view(), damaged=("INC-9",), unsent=("sms to li waits",))
        return replace(self.t(view), selected=self.detail)

    @cached_property
    def duty(self) -> Any:
        return self.t(DUTY)

    def make(self, kind: type[Screen[Any]]) -> Screen[Any]:
        """A new screen of this kind."""
        return MAKERS[kind](self)

    def composer(self) -> Screen[Any]:
        source = Source(composing(self.session, "INC-1"), self.turn)
        return ComposerScreen(source, Office(self.turn), self.turn("mina"), lambda: SUNDAY, drafts=self.t((DRAFT,)))

    def preview(self) -> Screen[Any]:
        source: Any = Source(composing(self.session, "INC-1"), self.turn)
        names = tuple(each.name for each in source.view.channels)
        return PreviewScreen(source, Written("internal", names, self.turn("the text"), subject=self.turn("subject")))

    def ahead(self) -> Screen[Any]:
        forecast, why = self.session.forecast("INC-1"), self.session.why("INC-1")
        return AheadScreen(self.t(forecast), self.t(why), lambda: SUNDAY)

    def timeline(self) -> Screen[Any]:
        return TimelineScreen(self.detail, f.NOW, self.turn("ana"), lambda: (self.detail, f.NOW))

    def punctuality(self) -> Screen[Any]:
        return PunctualityScreen(lambda _: None)

    def oncall(self) -> Screen[Any]:
        return OnCallScreen(self.turn("prod"), self.turn("mina"), f.NOW)

    def wall(self) -> Screen[Any]:
        silent = {self.line.key: Silence(self.turn("public"), f.ago(21))}
        insight = InsightView(self.t(test_clocks.view()), f.ago(600), self.t((("jonas", 3),)))
        view = WallView(self.view, silent, None, self.duty, insight)
        standing = Standing(filter=self.turn("sev:1"), trouble=self.turn("the file is gone"))
        turns = {40: WallTurn("board"), 24: WallTurn("oncall")}
        return WallScreen(lambda w, h: picture(view, f.NOW, standing, turns.get(h, WallTurn("insight")), w, h))

    def shift(self) -> Screen[Any]:
        line = next(each for each in self.duty.schedules if each.name == self.turn("payments"))
        return ShiftScreen(self.duty, line, line.spans[0] if hasattr(line, "spans") else self.t(SPAN), f.NOW)


class Office:
    """Refuses everything, in words of somebody else."""

    def __init__(self, turn: Turn) -> None:
        self._why = turn("somebody else was quicker")

    def __getattr__(self, name: str) -> Any:
        if name in ("waiting", "put_right"):
            return nothing

        async def refuse(*_: Any, **__: Any) -> str:
            return self._why

        return refuse


DRAFT = DraftLine(7, "eva", "internal", ("internal",), f.ago(9), f.ago(1), "We look into it,\nnext in an hour")
PROPOSAL = ProposalLine(
    3, "jonas", f.ago(6), ("public", "internal"), "external", "Some cards fail", "Cards", "review", "mina"
)
SAID = (SaidLine(5, "public", "mina", f.ago(30), "Some cards fail"), SaidLine(6, "internal", "li", f.ago(3), "pool"))
HELP = (HelpGroup("This screen", (HelpLine(("a",), "Acknowledge"), HelpLine(("ctrl+x",), "Cut", "not here"))),)
ACTS = (("ack", "acknowledge", "for the person"), ("stop", "stop", "the escalation"))

Maker = Callable[[Gallery], Screen[Any]]
MAKERS: dict[type[Screen[Any]], Maker] = {
    BoardScreen: lambda g: BoardScreen(g.view, f.NOW),
    RoomScreen: lambda g: RoomScreen(g.detail, g.view, f.NOW),
    TimelineScreen: Gallery.timeline,
    ComposerScreen: Gallery.composer,
    PreviewScreen: Gallery.preview,
    OnCallScreen: Gallery.oncall,
    RulebookScreen: lambda g: RulebookScreen(g.turn("prod"), g.turn("ana"), f.NOW, g.t(test_rulebook.VIEW)),
    WallScreen: Gallery.wall,
    FinderScreen: lambda g: FinderScreen(BoardScreen(g.view, f.NOW)),
    PersonScreen: lambda g: PersonScreen(g.turn("mina"), g.duty, (g.turn("INC-1"),), f.NOW, Situation(), nothing),
    Confirm: lambda g: Confirm(g.turn("Close it?"), g.t(("nobody is paged", "the clocks stop")), g.turn("close")),
    ColumnsDialog: lambda g: ColumnsDialog(("key", "title"), g.t(("scribe", "tech-lead"))),
    ExportDialog: lambda g: ExportDialog(g.turn("INC-142"), structured=True),
    DebugScreen: lambda g: DebugScreen(nothing),
    CopyScreen: lambda g: CopyScreen(g.turn("a line of the chat"), g.turn("no clipboard")),
    AheadScreen: Gallery.ahead,
    CatchUpScreen: lambda g: CatchUpScreen(g.t(test_catchup.VIEW), at),
    PunctualityScreen: Gallery.punctuality,
    ClocksScreen: lambda g: ClocksScreen(
        lambda: (g.line, g.t((test_clocks.PUBLIC, test_clocks.LATE, test_clocks.NONE))), at, nothing
    ),
    SkipDialog: lambda g: SkipDialog(g.line, g.t(test_clocks.PUBLIC), f.NOW),
    dialogs.ActDialog: lambda g: dialogs.ActDialog(g.line, [dialogs.Act(*g.t(each)) for each in ACTS], g.people),
    dialogs.MergeDialog: lambda g: dialogs.MergeDialog(g.line, g.view.lines),
    dialogs.MoveDialog: lambda g: dialogs.MoveDialog(g.line, g.turn("3f2a"), g.t(("policy a: b", "nothing else"))),
    dialogs.SeverityDialog: lambda g: dialogs.SeverityDialog(g.line, g.t((f.SEV1, f.SEV2, f.SEV3)), g.t(ASSESSMENT)),
    dialogs.DeclareDialog: lambda g: dialogs.DeclareDialog(g.t((f.SEV1, f.SEV2)), g.t(WORDS), at),
    dialogs.DetailsDialog: lambda g: dialogs.DetailsDialog(g.detail, at, services=g.t(f.SERVICES)),
    dialogs.HandoverDialog: lambda g: dialogs.HandoverDialog(
        g.line,
        g.t((test_role_forms.HELD, test_role_forms.LEAD)),
        g.t(test_role_forms.SUCCESSION),
        g.t(test_role_forms.CARDS),
        g.people,
        at,
    ),
    dialogs.TakeOverDialog: lambda g: dialogs.TakeOverDialog(g.line, g.t(test_role_forms.OFFERED), f.NOW),
    dialogs.ConfirmDialog: lambda g: dialogs.ConfirmDialog(g.turn("Wake it now?"), g.turn("it sleeps")),
    dialogs.ReopenDialog: lambda g: dialogs.ReopenDialog(g.line),
    dialogs.StatusDialog: lambda g: dialogs.StatusDialog(g.line, f.STATUSES, g.t(FACTS), at),
    dialogs.LinksDialog: lambda g: dialogs.LinksDialog(g.line, g.t(LINKS), g.view.lines),
    NoteDialog: lambda g: NoteDialog(g.line, at, Knows(g.people, {}, g.t(test_work.VIEW)), text=g.turn("a note")),
    LineDialog: lambda g: LineDialog(
        g.turn("Heading"), g.turn("detail"), word="do it", known=g.people, value=g.turn("value")
    ),
    TimeDialog: lambda g: TimeDialog(g.turn("a task"), at),
    dialogs.SnoozeDialog: lambda g: dialogs.SnoozeDialog(g.line, at),
    dialogs.EscalateDialog: lambda g: dialogs.EscalateDialog(g.line, g.detail.ladder, g.people, f.NOW),
    ReviewDialog: lambda g: ReviewDialog(
        g.t((PROPOSAL,)), g.t((DRAFT,)), g.turn("mina"), at, g.t({3: "impact missing"})
    ),
    CorrectDialog: lambda g: CorrectDialog(g.t(SAID), at),
    dialogs.RoleDialog: lambda g: dialogs.RoleDialog(g.line, g.detail.roles, g.people, f.NOW, me=g.turn("ana")),
    dialogs.AwakeDialog: lambda g: dialogs.AwakeDialog(g.line, g.turn("mina"), f.NOW),
    dialogs.DutiesScreen: lambda g: dialogs.DutiesScreen(
        lambda: g.t(replace(test_role_forms.HELD, duties=test_role_forms.DUTIES)), at, nothing
    ),
    EngineScreen: lambda g: EngineScreen(g.t(f.engines()), f.NOW),
    HelpScreen: lambda g: HelpScreen(g.t(HELP)),
    dialogs.OverrideDialog: lambda g: dialogs.OverrideDialog(g.duty, g.turn("payments"), g.t(SPAN), g.turn("mina"), at),
    dialogs.AbsenceDialog: lambda g: dialogs.AbsenceDialog(g.duty, g.turn("mina"), at),
    dialogs.SwapDialog: lambda g: dialogs.SwapDialog(g.duty, g.turn("payments"), g.t(SPAN), g.turn("mina"), at),
    dialogs.ItemDialog: lambda g: dialogs.ItemDialog(g.duty.desk, g.turn("mina"), f.NOW, taking=False),
    DeskScreen: lambda g: DeskScreen(g.duty, g.turn("mina"), f.NOW),
    ShiftScreen: Gallery.shift,
    ThemePicker: lambda g: ThemePicker(g.t((("dark", "a title"), ("light", "b"))), g.turn("dark"), lambda _: ""),
    GoToDialog: lambda g: GoToDialog(at, f.NOW, (f.ago(60), f.NOW)),
    PeopleScreen: lambda g: PeopleScreen(g.line, lambda: g.t(test_people.VIEW), at, nothing),
    EntryScreen: lambda g: EntryScreen(g.detail.record[3]),
    DotScreen: lambda g: DotScreen(
        g.turn("public"), tuple(Told(dot, None) for dot in g.detail.timeline.lanes[1].dots)
    ),
    WorkScreen: lambda g: WorkScreen(g.line, lambda: g.t(test_work.VIEW), at, nothing),
}  # fmt: skip

AFTER: dict[type[Screen[Any]], Callable[[Gallery, Any], None]] = {
    OnCallScreen: lambda g, screen: screen.show(g.duty, f.NOW),
    DebugScreen: lambda g, screen: screen.show(
        Facts(g.t((("terminal", (("TERM", "xterm"), ("host", "jump01"))), ("room", (("file", "/srv/room.db"),)))))
    ),
    PunctualityScreen: lambda g, screen: screen.show(g.t(test_clocks.view())),
    BoardScreen: lambda g, screen: screen.trouble(g.turn("the file is gone")),
}
"""What a screen is told once it stands."""

KEYS: dict[type[Screen[Any]], tuple[str, ...]] = {
    BoardScreen: ("2", "3", "4", "5"),
    RulebookScreen: ("2", "3", "4", "5"),
    RoomScreen: ("2", "3", "4"),
    OnCallScreen: ("down", "tab"),
    TimelineScreen: ("right", "v"),
}
"""Keys that show more of one; after each it is looked at again."""


async def each_screen(
    made: Gallery, app: BoardApp, pilot: Pilot[Any], kinds: Iterable[type[Screen[Any]]]
) -> AsyncIterator[Screen[Any]]:
    """One screen of every kind over the board, one after the other, each as it stands when all is drawn."""
    for kind in kinds:
        screen = made.make(kind)
        app.push_screen(screen)
        await settle(pilot)
        if kind in AFTER:
            AFTER[kind](made, screen)
            await settle(pilot)
        yield screen
        while app.screen is not app.board:
            app.pop_screen()
            await pilot.pause()


def all_screens() -> set[type[Screen[Any]]]:
    """Every screen that the program has; those that only others are made from are left out."""
    for module in pkgutil.walk_packages(warroom.tui.__path__, "warroom.tui."):
        importlib.import_module(module.name)
    return {kind for kind in _below(Screen) if kind.__module__.startswith("warroom.tui") and kind not in BASES}


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def _bases() -> set[type[Any]]:
    from warroom.tui.board_sieve import SievedScreen
    from warroom.tui.composer_draft import ComposerDraft
    from warroom.tui.composer_sheet import ComposerSheet
    from warroom.tui.room_record import RecordPart
    from warroom.tui.widgets.form import Form
    from warroom.tui.widgets.info import InfoScreen
    from warroom.tui.widgets.keyed import KeyedScreen
    from warroom.tui.widgets.oncall_forms import _Timed
    from warroom.tui.widgets.tight import TightModalScreen, TightScreen

    forms = {Form, _Timed, InfoScreen, TightModalScreen}
    return {*forms, ComposerDraft, ComposerSheet, RecordPart, SievedScreen, KeyedScreen, TightScreen}


BASES = _bases()
"""What other screens are made from, and nobody opens."""
