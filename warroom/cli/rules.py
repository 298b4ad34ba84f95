"""`warroom rules`: what follows by itself (R6). List the rules, try others on what really happened, lift a hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from warroom.cli.lazy import Entry
from warroom.cli.output import Cell, emit, say, table, tell, width
from warroom.cli.params import KEY
from warroom.cli.perform import perform
from warroom.cli.rooms import looking
from warroom.cli.settings import RoomGroup, Settings, command
from warroom.domain.rules import LiftHold, Rule
from warroom.words import figure, tr, trn

if TYPE_CHECKING:
    from warroom.cli.shapes import rules as shapes
    from warroom.domain.book import Rulebook
    from warroom.domain.incident import SeveritySpec
    from warroom.rulebook.convert import Loaded
    from warroom.service.trial import Trial

_OWN = "warroom.cli.rules"
_LOOK, _ACT = "Look", "Act"
MOST = 100_000

rules = RoomGroup(
    "rules",
    entries={
        "list": Entry(f"{_OWN}:list_", "The rules in force, in the order in which they are asked.", _LOOK),
        "try": Entry(f"{_OWN}:try_", "What rules would have done with the last incidents.", _LOOK),
        "lift": Entry(f"{_OWN}:lift", "Page for an incident after all that a rule holds back.", _ACT),
    },
    help="What follows by itself: severity, policy, people, and paging nobody.",
)


@command("list")
def list_(settings: Settings) -> None:
    """List the rules in force, in the order in which they are asked."""
    from warroom.domain.conditions import words
    from warroom.domain.rules import does

    with looking(settings) as session:
        book = session.book()
    if settings.json:
        from warroom.cli.shapes.rules import ListedRule

        for rule in book.rules:
            emit(
                ListedRule(
                    rule=rule.name,
                    about=rule.about,
                    when=words(rule.when),
                    then=list(does(rule.then)),
                    stop=rule.stop,
                )
            )
        return
    for rule in book.rules:
        say(rule.name + (f"  {rule.about}" if rule.about else ""))
        say("  " + tr("when  {condition}").format(condition=words(rule.when)))
        for effect in _effects(rule):
            say("  " + tr("then  {effect}").format(effect=effect))
    if not book.rules:
        tell(settings, tr("no rule is in force: see rules.yaml of warroom rulebook init DIR"))


def _effects(rule: Rule) -> tuple[str, ...]:
    from warroom.domain.rules import does

    return (*does(rule.then), *([tr("ask no rule after it")] if rule.stop else []))


@command("try")
@click.argument("path", metavar="[FILE|DIR]", type=click.Path(path_type=Path), required=False)
@click.option(
    "--last",
    type=click.IntRange(1, MOST),
    default=100,
    show_default=True,
    metavar="N",
    help="On how many incidents, the latest.",
)
@click.option("--provider", default="", metavar="NAME", help="Only on those imported from this provider.")
def try_(settings: Settings, path: Path | None, last: int, provider: str) -> None:
    """Say what the rules in FILE would have done with the last incidents of this room, and what would have changed.

    FILE may be a rulebook's file with nothing but rules in it; the rest is as it is in force. Of a DIR the whole
    rulebook counts. Compared is with the rules in force; without FILE the rules in force are compared with none.
    Imported incidents count too. Nothing is written.
    """
    from warroom.service import revisions
    from warroom.service.trial import try_rules

    with looking(settings) as session:
        base = revisions.find(session, revisions.IN_FORCE)
        tried = base if path is None else _load(path, base)
        against = _without_rules(base.book) if path is None else base.book
        trial = try_rules(session, tried.book, against, last=last, provider=provider)
    if settings.json:
        emit(_shape(trial))
        return
    _print(settings, trial, tried.book)


def _load(path: Path, base: Loaded) -> Loaded:
    from warroom.rulebook.load import load_rulebook, read_over

    if path.is_dir():
        return load_rulebook(path)
    from warroom.domain.text import clean_line
    from warroom.rulebook.load import read_file

    name = str(clean_line(path.name, 100))
    return read_over({name: read_file(path)}, base.json, name)


def _without_rules(book: Rulebook) -> Rulebook:
    return replace(book, rules=())


def _print(settings: Settings, trial: Trial, tried: Rulebook) -> None:
    from warroom.tui.pieces import Role

    if not trial.count or trial.first is None or trial.last is None:
        tell(settings, tr("there is no incident here to try rules on: declare some, or import a provider's history"))
        return
    span = tr("{first:%Y-%m-%d} to {last:%Y-%m-%d}").format(first=trial.first, last=trial.last)
    some = trn(
        "one incident, {span}: {changed:,} would have got something else",
        "{count:,} incidents, {span}: {changed:,} would have got something else",
        trial.count,
    )
    say(some.format(count=figure(trial.count), span=span, changed=figure(len(trial.changed))))
    counts = (
        (trial.raised, tr("{count:,} worse")),
        (trial.milder, tr("{count:,} milder")),
        (trial.silenced, tr("{count:,} paged for no more")),
        (trial.paged_again, tr("{count:,} paged for after all")),
    )
    told = [said.format(count=figure(count)) for count, said in counts if count]
    if told:
        say(", ".join(told))
    say()
    heads = (tr("RULE"), tr("HELD"), tr("DID"), tr("IN FORCE"))
    rows = [
        [
            Cell(each.rule),
            Cell(
                f"{figure(each.matched):,}" if each.matched else tr("never"), Role.TEXT if each.matched else Role.SOON
            ),
            Cell(f"{figure(each.fired):,}"),
            Cell(tr("new") if each.matched_before is None else f"{figure(each.matched_before):,}"),
        ]
        for each in trial.rules
    ]
    for line in table(heads, rows, wide=width()):
        say(line)
    if not trial.changed:
        return
    say()
    looks = {spec.name: role for spec, role in zip(_ranked(tried), (Role.SEV1, Role.SEV2, Role.SEV3), strict=False)}
    listed = [
        [
            Cell(each.incident.key),
            Cell(f"{each.incident.declared_at:%Y-%m-%d %H:%M}"),
            Cell(each.after.severity, looks.get(each.after.severity, Role.TEXT)),
            Cell(each.incident.title[:48]),
            Cell("; ".join(each.differences)),
        ]
        for each in trial.changed
    ]
    for line in table(
        (tr("KEY"), tr("DECLARED"), tr("WOULD BE"), tr("TITLE"), tr("WHAT CHANGES")), listed, wide=width()
    ):
        say(line)


def _ranked(book: Rulebook) -> list[SeveritySpec]:
    return sorted(book.severities.values(), key=lambda spec: spec.rank)


def _shape(trial: Trial) -> shapes.RulesTrial:
    from warroom.cli.shapes import rules as shapes

    return shapes.RulesTrial(
        incidents=trial.count,
        first=trial.first,
        last=trial.last,
        raised=trial.raised,
        milder=trial.milder,
        silenced=trial.silenced,
        paged_again=trial.paged_again,
        never=list(trial.never),
        rules=[
            shapes.RuleHeld(rule=r.rule, held=r.matched, did=r.fired, held_in_force=r.matched_before)
            for r in trial.rules
        ],
        changed=[
            shapes.WouldChange(
                key=each.incident.key,
                title=each.incident.title,
                provider=each.incident.provider,
                declared=each.incident.declared_at,
                severity_before=each.before.severity,
                severity_after=each.after.severity,
                policy_before=each.before.policy,
                policy_after=each.after.policy,
                held_before=each.before.held,
                held_after=each.after.held,
                rules_before=list(each.before.matched),
                rules_after=list(each.after.matched),
                differences=list(each.differences),
            )
            for each in trial.changed
        ],
    )


@command("lift")
@click.argument("key", type=KEY)
@click.option("--reason", required=True, metavar="TEXT", help="Why, in one line; it goes into the record.")
def lift(settings: Settings, key: str, reason: str) -> None:
    """Page for an incident after all that a rule has suppressed or grouped. Its policy begins at once."""
    perform(settings, key, lambda _: LiftHold(reason))
