"""On-call shifts as an iCalendar file (RFC 5545, R7), for people's own calendars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256

from warroom.domain.oncall import Person
from warroom.domain.schedule import Span
from warroom.domain.text import clean_block, clean_line
from warroom.intake.ical import OWN_UID


def write_calendar(
    shifts: Iterable[tuple[str, Span]], people: Mapping[str, Person], *, room: str, now: datetime
) -> str:
    """The shifts (each with the name of its schedule) as a calendar; gaps are left out. `now` is when it was made.

    The same shift has the same UID whenever it is written, so a calendar that is read again is brought up to date.
    """
    from ical.calendar import Calendar
    from ical.calendar_stream import IcsCalendarStream
    from ical.event import Event
    from ical.types.cal_address import CalAddress
    from ical.types.uri import Uri

    events = []
    for schedule, span in shifts:
        if not span.people:
            continue
        known = [people.get(login) or Person(login) for login in span.people]
        names = ", ".join(clean_line(person.name or person.login, 200) for person in known)
        mails = [mail for person in known if (mail := _mail(person))]
        stamp = f"{span.start:%Y%m%dT%H%M%SZ}"
        name = sha256("\n".join((room, schedule, *span.people)).encode("utf-8", "surrogatepass")).hexdigest()[:16]
        # Guests only where all of them are known by mail: whoever reads it would take them for everybody.
        guests = [CalAddress(uri=Uri(f"mailto:{mail}")) for mail in mails] if len(mails) == len(known) else []
        events.append(
            Event(
                uid=f"{stamp}-{name}{OWN_UID}",
                dtstamp=now.replace(microsecond=0),
                dtstart=span.start,
                dtend=span.end,
                summary=f"On call: {names} ({clean_line(schedule, 100)})",
                description=str(clean_block(span.why, 1000)),
                categories=[str(clean_line(schedule, 100))],
                attendees=guests,
            )
        )
    calendar = Calendar(prodid="-//warroom//on-call//EN", events=events)
    return IcsCalendarStream.calendar_to_ics(calendar)


def _mail(person: Person) -> str:
    address = next((contact.address for contact in person.contacts if contact.via == "mail"), "")
    return address if address and not any(char.isspace() or char in '<>",;:' for char in address) else ""
