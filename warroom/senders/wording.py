"""What a message says when it goes out: its own words, or those of the many that it carries."""

from __future__ import annotations

from collections import Counter

from warroom.store.outbox import Claimed

LISTED = 15
"""How many incidents a bundle names; the rest is a number."""
AGAIN = "Sent again: this may have reached you before."


def subject_of(message: Claimed) -> str:
    """The one line at the top."""
    if not message.bundle:
        return message.subject
    return f"{len(message.bundle) + 1} pages: {_heads(message)[0][0]}" + (
        " and others" if len(_heads(message)) > 1 else ""
    )


def body_of(message: Claimed) -> str:
    """The text below it."""
    body = message.body
    if message.bundle:
        heads = _heads(message)
        lines = [f"{len(message.bundle) + 1} pages for you, of {_incidents(message)}, in one message:"]
        lines += [f"{head} ({count} times)" if count > 1 else head for head, count in heads[:LISTED]]
        if len(heads) > LISTED:
            lines.append(f"and {len(heads) - LISTED} more: warroom list")
        lines.append("Acknowledge: warroom ack KEY")
        body = "\n".join(lines)
    return f"{body}\n{AGAIN}" if message.maybe_twice else body


def _incidents(message: Claimed) -> str:
    count = len({each.incident for each in (message, *message.bundle)})
    return "1 incident" if count == 1 else f"{count} incidents"


def _heads(message: Claimed) -> list[tuple[str, int]]:
    """The subjects in the order in which they came, each with how often."""
    return list(Counter(each.subject for each in (message, *message.bundle)).items())
