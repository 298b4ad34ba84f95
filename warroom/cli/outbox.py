"""`warroom outbox`: messages on their way out and what became of them; try one again; try a way out.

Secrets are looked up for `test` alone, and never shown.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from warroom.cli.lazy import Entry
from warroom.cli.output import Cell, emit, say, table, tell, width
from warroom.cli.rooms import acting, looking
from warroom.cli.settings import RoomGroup, Settings, command, settings_of
from warroom.domain.core import Refused
from warroom.tui.pieces import Role
from warroom.words import tr

if TYPE_CHECKING:
    from warroom.cli.shapes import outbox as shapes
    from warroom.domain.routes import Delivery
    from warroom.store.outbox_read import Kept

_OWN, _ACT = "warroom.cli.outbox", "Act"
MOST = 1000


@click.pass_context
def _alone(ctx: click.Context, failed: bool, last: int) -> None:
    """What `warroom outbox` does without a command of its own."""
    if ctx.invoked_subcommand is None:
        _list(settings_of(ctx), failed, last)


outbox = RoomGroup(
    "outbox",
    entries={
        "retry": Entry(f"{_OWN}:retry", "Try a message anew that did not go out.", _ACT),
        "test": Entry(f"{_OWN}:test", "Send a test page by a way, to see whether it is set up.", _ACT),
    },
    invoke_without_command=True,
    callback=_alone,
    params=[
        click.Option(["--failed"], is_flag=True, help="Only what failed, was given up, or may not have gone out."),
        click.Option(
            ["--last"], type=click.IntRange(1, MOST), default=100, show_default=True, metavar="N", help="The last N."
        ),
    ],
    help="List messages on their way out and what became of them, newest first.",
)


def _list(settings: Settings, failed: bool, last: int) -> None:
    from warroom.service.delivering import unsent
    from warroom.store import outbox_read as box

    with looking(settings) as session:
        found = box.listing(session.database, troubled=failed, most=last)
        now, pace = session.clock(), session.room_clock.speed
        waiting = unsent(box.queues(session.database, now), session.book().delivery, now, pace)
    if settings.json:
        for kept in found:
            emit(shape_of(kept))
    else:
        for line in _lines(found, width()):
            say(line)
    for each in waiting:
        tell(settings, each)
    if not found:
        tell(settings, tr("nothing has failed") if failed else tr("no message yet"))


def _lines(found: list[Kept], wide: int | None) -> list[str]:
    heads = (tr("ID"), tr("AT"), tr("TO"), tr("BY"), tr("STATE"), tr("TRIES"), tr("SUBJECT OR TROUBLE"))
    looks = {"sent": Role.OK, "bundled": Role.OK, "failed": Role.LATE, "unknown": Role.LATE, "given up": Role.ALARM}
    rows = [
        (
            Cell(each.message.id),
            Cell(f"{each.message.created_at:%m-%d %H:%M:%S}"),
            Cell(each.message.to),
            Cell(each.message.via),
            Cell(tr(each.state) + (" ×2?" if each.message.maybe_twice else ""), looks.get(each.state, Role.TEXT)),
            Cell(str(each.message.tries)),
            Cell(_about(each)),
        )
        for each in found
    ]
    return table(heads, rows, wide=wide)


def _about(kept: Kept) -> str:
    if kept.error:
        return kept.error
    if kept.bundle:
        return tr("carried by {bundle}").format(bundle=kept.bundle)
    action = kept.message.action
    return kept.message.subject if action == "message" else f"{action}: {kept.message.subject}"


def shape_of(kept: Kept) -> shapes.OutboxMessage:
    """A message as `--json` has it."""
    from warroom.cli.shapes.outbox import OutboxMessage

    message = kept.message
    return OutboxMessage(
        id=message.id,
        key=message.key,
        kind=message.kind,
        action=message.action,
        to=message.to,
        via=message.via,
        lane=message.lane,
        address=message.address,
        subject=message.subject,
        state=kept.state,
        tries=message.tries,
        created_at=message.created_at,
        next_at=kept.next_at if kept.state in ("queued", "failed", "unknown") else None,
        sent_at=kept.sent_at,
        error=kept.error,
        maybe_twice=message.maybe_twice,
        bundle=kept.bundle,
    )


@command("retry")
@click.argument("message", metavar="ID")
def retry(settings: Settings, message: str) -> None:
    """Let a message be tried anew at once that failed or was given up. ID is what warroom outbox lists, such as
    INC-142/7/1."""
    from warroom.store import settling

    with acting(settings) as session:
        _ = session.writer
        before = settling.again(session.database, message, session.clock())
    if before is None:
        raise Refused(tr("there is no message {message}: see warroom outbox").format(message=message))
    if before in ("sent", "bundled", "sending"):
        raise Refused(
            tr("message {message} is {state}: there is nothing to try again").format(message=message, state=tr(before))
        )
    if settings.json:
        from warroom.cli.shapes.outbox import OutboxRetried

        emit(OutboxRetried(id=message, before=before))
    else:
        say(tr("{message} was {state} and is tried again now").format(message=message, state=tr(before)))


@command("test")
@click.argument("way")
@click.argument("address", required=False, default="")
def test(settings: Settings, way: str, address: str) -> int:
    """Send a test page by WAY to ADDRESS, with the rules in force and the secrets of this process.

    WAY is chat, sms, phone, mail, push or webhook, a chat room such as "#incident-major", channel:NAME or
    integration:NAME; the last three need no ADDRESS. An integration gets an alert that is resolved at once. Exit code 0
    when it went out.
    """
    from warroom.senders.office import Office
    from warroom.senders.secrets import Secrets

    with looking(settings) as session:
        rules, now = session.book().delivery, session.clock()
    place = rules.at(way) if rules is not None else None
    if rules is None or place is None:
        raise Refused(_no_place(rules, way))
    if not address and _asks_for_one(way, place):
        raise click.UsageError(tr("give the address that a test page goes to by {way}").format(way=way))
    office = Office(rules, Secrets())
    lane = "chat" if way.startswith("#") and way not in rules.rooms else way
    lack = office.closed().get(lane, "")
    errors = [lack] if lack else _try(office, way, address, now, settings.who())
    error = next((each for each in errors if each), "")
    if settings.json:
        from warroom.cli.shapes.outbox import OutboxTest

        emit(OutboxTest(way=way, address=address, good=not error, error=error))
    else:
        where = tr("{way} to {address}").format(way=way, address=address) if address else way
        say(f"✗ {where}: {error}" if error else tr("✔ {where}: the receiver took it").format(where=where))
    return 1 if error else 0


def _asks_for_one(way: str, place: object) -> bool:
    return not way.startswith(("#", "channel:", "integration:")) and any(
        "{address}" in template for template in getattr(place, "to", ())
    )


def _no_place(rules: Delivery | None, way: str) -> str:
    if rules is None:
        return tr("the rules in force have no section delivery: messages are written to a file beside the database")
    known = ", ".join(lane for lane, _ in rules.lanes()) or tr("none")
    return tr("the rules in force name nothing for {way}; there is {known}").format(way=way, known=known)


def _try(office: object, way: str, address: str, now: datetime, who: str) -> list[str]:
    """Send what tests this way; the error of each message, "" where it went out."""
    from warroom.domain.messages import dedup_key
    from warroom.senders.office import Office
    from warroom.store.outbox import Claimed

    assert isinstance(office, Office)
    stamp = f"test-{now:%Y%m%dT%H%M%S}"
    kind = "alert" if way.startswith("integration:") else "update" if way.startswith("channel:") else "page"
    name = way.partition(":")[2] or way

    def message(n: int, action: str) -> Claimed:
        return Claimed(
            id=f"{stamp}/1/{n}",
            incident=0,
            kind=kind,
            to=name if kind != "page" or way.startswith("#") else who,
            via="chat" if way.startswith("#") else name,
            address=address or name,
            subject="warroom test",
            body=f"This is a test of warroom by {who}. There is nothing to do.",
            created_at=now,
            tries=1,
            maybe_twice=False,
            action=action,
            dedup=dedup_key("warroom", stamp),
            lane=way,
        )

    actions = ("trigger", "resolve") if kind == "alert" else ("message",)
    return [office.send(message(n, action)).error for n, action in enumerate(actions, 1)]
