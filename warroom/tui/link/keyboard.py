"""What is typed, read without looking for it all the time.

Textual's reader looks ten times a second whether a key has come, whether an escape has waited long enough, and whether
it is to end. This one sleeps until one of them is so: nothing wakes the machine while nobody types, and an escape that
stands alone is known as soon as its time is over instead of up to a tenth of a second later.
"""

from __future__ import annotations

import os
import select
import signal
import threading
from codecs import getincrementaldecoder
from collections.abc import Iterable
from typing import Any

from textual._parser import ParseError
from textual._time import get_time
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

CHUNK = 4096


class _Ending(threading.Event):
    """An event that also wakes whoever sleeps in `poll`."""

    def __init__(self) -> None:
        super().__init__()
        self.ear, self._mouth = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK) if hasattr(os, "pipe2") else os.pipe()

    def set(self) -> None:
        super().set()
        os.write(self._mouth, b"!")

    def clear(self) -> None:
        while select.select([self.ear], [], [], 0)[0]:
            os.read(self.ear, CHUNK)
        super().clear()

    def __del__(self) -> None:
        os.close(self.ear)
        os.close(self._mouth)


WIPE = "\x1b[0m\x1b[2J\x1b[H"
"""The whole screen empty, in no colour, and the cursor in its corner."""


class KeyboardDriver(LinuxDriver):
    """Textual's driver with another way of waiting; what the terminal sends means the same."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """As Textual's."""
        super().__init__(*arguments, **named)
        self.exit_event: _Ending = _Ending()
        self._asked = self._went_on = False

    def stop_the_job(self) -> bool:
        """Stop as ctrl+z stops other programs, with all that the shell has started as one job; True once it goes on
        again. False where no shell could continue it: then it has not stopped."""
        if os.getsid(0) == os.getpid():  # a window of its own, a console, `ssh -t HOST warroom`
            return False
        self._asked, self._went_on = True, False
        signal.raise_signal(signal.SIGTSTP)  # to its handler, which lets transactions come to their end
        return self._asked or self._went_on

    def _sigtstp_application(self, *arguments: Any) -> None:
        """Stop. Textual's way stops this process alone and in any case: whoever waits for it (`uv run`, `sudo`) would
        keep the shell waiting too, and without a shell it would never go on. So the system does it where the person
        asked: with the whole job, and not at all where that is nobody's."""
        asked, self._asked = self._asked, False
        if not asked or not self._auto_restart:
            super()._sigtstp_application(*arguments)
            return
        self.suspend_application_mode()
        self._must_signal_resume = True
        handler = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(0, signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, handler)
        if not self._went_on:
            self.resume_application_mode()

    def _sigcont_application(self, *arguments: Any) -> None:
        """Go on. Who was stopped by force (SIGSTOP) could take no leave: it does so now, or else two threads would read
        what is typed, and the terminal would be given back as it is for the program."""
        self._went_on = True
        if self._auto_restart and self._key_thread is not None and self._key_thread.is_alive():
            if not _in_front(self.fileno):
                os.kill(os.getpid(), signal.SIGSTOP)  # until it is in front, where this is called again
                return
            self.suspend_application_mode()
        super()._sigcont_application(*arguments)

    def stop_application_mode(self) -> None:
        """Leave the terminal as it was. The screen is wiped first: GNU screen has no second one unless told to, and
        tmux keeps lines of it once its window has grown; the shell would go on in the middle of the picture."""
        self.write(WIPE)
        super().stop_application_mode()

    def run_input_thread(self) -> None:
        """Hand on what comes until the end."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")().decode
        fileno, ear = self.fileno, self.exit_event.ear
        try:
            while not self.exit_event.is_set():
                # Textual's own way of asking: `poll` does not know every system's terminals.
                ready, _, _ = select.select([fileno, ear], [], [], _patience_s(parser))
                if fileno in ready:
                    typed = os.read(fileno, CHUNK)
                    if not typed:
                        return  # whoever typed is gone, and nothing comes any more
                    self._clear_the_way()
                    self._hand_on(parser.feed(text) if (text := decode(typed)) else ())
                self._hand_on(parser.tick())
            if select.select([fileno], [], [], 0)[0] and (text := decode(os.read(fileno, CHUNK), final=True)):
                self._hand_on(parser.feed(text))
        finally:
            try:
                for _ in parser.feed(""):
                    pass
            except (EOFError, ParseError):
                pass

    def _clear_the_way(self) -> None:
        """Something has come: others in this process let it go ahead, before it is even known what it is."""
        courtesy = getattr(getattr(self, "_app", None), "courtesy", None)
        if courtesy is not None:
            courtesy.begin()

    def _hand_on(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)


def _in_front(fileno: int) -> bool:
    """Whether the terminal is this process's to write to, and not that of a shell which runs it in the background."""
    try:
        return os.tcgetpgrp(fileno) == os.getpgrp()
    except OSError:  # no terminal
        return True


def _patience_s(parser: XTermParser) -> float | None:
    """How long an escape still waits for what may follow it, in seconds; None where none waits."""
    due = parser._timeout_time
    return None if due is None else max(0.0, due - get_time())
