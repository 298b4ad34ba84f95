"""Parsed JSON that knows where it is, so that whatever is wrong with a field can name the field."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from warroom.domain.text import clean_block, clean_line, quote_plain
from warroom.intake.histories.markup import plain
from warroom.intake.history import HistoryError
from warroom.valueclass import dataclass
from warroom.words import mark, tr

ID_LIMIT: Final = 250
"""Longest source id in characters; the longest seen, an AWS event's ARN, has about 150."""

_NAMES: Final = {
    dict: mark("an object"),
    list: mark("a list"),
    str: mark("a text"),
    bool: mark("true or false"),
    int: mark("a number"),
    float: mark("a number"),
    type(None): "null",
}
SOMETHING_ELSE: Final = mark("something else")


@dataclass(frozen=True, slots=True)
class Field:
    """A value and the path to it from the top of the file, such as `incidents[3].updates[0].when`."""

    value: Any
    path: str = ""

    def wrong(self, message: str) -> HistoryError:
        """The error to raise about this field."""
        return HistoryError(f"{self.path or tr('top level')}: {message}")

    @property
    def is_object(self) -> bool:
        return isinstance(self.value, dict)

    def _expected(self, what: str) -> HistoryError:
        found = tr(_NAMES.get(type(self.value), SOMETHING_ELSE))
        return self.wrong(tr("must be {what}, but is {found}").format(what=tr(what), found=found))

    def find(self, name: str) -> Field | None:
        """The member `name`; None where it is missing or null. Raises where this is no object."""
        if not isinstance(self.value, dict):
            raise self._expected(mark("an object"))
        value = self.value.get(name)
        return None if value is None else self._member(name, value)

    def need(self, name: str) -> Field:
        """The member `name`, null included; raises where it is missing."""
        if not isinstance(self.value, dict):
            raise self._expected(mark("an object"))
        if name not in self.value:
            raise self.wrong(tr('has no "{name}"').format(name=name))
        return self._member(name, self.value[name])

    def _member(self, name: str, value: Any) -> Field:
        name = clean_line(name, 64)  # some are the file's own
        return Field(value, f"{self.path}.{name}" if self.path else name)

    def items(self) -> Iterator[Field]:
        """The elements of a list; raises for everything else, null included."""
        if not isinstance(self.value, list):
            raise self._expected(mark("a list"))
        return (Field(value, f"{self.path}[{index}]") for index, value in enumerate(self.value))

    def some(self, name: str) -> Iterator[Field]:
        """The elements of the member `name`; none where it is missing or null."""
        found = self.find(name)
        return iter(()) if found is None else found.items()

    def raw(self) -> str:
        """The text as it stands."""
        if not isinstance(self.value, str):
            raise self._expected(mark("a text"))
        return self.value

    def line(self, name: str) -> str:
        """The member `name` cleaned to one line; empty where it is missing or null."""
        found = self.find(name)
        return "" if found is None else clean_line(found.raw())

    def body(self, name: str) -> str:
        """The member `name`, HTML or plain, as clean text of several lines; empty where missing or null."""
        found = self.find(name)
        if found is None:
            return ""
        try:
            return clean_block(plain(found.raw()))
        except ValueError as error:
            raise found.wrong(str(error)) from None

    def word(self, name: str) -> str:
        """The member `name` as one cleaned word or code, numbers included; empty where missing or null."""
        found = self.find(name)
        if found is None:
            return ""
        if isinstance(found.value, int) and not isinstance(found.value, bool) and abs(found.value) < 10**18:
            return str(found.value)
        return clean_line(found.raw())

    def identity(self, name: str) -> str:
        """The member `name` as a source id; raises where it cannot be one."""
        return source_id(self.need(name))

    def moment(self) -> datetime:
        """A time in ISO 8601 with its offset, as UTC."""
        try:
            at = datetime.fromisoformat(self.raw().strip())
            if at.tzinfo is None:
                raise self.wrong(
                    tr("{text} has no offset from UTC, such as Z or +00:00").format(text=quote_plain(self.raw()))
                )
            return at.astimezone(UTC)
        except (ValueError, OverflowError):
            raise self.wrong(
                tr("{text} is not a time such as 2024-05-01T12:30:00Z").format(text=quote_plain(self.raw()))
            ) from None

    def epoch(self) -> datetime:
        """Seconds since the epoch, as a number or in digits, as UTC."""
        value = self.value
        if isinstance(value, str) and value.isascii() and value.strip().isdigit() and len(value) < 20:
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(tr("must be a time in seconds since 1970, such as 1714566600"))
        try:
            return datetime.fromtimestamp(value, UTC)
        except (ValueError, OverflowError, OSError):
            raise self.wrong(tr("is no time in seconds since 1970, such as 1714566600")) from None


def source_id(field: Field) -> str:
    """A provider's own id, which is never changed by cleaning: what could do harm in it is refused."""
    value = field.value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise field.wrong(tr("must be an id, a text that is not empty"))
    if len(value) > ID_LIMIT or clean_line(value, ID_LIMIT) != value:
        raise field.wrong(
            tr("{value} cannot be an id: too long, or characters that do not belong in one").format(
                value=quote_plain(value)
            )
        )
    return value
