"""The modal forms of the board. Each gives a frozen result, or None when it was cancelled; none decides anything.

A form can be given a `check`, which tries the result: the form closes only when that worked, so that a refusal
(somebody else was quicker, the name is not known) costs nobody what they typed.
"""

from warroom.tui.widgets.ahead import AheadScreen
from warroom.tui.widgets.form_acts import Act, ActDialog, MergeDialog, MergeInto, MoveDialog, Wish, acts_on
from warroom.tui.widgets.form_assess import SeverityChange, SeverityDialog
from warroom.tui.widgets.form_declare import Declared, DeclareDialog
from warroom.tui.widgets.form_details import Details, DetailsDialog
from warroom.tui.widgets.form_handover import Answer, Handover, HandoverDialog, TakeOverDialog
from warroom.tui.widgets.form_incident import ConfirmDialog, Confirmed, ReopenDialog, StatusChange, StatusDialog
from warroom.tui.widgets.form_links import DUPLICATE, SPLIT, LinksDialog, LinkWish
from warroom.tui.widgets.form_note import NoteDialog
from warroom.tui.widgets.form_people import (
    EscalateDialog,
    EscalateTo,
    Snooze,
    SnoozeDialog,
)
from warroom.tui.widgets.form_roles import AwakeDialog, DutiesScreen, RoleChange, RoleDialog
from warroom.tui.widgets.info import EngineScreen, HelpScreen
from warroom.tui.widgets.oncall_forms import (
    AbsenceDialog,
    Asked,
    Away,
    Cover,
    Ended,
    ItemDialog,
    OverrideDialog,
    SwapDialog,
)
from warroom.tui.widgets.oncall_info import DeskScreen, ShiftScreen

__all__ = [
    "DUPLICATE",
    "SPLIT",
    "AbsenceDialog",
    "Act",
    "ActDialog",
    "AheadScreen",
    "Answer",
    "Asked",
    "AwakeDialog",
    "Away",
    "ConfirmDialog",
    "Confirmed",
    "Cover",
    "DeclareDialog",
    "Declared",
    "DeskScreen",
    "Details",
    "DetailsDialog",
    "DutiesScreen",
    "Ended",
    "EngineScreen",
    "EscalateDialog",
    "EscalateTo",
    "Handover",
    "HandoverDialog",
    "HelpScreen",
    "ItemDialog",
    "LinkWish",
    "LinksDialog",
    "MergeDialog",
    "MergeInto",
    "MoveDialog",
    "NoteDialog",
    "OverrideDialog",
    "ReopenDialog",
    "RoleChange",
    "RoleDialog",
    "SeverityChange",
    "SeverityDialog",
    "ShiftScreen",
    "Snooze",
    "SnoozeDialog",
    "StatusChange",
    "StatusDialog",
    "SwapDialog",
    "TakeOverDialog",
    "Wish",
    "acts_on",
]
