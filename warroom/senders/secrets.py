"""Secrets: looked up where a rulebook says they are, by the process that sends, at the moment it sends.

A rulebook lives in a database that others may write to, so what it can make this process do is limited. Any variable of
the environment may be named. Files are read only from the directories for secrets (`directories`). Commands are run
only where the owner of the process has allowed it, by setting WARROOM_ALLOW_COMMANDS=1.

Nothing that was looked up here may be seen again: `Redactor` takes it out of every text that is shown, written down or
stored.
"""

from __future__ import annotations

import base64
import html
import json
import os
import re
import shlex
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from pathlib import Path
from urllib.parse import quote, quote_plus

from warroom.domain.text import clean_line
from warroom.plainfile import read_plain
from warroom.valueclass import dataclass
from warroom.words import plain

PLACEHOLDER = re.compile(r"\$\{([^{}]*)\}")
HIDDEN = "[hidden]"
SHORTEST = 4
"""A secret shorter than that guards nothing, and hiding it would garble every message."""
LONGEST = 8192
COMMAND_S = 5.0
"""How long a command may take to print a secret, in seconds."""
KEPT_S = 300.0
"""How long the output of a command is kept, in seconds: it may ask for a token over the network."""

ALLOW_COMMANDS, DIRECTORIES = "WARROOM_ALLOW_COMMANDS", "WARROOM_SECRET_DIRS"


class NoSecret(Exception):
    """A secret that this process cannot look up. The message names where it should be, and never what it is."""


def directories(environment: Mapping[str, str]) -> tuple[Path, ...]:
    """Where files with secrets may be: WARROOM_SECRET_DIRS (separated by colons), else this user's own directory for
    warroom's configuration, what systemd and containers provide, and /etc/warroom."""
    given = environment.get(DIRECTORIES, "")
    if given:
        return tuple(Path(each).expanduser() for each in given.split(":") if each)
    from platformdirs import user_config_path

    provided = environment.get("CREDENTIALS_DIRECTORY", "")
    usual = [user_config_path("warroom", appauthor=False), Path("/run/secrets"), Path("/etc/warroom")]
    return (*([Path(provided)] if provided else []), *usual)


@dataclass(slots=True)
class Redactor:
    """Takes secrets out of texts, in the forms in which a server or a library may repeat them."""

    _known: set[str] = field(default_factory=set)
    _forms: tuple[str, ...] = ()
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def learn(self, secret: str) -> None:
        """Hide `secret` from now on."""
        with self._lock:
            if secret not in self._known:
                self._known.add(secret)
                forms = {form for each in self._known for form in _forms(each)}
                self._forms = tuple(sorted(forms, key=len, reverse=True))

    def __call__(self, text: str) -> str:
        """`text` without any secret."""
        for form in self._forms:
            if form in text:
                text = text.replace(form, HIDDEN)
        return text

    def line(self, text: str, limit: int = 300) -> str:
        """One clean line of at most `limit` characters; hidden before it is cut, and again after it was cleaned."""
        return self(str(clean_line(self(text[: limit * 20]), limit)))


def _forms(secret: str) -> Iterable[str]:
    yield secret
    yield quote(secret, safe="")
    yield quote(secret)
    yield quote_plus(secret)
    yield quote(secret, safe="").lower()
    yield html.escape(secret)
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield repr(secret)[1:-1]
    yield str(clean_line(secret, LONGEST))
    raw = secret.encode("utf-8", "surrogatepass")
    yield repr(raw)[2:-1]
    for shift in range(3):
        # What base64 makes of it when it stands behind other characters, as in "user:password".
        encoded = base64.b64encode(b"\0" * shift + raw).decode().rstrip("=")
        inner = encoded[(shift * 8 + 5) // 6 : len(encoded) - (1 if (shift + len(raw)) % 3 else 0)]
        if len(inner) >= SHORTEST:
            yield inner
            yield inner.replace("+", "-").replace("/", "_")


@dataclass(slots=True)
class Secrets:
    """Looks secrets up for this process, and sees to it that `redact` knows each of them before anybody else does."""

    redact: Redactor = field(default_factory=Redactor)
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    monotonic: Callable[[], float] = time.monotonic
    _outputs: dict[str, tuple[float, str]] = field(default_factory=dict)

    def look_up(self, reference: str) -> str:
        """The secret that `env:NAME`, `file:PATH` or `cmd:COMMAND` stands for; raises `NoSecret`."""
        source, _, where = reference.partition(":")
        match source:
            case "env":
                found = self.environment.get(where)
                if found is None:
                    raise NoSecret(f"{where} is not set")
            case "file":
                found = self._file(where)
            case "cmd":
                found = self._command(where)
            case _:
                raise NoSecret("what stands there does not say where a secret is found")
        found = found.removesuffix("\n").removesuffix("\r")
        name = where if source == "env" else reference
        if not SHORTEST <= len(found) <= LONGEST:
            raise NoSecret(
                f"{name} is empty" if not found else f"{name} is not {SHORTEST} to {LONGEST} characters long"
            )
        self.redact.learn(found)
        if not found.isprintable():
            raise NoSecret(f"{name} holds characters that no key has, such as a line break")
        return found

    def missing(self, references: Iterable[str]) -> str:
        """Why a process cannot use these references, "" when it can."""
        for reference in references:
            try:
                self.look_up(reference)
            except NoSecret as error:
                return str(error)
        return ""

    def fill(self, template: str) -> str:
        """A text with every `${...}` replaced by its secret, quoted for a URL unless it is the whole of the text."""
        whole = PLACEHOLDER.fullmatch(template)
        if whole:
            return self.look_up(whole[1])
        return PLACEHOLDER.sub(lambda found: quote(self.look_up(found[1]), safe=""), template)

    def _file(self, where: str) -> str:
        path = Path(where).expanduser()
        try:
            real = path.resolve(strict=True)
            allowed = directories(self.environment)
            if not any(real.is_relative_to(each.resolve()) for each in allowed):
                places = ", ".join(str(each) for each in allowed)
                raise NoSecret(f"file:{where} is in no directory for secrets ({places}; or set {DIRECTORIES})")
            with plain():  # what is wrong is stored, and a pipe would keep this sender waiting for good
                return read_plain(real, LONGEST + 2).decode("utf-8")
        except (OSError, RuntimeError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a text"
            raise NoSecret(f"file:{where} cannot be read: {reason}") from None

    def _command(self, where: str) -> str:
        if self.environment.get(ALLOW_COMMANDS) != "1":
            raise NoSecret(f"cmd: is not allowed here: set {ALLOW_COMMANDS}=1 to let rulebooks run commands as you")
        at, output = self._outputs.get(where, (-KEPT_S, ""))
        if self.monotonic() - at < KEPT_S:
            return output
        try:
            done = subprocess.run(
                shlex.split(where),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=COMMAND_S,
                check=True,
                env=dict(self.environment),
            )
            output = done.stdout[: LONGEST + 2].decode("utf-8")
        except subprocess.TimeoutExpired:
            raise NoSecret(f"cmd:{where} did not end within {COMMAND_S:g} s") from None
        except subprocess.CalledProcessError as error:
            raise NoSecret(f"cmd:{where} ended with status {error.returncode}") from None
        except (OSError, ValueError):
            raise NoSecret(f"cmd:{where} cannot be run") from None
        self._outputs[where] = (self.monotonic(), output)
        return output


def references(template: str) -> tuple[str, ...]:
    """The references to secrets in an address template."""
    return tuple(found[1] for found in PLACEHOLDER.finditer(template))
