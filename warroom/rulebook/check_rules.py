"""What is doubtful about rules (R6, R13), found by `warroom.domain.rulecheck`, at its place in the files."""

from __future__ import annotations

from collections.abc import Iterator

from warroom.domain.book import Rulebook
from warroom.domain.rulecheck import always, rule_findings
from warroom.rulebook.findings import Finding, Weight


def look(book: Rulebook) -> Iterator[Finding]:
    """Rules that can never hold, are never asked, undo each other, or hold for everything."""
    # A rule that silences everything is the deadest of ends.
    silent = {rule.name for rule in book.rules if rule.then.suppress and always(rule.when)}
    for name, what, advice in rule_findings(book):
        weight = Weight.ERROR if name in silent else Weight.WARNING
        yield Finding(weight, "rule", ("rules", name), what, advice, at_key=True)
