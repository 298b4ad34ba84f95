"""placeholder"""
from __future__ import annotations
from typing import Any
class Intents:
    def __init__(self, app: Any) -> None: self.app = app
    def follow(self, view: Any) -> None: ...
    def act(self, action: str, line: Any) -> None:
        if action == "quit": self.app.exit(0)
    def done(self, result: Any) -> None: ...
