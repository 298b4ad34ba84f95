"""A room that has been lived in: one incident with a past, and nothing that falls due while a test looks at it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from warroom.clock import Clock
from warroom.domain.comms import PostUpdate
from warroom.domain.core import Command
from warroom.domain.escalation import Acknowledge
from warroom.domain.incident import Declare, SetSeverity, SetStatus, Status
from warroom.domain.record import AddNote
from warroom.rulebook.load import seed_rulebook
from warroom.service.session import Session

SUNDAY = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
"""What time it is in the room when it has been made: nobody has to do anything before Monday."""

HAPPENED: tuple[tuple[float, Command], ...] = (
    (0, Declare("Exports are late", "SEV2", "export-service")),
    (1, Acknowledge()),
    (5, AddNote("the queue grows")),
    (10, SetStatus(Status.INVESTIGATING, "on it")),
    (15, PostUpdate("internal", "We look into the queue.")),
    (20, AddNote("결제 큐가 밀린다")),
    (30, SetSeverity("SEV3", "few customers")),
    (40, AddNote("it drains")),
)
"""What mina did, each with the minute."""


def lived_room(path: Path) -> None:
    """Make a room of the default rules in which INC-1 is 50 minutes old, its timers taken as they fell due."""
    began = SUNDAY - timedelta(minutes=50)
    now = [began]
    clock = Clock(datetime.now(UTC), SUNDAY, 1.0)
    with Session(path, actor="mina", seed=seed_rulebook, clock=lambda: now[0], new_clock=clock) as session:

        def pass_until(moment: datetime) -> None:
            while (due := session.writer.next_due()) is not None and due <= moment:
                now[0] = max(now[0], due)
                session.writer.tick(lambda: now[0])
            now[0] = moment

        for minute, command in HAPPENED:
            pass_until(began + timedelta(minutes=minute))
            session.execute(command, "" if isinstance(command, Declare) else "INC-1")
        pass_until(SUNDAY)
        due = session.writer.next_due()
        assert due is None or due > SUNDAY + timedelta(minutes=5)
