"""Where the files that travel with warroom are: themes and seed data, in a wheel as beside a checkout."""

from __future__ import annotations

from pathlib import Path


def resource(folder: str) -> Path:
    """The folder `themes` or `seed_data`: inside the installed package, else beside it in a checkout.

    Raises FileNotFoundError, naming both places, when the installation is incomplete.
    """
    package = Path(__file__).resolve().parent
    places = (package / "_data" / folder, package.parent / folder)
    for place in places:
        if place.is_dir():
            return place
    looked = " nor ".join(str(place) for place in places)
    raise FileNotFoundError(f"{folder} is neither in {looked}: install warroom again")
