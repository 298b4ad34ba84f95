"""What to say where a package is missing; imports nothing but the interpreter."""

from __future__ import annotations


def how_to_install(package: str) -> str:
    """The one line on how to get the packages that warroom needs."""
    return (
        f"the package {package} is not installed here: use `uv run warroom`, "
        "or `python3 -m venv .venv && .venv/bin/pip install -e .` and then `.venv/bin/warroom`"
    )
