"""Importing this sets Textual's pace as the environment says, unless whoever knows the person's choice has set it
before. A program's first module imports it before it imports Textual.
"""

from __future__ import annotations

from warroom.tui.link.speed import prepare

prepare()
