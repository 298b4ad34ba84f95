"""`python -m warroom`, and what the command `warroom` runs."""

from __future__ import annotations

import gc
import sys

from warroom.cli.installing import how_to_install

_YOUNG = 500_000
"""So many more objects made than freed start a search for garbage. Importing the program makes them all to keep; the
usual 700 made the start a quarter longer, for nothing. What stays open sets its own (`warroom.tui.garbage`)."""


def main() -> None:
    """Run the command line and exit."""
    gc.set_threshold(_YOUNG, 20, 20)
    try:
        from warroom.cli.language import choose

        choose()
        from warroom.cli.main import cli
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("warroom"):
            raise
        sys.stderr.write(f"warroom: {how_to_install(error.name)}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    cli()


if __name__ == "__main__":
    main()
