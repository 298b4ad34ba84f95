"""What the tables are declared as, on each database."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import create_mock_engine

from warroom.store.tables import WarroomTable


@pytest.mark.parametrize(("url", "percent"), [("sqlite://", "%"), ("postgresql+psycopg://", "%%")])
def test_only_what_waits_for_another_incident_is_in_its_index(url: str, percent: str) -> None:
    said: list[str] = []

    def note(statement: Any, *_: Any, **__: Any) -> None:
        said.append(str(statement.compile(dialect=engine.dialect)))

    engine = create_mock_engine(url, note)
    WarroomTable.metadata.create_all(engine, checkfirst=False)
    assert f"CREATE INDEX deadline_held ON deadline (name) WHERE name LIKE 'hold:{percent}'" in said
