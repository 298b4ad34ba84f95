"""The stage between Textual's compositor and its driver."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, ClassVar, TypeVar

from rich.color import ColorSystem
from rich.console import RenderableType
from textual.app import App
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.events import Event, Resize
from textual.screen import Screen
from textual.widgets import TextArea

from warroom.courtesy import Courtesy
from warroom.tui.link.pens import RESET
from warroom.tui.link.probe import unfit
from warroom.tui.link.speed import OFF, PLAIN, chosen
from warroom.tui.link.stage import Stage
from warroom.words import tr

log = logging.getLogger("warroom.link")

Result = TypeVar("Result")

WAITING = 2
"""With so many writes that the terminal has not taken yet, frames wait, and the next one has all of their changes."""
LOOK_S = 0.05
"""How often it is looked whether the terminal has taken them, in seconds."""
WHOLE_BYTES = 1500
"""From so many bytes on a frame is marked as one, where the terminal knows that: less is not seen in part."""


class LinkApp(App[Result]):
    """An app whose frames are sent as differences of cells, unless `link` is "plain" or Textual is not as expected.

    Whatever goes wrong in between ends it for good: Textual's own output takes over with a whole picture.
    """

    # In front of what has the focus, or a dialog would not let it through.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "suspend_process", show=False, priority=True, system=True)
    ]

    def __init__(self, *arguments: Any, link: str = "auto", **named: Any) -> None:
        """`link` is the person's choice."""
        super().__init__(*arguments, **named)
        self.link_off = OFF if chosen(link) == PLAIN else unfit()
        """Why the output is Textual's own; "" while it is not."""
        self._stage: Stage | None = None
        self._staged: Driver | None = None
        self._staged_screen: Screen[Any] | None = None
        self._later: asyncio.TimerHandle | None = None
        self.courtesy = Courtesy()
        """Who works beside the screen lets those who type go ahead."""
        self._away = False  # the terminal is somebody else's: of an editor, or of the shell

    def get_driver_class(self) -> type[Driver]:
        """Textual's for this system, which reads what is typed in our way where that is known to be possible."""
        usual = super().get_driver_class()
        if unfit():
            return usual
        from textual.drivers.linux_driver import LinuxDriver

        from warroom.tui.link.keyboard import KeyboardDriver

        return KeyboardDriver if usual is LinuxDriver else usual

    @property
    def stage(self) -> Stage | None:
        """What the terminal is known to show; None before the first frame, and where the output is Textual's own."""
        return self._stage

    def open_stage(self, screen: Screen[Any]) -> Stage | None:
        """The same where cells of this screen may be put on it now, besides what Textual draws: it is what the stage
        shows. To be followed by `send_soon`."""
        if self.link_off or self._away or self._batch_count or not self._running or self._closed:
            return None
        if screen is not self._staged_screen or screen is not self.screen:
            return None
        return self._stage if self._staged is self._driver else None

    def send_soon(self) -> None:
        """Send what was put on the stage, all of one go of the loop together."""
        self._soon(0.0)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        driver = self._driver
        if (
            self.link_off
            or renderable is None
            or self._batch_count
            or driver is None
            or driver.is_headless
            or driver.is_inline
            or not self._running
            or self._closed
        ):
            super()._display(screen, renderable)
            return
        try:
            stage = self._attached(driver)
            if not stage.take(renderable, self.console._color_system or ColorSystem.TRUECOLOR, self.screen.size):
                super()._display(screen, renderable)  # the driver's `write` sees that it is foreign
                return
            self._staged_screen = screen
            self._send()
        except Exception as error:
            self._give_up(screen, error)
            return
        self.post_display_hook()

    def _attached(self, driver: Driver) -> Stage:
        """The stage of this driver; from now on what others write to it is seen."""
        if self._stage is None or self._staged is not driver:
            self._stage, self._staged = Stage(), driver
            type(driver).write(driver, RESET)  # whatever stood there before
            setattr(driver, "write", self._foreign)  # noqa: B010 - an instance's own, in front of its class's
        return self._stage

    def _send(self) -> None:
        """Send what has changed, now or as soon as the terminal has taken what was sent before."""
        driver, stage = self._staged, self._stage
        if driver is None or stage is None or self.link_off or self._away or not self._running or self._closed:
            return
        if _waiting(driver) >= WAITING:
            self._soon(LOOK_S)
            return
        generation = stage.generation
        text = stage.frame(self._cursor())
        if text:
            if len(text) >= WHOLE_BYTES and self._sync_available:
                text = f"\x1b[?2026h{text}\x1b[?2026l"
            type(driver).write(driver, text)
            driver.flush()
        if stage.generation != generation:  # stopped and resumed in the middle of it: that was for another screen
            stage.forget()
            self._soon(0.0)

    def _cursor(self) -> tuple[int, int] | None:
        """Where the terminal's cursor has to be: only where something is typed, for input methods."""
        focused = self.focused
        if focused is None or not hasattr(type(focused), "cursor_screen_offset"):
            return None
        return self.screen.outer_size.clamp_offset(self.cursor_position)

    def _soon(self, seconds: float) -> None:
        loop = self._loop
        if self._later is None and loop is not None and not loop.is_closed():
            self._later = loop.call_later(seconds, self._now)

    def _now(self) -> None:
        self._later = None
        try:
            self._send()
        except Exception as error:
            self._give_up(self.screen, error)

    def _foreign(self, data: str) -> None:
        """Somebody else writes to the terminal."""
        driver, stage = self._staged, self._stage
        assert driver is not None
        if stage is not None and not self.link_off:
            generation = stage.generation
            if "\x1b[?1049" in data:
                self._away = data.rfind("\x1b[?1049l") > data.rfind("\x1b[?1049h")
            data = stage.foreign(data)
            if stage.generation != generation:
                self._loop_soon()
        type(driver).write(driver, data)

    def _loop_soon(self) -> None:
        """Have all drawn anew, after who is writing has come to an end; may be called in between anything."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._soon, LOOK_S)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where lines are written ctrl+z takes back what was typed, and stops nothing."""
        if action == "suspend_process":
            return not isinstance(self.focused, TextArea) or self.focused.read_only
        return super().check_action(action, parameters)

    def action_help_quit(self) -> None:
        """Textual's answer to ctrl+c, in our words."""
        self.notify(tr("ctrl+c copies what is marked; ctrl+q ends the program."))

    def action_suspend_process(self) -> None:
        """Leave the terminal to the shell until it says `fg`."""
        stop = getattr(self._driver, "stop_the_job", None)
        if stop is None:
            super().action_suspend_process()
            return
        if not stop():
            self.notify(tr("There is no shell to go back to: the screen stays."))

    async def on_event(self, event: Event) -> None:
        """A terminal whose size changes may have moved or cut what it shows."""
        if isinstance(event, Resize) and self._stage is not None:
            self._stage.forget(pen=self._stage.place.pen)
            self._soon(LOOK_S)
        await super().on_event(event)

    def _give_up(self, screen: Screen[Any], error: Exception) -> None:
        """Textual's own output from here on."""
        self.link_off = tr("it failed: {error}").format(error=type(error).__name__)
        log.error("cell differences are off: Textual's own output from here on", exc_info=error)
        stage, self._stage = self._stage, None
        driver = self._staged
        if driver is not None:
            vars(driver).pop("write", None)
            if stage is not None:
                driver.write("\x1b[m\x1b]8;;\x1b\\")
        # What was to be drawn is a part of this.
        super()._display(screen, screen._compositor.render_full_update())


def _waiting(driver: Driver) -> int:
    """How many writes the terminal has not taken yet, as far as can be known."""
    queue = getattr(getattr(driver, "_writer_thread", None), "_queue", None)
    return queue.qsize() if queue is not None else 0
