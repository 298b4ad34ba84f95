"""What is typed reaches the program although nobody looks for it all the time; an escape alone as soon as it may."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from textual.events import Key
from textual.message import Message

pytest.importorskip("termios")

from warroom.tui.link.keyboard import KeyboardDriver, _Ending

FAR_S = 20.0


class Typed(KeyboardDriver):
    """Without a terminal: it reads from a pipe, and keeps what it hands on."""

    def __init__(self, fileno: int) -> None:
        self._debug = False
        self.fileno = fileno
        self.exit_event = _Ending()
        self.keys: list[str] = []
        self.came = threading.Semaphore(0)

    def process_message(self, message: Message) -> None:
        if isinstance(message, Key):
            self.keys.append(message.key)
            self.came.release()


@pytest.fixture
def typing() -> Iterator[tuple[Typed, int, threading.Thread]]:
    ear, mouth = os.pipe()
    driver = Typed(ear)
    thread = threading.Thread(target=driver.run_input_thread, daemon=True)
    thread.start()
    yield driver, mouth, thread
    driver.exit_event.set()
    thread.join(FAR_S)
    for each in (ear, mouth):
        os.close(each)
    assert not thread.is_alive()


def test_keys_come_as_they_are_typed(typing: tuple[Typed, int, threading.Thread]) -> None:
    driver, mouth, _ = typing
    for text, key in ((b"a", "a"), (b"\x1b[A", "up"), (b"\t", "tab")):
        os.write(mouth, text)
        assert driver.came.acquire(timeout=FAR_S)
        assert driver.keys[-1] == key


def test_others_let_it_go_ahead_before_it_is_known_what_was_typed(typing: tuple[Typed, int, threading.Thread]) -> None:
    driver, mouth, _ = typing
    ahead = threading.Event()
    driver._app = SimpleNamespace(courtesy=SimpleNamespace(begin=ahead.set))  # type: ignore[assignment]
    os.write(mouth, b"\x1b")  # it may be the beginning of a key
    assert ahead.wait(FAR_S)
    assert driver.came.acquire(timeout=FAR_S) and driver.keys == ["escape"]


def test_an_escape_alone_needs_no_other_key_behind_it(typing: tuple[Typed, int, threading.Thread]) -> None:
    driver, mouth, _ = typing
    os.write(mouth, b"\x1b")
    assert driver.came.acquire(timeout=FAR_S)
    assert driver.keys == ["escape"]


def test_the_end_wakes_it_and_it_can_begin_again(typing: tuple[Typed, int, threading.Thread]) -> None:
    driver, mouth, thread = typing
    begun = time.monotonic()
    driver.exit_event.set()
    thread.join(FAR_S)
    assert not thread.is_alive() and time.monotonic() - begun < FAR_S / 2
    driver.exit_event.clear()
    again = threading.Thread(target=driver.run_input_thread, daemon=True)
    again.start()
    os.write(mouth, b"b")
    assert driver.came.acquire(timeout=FAR_S)
    assert driver.keys == ["b"]
    driver.exit_event.set()
    again.join(FAR_S)


def test_the_program_reads_keys_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from textual.drivers.linux_driver import LinuxDriver

    from warroom.tui.link import output

    usual = output.LinkApp.__mro__[1]
    monkeypatch.setattr(usual, "get_driver_class", lambda self: LinuxDriver)
    found = output.LinkApp.get_driver_class
    monkeypatch.setattr(output, "unfit", lambda: "")
    app = object.__new__(output.LinkApp)
    assert found(app) is KeyboardDriver
    monkeypatch.setattr(output, "unfit", lambda: "Textual has changed")
    assert found(app) is LinuxDriver


def test_the_screen_is_wiped_before_it_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal without a second screen would keep the picture, and the shell would go on in the middle of it."""
    ear, mouth = os.pipe()
    driver = Typed(ear)
    said: list[str] = []
    driver.attrs_before = None
    monkeypatch.setattr(driver, "write", said.append)
    monkeypatch.setattr(driver, "disable_input", lambda: None)
    monkeypatch.setattr(driver, "flush", lambda: None)
    driver._in_band_window_resize = False
    driver.stop_application_mode()
    for each in (ear, mouth):
        os.close(each)
    text = "".join(said)
    assert text.index("\x1b[2J\x1b[H") < text.index("\x1b[?1049l")
