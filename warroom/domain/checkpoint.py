"""Human checkpoints (R5): a level that touches what is regulated waits until a person has confirmed it.

The question has a time limit and a fallback, and falls back at once where nobody can be asked: it is never where an
escalation stops. A confirmation by a person holds for the rest of the escalation; a level that a person brings in by
hand is confirmed by that.
"""

from __future__ import annotations

from warroom.domain.core import Decision, Refused, Stale
from warroom.domain.escalation import Checkpoint, CheckpointAsked, CheckpointSettled, LevelSkipped, Settled, Why
from warroom.domain.policy import Ask, Otherwise, TargetKind
from warroom.words import tr


def passes(d: Decision, level: int, cycle: int, why: Why, ask: Ask | None) -> bool:
    """Whether a level may be paged now. If not, the question is out (the ladder has a checkpoint then), or the level
    was passed over."""
    if ask is None or why is Why.BY_HAND or level in d.room.escalation.confirmed:
        return True
    found = d.reach(ask.by)
    if found.pages:
        due = d.in_hours(d.after(ask.within))
        d.record(CheckpointAsked(level, cycle, why, found.pages, due, ask.otherwise, found.passed))
        return False
    proceeds = ask.otherwise is Otherwise.PROCEED
    d.record(CheckpointSettled(level, cycle, Settled.NOBODY, proceeds, found.nobody))
    if not proceeds:
        d.record(LevelSkipped(level, cycle, why, f"nobody could be asked to confirm it: {found.nobody}"))
    return proceeds


def settle(d: Decision, how: Settled, reason: str = "") -> tuple[Checkpoint, str]:
    """End the question; returns it with why its level is passed over, "" when it is to be paged."""
    asked = d.room.escalation.checkpoint
    if asked is None:
        raise Refused(tr("nothing waits for a confirmation: no question is out for this incident"))
    proceeds = how is Settled.CONFIRMED or (how is Settled.TIMEOUT and asked.otherwise is Otherwise.PROCEED)
    d.record(CheckpointSettled(asked.level, asked.cycle, how, proceeds, reason))
    if proceeds:
        return asked, ""
    by = f"{d.context.actor} refused it: {reason}" if how is Settled.REFUSED else "nobody has confirmed it in time"
    return asked, by


def may_answer(d: Decision, seen: int | None) -> None:
    """Refuse an answer to a question that is not out (any more), or of somebody who was not asked.

    Where a chat room was asked, anybody may answer."""
    asked = d.room.escalation.checkpoint
    if asked is None:
        raise Stale(tr("nothing waits for a confirmation (any more)"))
    if seen is not None and seen != asked.level:
        raise Stale(
            tr("the question is about level {level} now; look again before you answer").format(level=asked.level)
        )
    by = {page.to for page in asked.pages}
    anybody = any(page.target.startswith(TargetKind.CHANNEL) for page in asked.pages)
    if d.context.actor not in by and not anybody:
        raise Refused(
            tr("{by} were asked to confirm level {level}, and not {actor}").format(
                by=", ".join(sorted(by)), level=asked.level, actor=d.context.actor
            )
        )
