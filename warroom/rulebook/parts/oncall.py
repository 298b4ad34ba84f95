"""People and how they are reached, paging hours, and who is on call (R7)."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic import model_validator as check_all

from warroom.domain.oncall import Contact, PagingHours, Person
from warroom.rulebook import values
from warroom.rulebook.parts.fields import Address, Clock, Day, Part, Title, Way, Zone, distinct
from warroom.rulebook.values import DAYS, Wrong


class HoursPart(Part):
    """When a page may go out that can wait (R2, R7). Start and end are on the same day."""

    zone: Zone = Field(description="the time zone of the hours, such as Europe/Stockholm")
    days: Annotated[tuple[Day, ...], AfterValidator(distinct)] = Field(
        min_length=1, description="the days, such as [mon, tue, wed, thu, fri]"
    )
    start: Clock = Field(description="the first minute, such as 09:00")
    end: Clock = Field(description="when the hours are over, such as 17:00")

    @check_all(mode="after")
    def _ends_after_start(self) -> HoursPart:
        if self.end <= self.start:
            start = values.clock_text(self.start)
            advice = f"hours lie within one day: write a time after {start}, 23:59 at the latest"
            raise Wrong("is not after the start", advice, at=("end",))
        return self


def to_hours(part: HoursPart) -> PagingHours:
    """Paging hours as the domain has them."""
    return PagingHours(part.zone, tuple(sorted(DAYS.index(day) for day in part.days)), part.start, part.end)


class PersonPart(Part):
    """Somebody who can be paged or hold a role."""

    name: Title = Field(description="the person's name")
    contacts: dict[Way, Address] = Field({}, description="by way, the address there; the first one is preferred")


def to_person(login: str, part: PersonPart) -> Person:
    """A person as the domain has them."""
    return Person(login, part.name, tuple(Contact(via, at) for via, at in part.contacts.items()))
