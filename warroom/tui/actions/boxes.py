"""What can be done in the screens that open over others: forms, work, people, clocks, what only tells."""

from __future__ import annotations

from typing import Final

from warroom.tui.actions.action import Action, action, place
from warroom.tui.actions.screens import HERE
from warroom.words import mark

_WORK: Final = (
    ("theory", "?", mark("theory"), mark("Add a theory")),
    ("task", "+", mark("task"), mark("Add a task")),
    ("decision", "!", mark("decision"), mark("Add a decision")),
    ("change", "~", mark("change"), mark("Add a change")),
    ("evidence", "&", mark("evidence"), mark("Add evidence")),
    ("note", "n", mark("note"), mark("Write anything down")),
    ("test", ">", mark("test"), mark("Test the theory")),
    ("result", "= enter", mark("result"), mark("Note the result")),
    ("confirm", "c", mark("confirm"), mark("Confirm the theory")),
    ("refute", "r", mark("refute"), mark("Refute the theory")),
    ("reopen", "o", mark("open again"), mark("Open the theory again")),
    ("take", "t", mark("take"), mark("Take the task")),
    ("assign", "a", mark("assign"), mark("Assign the task")),
    ("done", "d", mark("done"), mark("It is done, or decided")),
    ("plan", "p", mark("by when"), mark("By when it has to be done")),
    ("drop", "x", mark("drop"), mark("Not needed any more")),
    ("undo", "u", mark("undone"), mark("The change was undone")),
)
_PEOPLE: Final = (
    ("handover", "h", mark("hand over"), mark("Hand your role over to the best successor")),
    ("offer", "o enter", mark("offer"), mark("Offer your role to the marked person")),
    ("join", "i", mark("join"), mark("Join")),
    ("leave", "x", mark("left"), mark("The marked person left")),
    ("awake", "a", mark("awake"), mark("Since when the marked person has been awake")),
    ("page", "p", mark("page"), mark("Page somebody")),
    ("roles", "r", mark("roles"), mark("Roles")),
    ("duties", "d", mark("duties"), mark("Duties of the marked person")),
)

OF_BOXES: Final[tuple[Action, ...]] = (
    *(
        action(f"work.{name}", keys, words, help, f"wish('{name}')", "work", section=HERE, reads=False)
        for name, keys, words, help in _WORK
    ),
    *(
        action(f"people.{name}", keys, words, help, f"wish('{name}')", "people", section=HERE, reads=name == "duties")
        for name, keys, words, help in _PEOPLE
    ),
    action("clocks.skip", "s", mark("skip"), mark("Skip this update"), "skip", "clocks", section=HERE, reads=False),
    action(
        "clocks.update", "u", mark("update"), mark("Write the update"), "update", "clocks", section=HERE, reads=False,
    ),
    action(
        "clocks.punctuality", "p", mark("punctuality"), mark("How punctual updates were"), "punctuality", "clocks",
        section=HERE,
    ),
    action(
        "info.turn", "tab", mark("turn"), mark("The other side of it"), "turn", "", section=HERE,
        over=(
            place("ahead", "w tab f", "turn", help=mark("What is ahead, or why who was paged")),
            place("catchup", "tab s", "turn", help=mark("What is new, or how it stands")),
            place("punctuality", "tab w", "turn", help=mark("Group by another")),
        ),
    ),
    action("debug.copy", "y", mark("copy"), mark("Copy all of it as text"), "copy", "debug", section=HERE),
    action("confirm.yes", "y", mark("yes"), mark("Do it"), "yes", "confirm", section=HERE, reads=False),
    *(
        action(f"columns.{name}", keys, words, help, does, "columns", section=HERE)
        for name, keys, does, words, help in (
            ("toggle", "space", "take", mark("in or out"), mark("Take the column in, or out")),
            ("right", "J shift+down", "shift(1)", mark("to the right"), mark("Further right")),
            ("left", "K shift+up", "shift(-1)", mark("to the left"), mark("Further left")),
            ("keep", "w", "keep", mark("keep"), mark("Keep them in the settings")),
            ("usual", "0", "usual", mark("usual"), mark("The usual columns")),
        )
    ),
    *(
        action(f"filter.{name}", keys, words, help, does, "filter", section=HERE)
        for name, keys, does, words, help in (
            ("take", "tab", "take", mark("take"), mark("Take the suggestion that is marked")),
            ("next", "down ctrl+n", "choose(1)", mark("next"), mark("Mark the next suggestion")),
            ("previous", "up ctrl+p shift+tab", "choose(-1)", mark("before"), mark("Mark the suggestion before")),
            ("keep", "enter", "submit", mark("keep"), mark("Keep the filter")),
            ("clear", "escape", "clear", mark("clear"), mark("Clear the filter")),
        )
    ),
    action("form.next", "tab", mark("next field"), mark("To the next field"), "field(1)", "form", section=HERE),
    action(
        "form.previous", "shift+tab", mark("field before"), mark("To the field before"), "field(-1)", "form",
        section=HERE,
    ),
    action("wall.next", "right space", mark("next"), mark("The next page"), "next", "wall", section=HERE),
    action("wall.leave", "q", mark("leave"), mark("Close the wallboard"), "leave", "wall", section=HERE),
    action(
        "catchup.more", "m", mark("more"), mark("Everything in full, or one screen"), "more", "catchup", section=HERE,
    ),
    action("duties.tick", "space", mark("tick"), mark("Tick it off, or take the tick back"), "tick", "duties",
           section=HERE, reads=False),
    action("person.page", "e", mark("page"), mark("Page them for the selected incident"), "call", "person",
           section=HERE, reads=False),
    action("person.oncall", "o", mark("on call"), mark("When they are on call"), "oncall", "person", section=HERE),
    action("person.roles", "r", mark("roles"), mark("Give them a role in the selected incident"), "roles", "person",
           section=HERE, reads=False),
    action(
        "form.confirm", "ctrl+s", mark("confirm"), mark("Confirm what was entered"), "confirm", "form", section=HERE,
        first=True, over=(place("line", "enter", "confirm"),),
    ),
)  # fmt: skip
