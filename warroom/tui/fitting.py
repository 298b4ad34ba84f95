"""Sizes that go with the terminal's, given in code; the person's own layout counts for more.

What is set in code would otherwise beat every style sheet.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol, runtime_checkable

from textual.css.match import match
from textual.css.model import RuleSet
from textual.widget import Widget


@runtime_checkable
class HasLayout(Protocol):
    """An app whose layout may have been changed."""

    @property
    def layout_rules(self) -> tuple[RuleSet, ...]:
        """What the person's own style sheet says."""
        ...


def has_layout(widget: Widget) -> bool:
    """Whether the person has a layout of their own."""
    return isinstance(widget.app, HasLayout) and bool(widget.app.layout_rules)


def says(widget: Widget, rule: str) -> bool:
    """Whether the person's layout says this of the widget ("height", "width", "display")."""
    rules = widget.app.layout_rules if isinstance(widget.app, HasLayout) else ()
    return any(rule in each.styles.get_rules() and match(each.selector_set, widget) for each in rules)


def says_any(widgets: Iterable[Widget], *names: str) -> bool:
    """Whether it says any of these of any of them."""
    return any(says(widget, name) for widget in widgets for name in names)


def fit(widget: Widget, *, height: Any = None, width: Any = None) -> None:
    """Give a widget the size that goes with the terminal's, unless the person's layout gives it one."""
    for name, size in (("height", height), ("width", width)):
        if size is None:
            continue
        if says(widget, name):
            widget.styles.clear_rule(name)
        else:
            setattr(widget.styles, name, size)


def seen(widget: Widget, shown: bool) -> None:
    """Show or hide a widget; one that the person's layout speaks of is as that says wherever it would be shown."""
    if shown and says(widget, "display"):
        widget.styles.clear_rule("display")
    else:
        widget.display = shown
