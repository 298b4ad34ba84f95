"""What to say where a package is missing; imports nothing but the interpreter's own."""

from __future__ import annotations

from warroom.words import tr


def how_to_install(package: str) -> str:
    """The one line on how to get the packages that warroom needs."""
    return tr(
        "the package {package} is not installed here: use `uv run warroom`, "
        "or `python3 -m venv .venv && .venv/bin/pip install -e .` and then `.venv/bin/warroom`"
    ).format(package=package)
