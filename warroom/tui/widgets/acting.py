"""What every screen does with the table of actions: its keys call `act(ID)`, and whatever is not possible now says why.

A screen names its `scope`. It says what is not possible (`why_not`), and what is not there at all at the moment
(`offers`), whose key then means something else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import BindingsMap
from textual.dom import DOMNode

from warroom.tui.actions.action import Action, Place
from warroom.tui.actions.bind import remapped
from warroom.tui.actions.keys import USUAL, Keymap
from warroom.tui.actions.table import BY_ID, lineage
from warroom.tui.reads import OnlyRead

if TYPE_CHECKING:
    from textual.screen import Screen

    Base = Screen[Any]
else:
    Base = object


class Acting(Base):
    """A screen whose keys come from the table."""

    scope: ClassVar[str] = ""
    only_read: OnlyRead

    @property
    def keymap(self) -> Keymap:
        """The keys of the person at this screen."""
        own = getattr(self.app, "own_keys", USUAL)
        assert isinstance(own, Keymap)
        return own

    @property
    def _binding_chain(self) -> list[tuple[DOMNode, BindingsMap]]:
        chain = super()._binding_chain
        keymap = self.keymap
        return [(node, remapped(bound, keymap)) for node, bound in chain] if keymap.own else chain

    def place_of(self, action: Action) -> Place | None:
        """Where the table has an action on this screen."""
        return next((place for name in lineage(self.scope) if (place := action.at(name)) is not None), None)

    def why_not(self, id: str) -> str:
        """Why an action is not possible now; "" where it is."""
        action, fixed = BY_ID[id], getattr(self, "only_read", None)
        return fixed.why if fixed is not None and not action.reads else ""

    def offers(self, id: str) -> bool:
        """Whether the action is there at all now."""
        return True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is not offered leaves its key to others; what is not possible keeps it, and says why."""
        return self.offers(str(parameters[0])) if action == "act" and parameters else True

    async def action_act(self, id: str) -> None:
        """Do it, or say why not."""
        action = BY_ID[id]
        place = self.place_of(action)
        if place is None or not self.offers(id):
            return
        if why := self.why_not(id):
            self.say_why(why)
        else:
            await self.run_action(place.does)

    def say_why(self, why: str) -> None:
        """Tell the person why nothing happens."""
        self.app.notify(why, severity="warning", markup=False)

    def action_help(self) -> None:
        """All keys that work here, and why one does not."""
        from warroom.tui.widgets.help import help_groups
        from warroom.tui.widgets.info import HelpScreen

        self.app.push_screen(HelpScreen(help_groups(self)))

    def action_palette(self) -> None:
        """Find something by a few letters."""
        from warroom.tui.widgets.finder import FinderScreen

        self.app.push_screen(FinderScreen(self))
