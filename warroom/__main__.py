"""`python -m warroom`, and what the command `warroom` runs."""

from __future__ import annotations

import sys

from warroom.cli.installing import how_to_install


def main() -> None:
    """Run the command line and exit."""
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
