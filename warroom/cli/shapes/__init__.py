"""What `--json` prints, as models: a module for each topic, and here what all of them stand on.

docs/json.md describes each model, and a test holds the two together.

A text that nobody gave is "", a time that nobody knows is null. Members may be added in later versions; those that are
here keep their names and meanings.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, PlainSerializer


def rfc3339(at: datetime) -> str:
    """A moment in UTC: seconds always, as many digits of a second as there are, and a Z."""
    text = at.astimezone(UTC).replace(tzinfo=None).isoformat()
    return (text.rstrip("0") if "." in text else text) + "Z"


Time = Annotated[datetime, PlainSerializer(rfc3339, return_type=str)]


class Shape(BaseModel):
    """The base of all shapes: nothing is changed once it is made, nothing unknown gets in."""

    model_config = ConfigDict(frozen=True, extra="forbid")
