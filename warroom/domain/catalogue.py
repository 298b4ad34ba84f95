"""The services and the teams that incidents are about: what is known of each before anything breaks (R1, R5).

A declared incident names a service; who owns it, which policy it has and what it rests on is looked up here, so that
nobody has to type it in the first minute.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from warroom.valueclass import dataclass
from warroom.words import tr


@dataclass(frozen=True, slots=True)
class ServiceSpec:
    """One service. What a team did not write down is "" or empty, and is shown as unknown.

    `owner` is a team; `policy` an escalation policy instead of the severity's; `oncall` a schedule or an on-call list;
    `dependencies` are services that this one needs; `links` are addresses by name (a runbook, a dashboard); `facts` are
    further words for the board, `labels` what an incident of it carries besides. `product` is what customers know it
    as, "" for its title.
    """

    name: str
    title: str = ""
    owner: str = ""
    policy: str = ""
    oncall: str = ""
    tier: str = ""
    dependencies: tuple[str, ...] = ()
    region: str = ""
    environment: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    facts: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    product: str = ""

    @property
    def shown(self) -> tuple[str, ...]:
        """What the board says of it beneath an incident's title, behind its name, the most telling first."""
        owned = tr("owned by {owner}").format(owner=self.owner) if self.owner else ""
        tier = self.tier if not self.tier or self.tier.startswith("tier") else tr("tier {tier}").format(tier=self.tier)
        return tuple(fact for fact in (self.region, tier, owned, self.environment, *self.facts) if fact)


@dataclass(frozen=True, slots=True)
class TeamSpec:
    """A team: its members, who leads it, which schedule or list is on call for it, and its chat room ("" if none)."""

    name: str
    members: tuple[str, ...] = ()
    lead: str = ""
    oncall: str = ""
    chat: str = ""
