"""The modal forms of the board. Each gives a frozen result, or None when it was cancelled; none decides anything.

A form can be given a `check`, which tries the result: the form closes only when that worked, so that a refusal
(somebody else was quicker, the name is not known) costs nobody what they typed.
"""

from warroom.tui.widgets.ahead import AheadScreen
from warroom.tui.widgets.form_acts import Act, ActDialog, MergeDialog, MergeInto, MoveDialog, Wish, acts_on
from warroom.tui.widgets.form_incident import (
    ConfirmDialog,
    Confirmed,
    Declared,
    DeclareDialog,
    Note,
    NoteDialog,
    ReopenDialog,
    SeverityChange,
    SeverityDialog,
    StatusChange,
    StatusDialog,
)
from warroom.tui.widgets.form_people import (
    EscalateDialog,
    EscalateTo,
    RoleChange,
    RoleDialog,
    Snooze,
    SnoozeDialog,
)
from warroom.tui.widgets.form_update import UpdateDialog, UpdateDraft
from warroom.tui.widgets.info import EngineScreen, HelpScreen, RecordScreen
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
    "AbsenceDialog",
    "Act",
    "ActDialog",
    "AheadScreen",
    "Asked",
    "Away",
    "ConfirmDialog",
    "Confirmed",
    "Cover",
    "DeclareDialog",
    "Declared",
    "DeskScreen",
    "Ended",
    "EngineScreen",
    "EscalateDialog",
    "EscalateTo",
    "HelpScreen",
    "ItemDialog",
    "MergeDialog",
    "MergeInto",
    "MoveDialog",
    "Note",
    "NoteDialog",
    "OverrideDialog",
    "RecordScreen",
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
    "UpdateDialog",
    "UpdateDraft",
    "Wish",
    "acts_on",
]
