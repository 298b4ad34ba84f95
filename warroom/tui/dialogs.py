"""The modal forms of the board. Each gives a frozen result, or None when it was cancelled; none decides anything.

A form can be given a `check`, which tries the result: the form closes only when that worked, so that a refusal
(somebody else was quicker, the name is not known) costs nobody what they typed.
"""

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

__all__ = [
    "ConfirmDialog",
    "Confirmed",
    "DeclareDialog",
    "Declared",
    "EngineScreen",
    "EscalateDialog",
    "EscalateTo",
    "HelpScreen",
    "Note",
    "NoteDialog",
    "RecordScreen",
    "ReopenDialog",
    "RoleChange",
    "RoleDialog",
    "SeverityChange",
    "SeverityDialog",
    "Snooze",
    "SnoozeDialog",
    "StatusChange",
    "StatusDialog",
    "UpdateDialog",
    "UpdateDraft",
]
