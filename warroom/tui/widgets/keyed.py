"""What every screen that fills the terminal does with its keys: a bar that shows them, help that lists all of them."""

from __future__ import annotations

from textual import on
from textual.screen import ScreenResultType

from warroom.tui.widgets.acting import Acting
from warroom.tui.widgets.help import shown_keys
from warroom.tui.widgets.lines import Clickable, KeyBar
from warroom.tui.widgets.tight import TightScreen


class KeyedScreen(Acting, TightScreen[ScreenResultType]):
    """A screen with one `KeyBar`. A subclass composes it, and draws its parts for the first time in `begin`."""

    def __init__(self) -> None:
        """Nothing is composed yet."""
        super().__init__()
        self._ready = False  # composed: the parts can be found
        self._keys_due = False

    def on_mount(self) -> None:
        """Draw, show the keys, and follow when others work."""
        self._ready = True
        self.begin()
        self.bindings_updated_signal.subscribe(self, lambda _: self._show_keys())
        self._show_keys()

    @property
    def composed(self) -> bool:
        """Whether all parts are there, and were told what to show."""
        return self._ready

    def begin(self) -> None:
        """The parts are there: draw them."""

    def action_leave(self) -> None:
        """Back to where one came from."""
        self.dismiss(None)

    @on(Clickable.Clicked, "KeyBar")
    async def _key_clicked(self, event: Clickable.Clicked) -> None:
        event.stop()
        await self.action_act(event.name)

    def _show_keys(self) -> None:
        """The bar of keys: what is offered on this screen now, remapped keys included. Once for all that one key or one
        view of the room has changed."""
        if self._ready and not self._keys_due:
            self._keys_due = self.call_later(self._draw_keys)

    def _draw_keys(self) -> None:
        self._keys_due = False
        if self._ready and self.is_attached:
            self.query_one(KeyBar).show_keys(shown_keys(self))
