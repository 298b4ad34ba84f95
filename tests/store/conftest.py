"""What the tests of the store share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.rooms import Hands, room
from warroom.domain.incident import Declare
from warroom.store.write import Writer


@pytest.fixture
def here(tmp_path: Path) -> Iterator[tuple[Writer, Hands]]:
    """A room with one incident, and the clock that it goes by."""
    with room(tmp_path / "room.db") as (writer, _, hands):
        writer.execute(Declare("Checkout is down", "SEV1"), actor="mina", now=hands)
        yield writer, hands
