"""What stands over the columns and parts of an export, and what programs say in its rows: English in what programs
read, looked up in Markdown, which a person reads."""

from __future__ import annotations

from typing import Final

from warroom.words import mark


class Word(str):
    """A value that is a word of the program, not of a person."""

    __slots__ = ()


PARTS: Final = (
    *(mark("incidents"), mark("about"), mark("roles"), mark("escalation"), mark("channels"), mark("links")),
    *(mark("record"), mark("updates"), mark("silences"), mark("punctuality"), mark("theories"), mark("experiments")),
    *(mark("tasks"), mark("decisions"), mark("changes"), mark("evidence"), mark("people"), mark("could take over")),
    *(mark("state"), mark("ahead"), mark("now"), mark("shifts"), mark("desk")),
)
"""The tables of an export."""

HEADS: Final = (
    *(mark("acked"), mark("acked by"), mark("alarm"), mark("allowed"), mark("at"), mark("audience"), mark("by")),
    *(mark("cause"), mark("channel"), mark("counted"), mark("deputies"), mark("done"), mark("due"), mark("entry")),
    *(mark("every"), mark("from"), mark("here"), mark("holder"), mark("id"), mark("joined"), mark("key")),
    *(mark("kind"), mark("last"), mark("late"), mark("lead"), mark("lead due"), mark("left"), mark("length")),
    *(mark("level"), mark("line"), mark("login"), mark("mark"), mark("missed"), mark("name"), mark("next due")),
    *(mark("next page"), mark("night pages"), mark("note"), mark("offered to"), mark("on duty"), mark("on time")),
    *(mark("other"), mark("overdue"), mark("owner"), mark("page at"), mark("paged"), mark("people"), mark("promised")),
    *(mark("reason"), mark("result"), mark("role"), mark("roles"), mark("schedule"), mark("section"), mark("seen")),
    *(mark("severity"), mark("share"), mark("silent"), mark("since"), mark("skipped"), mark("state"), mark("status")),
    *(mark("stream"), mark("text"), mark("then"), mark("then at"), mark("theory"), mark("tired because")),
    *(mark("title"), mark("to"), mark("undo"), mark("undone"), mark("until"), mark("update channel")),
    *(mark("update due"), mark("value"), mark("was due"), mark("watched"), mark("what"), mark("where"), mark("whom")),
    mark("why"),
)
"""What stands over a column."""

VALUES: Final = (
    *(mark("summary"), mark("impact since"), mark("declared"), mark("resolved"), mark("nobody"), mark("running")),
    *(mark("open"), mark("dropped"), mark("done"), mark("new"), mark("yes"), mark("no")),
    *(mark("due"), mark("waiting"), mark("asking"), mark("exhausted"), mark("stopped"), mark("no word due")),
    *(mark("current"), mark("empty"), mark("later"), mark("next"), mark("vacant"), mark("confirms"), mark("refutes")),
)
"""Words in the rows that are said nowhere else."""
