"""A rulebook that nothing can be said against, and changes of it that something can be said against."""

from __future__ import annotations

from datetime import UTC, datetime

from warroom.rulebook.convert import Loaded
from warroom.rulebook.findings import Finding
from warroom.rulebook.load import read_rulebook

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""A Monday."""

SOUND = """\
room: {name: night shift, prefix: INC}
severities:
  SEV1:
    rank: 1
    glyph: ◆
    title: critical
    major: true
    policy: urgent
    cadence:
      public: {first: 10m, every: 30m}
    roles:
      writer: 10m
      incident-manager: 5m
  SEV2: {rank: 2, glyph: ▲, title: minor, major: false, policy: urgent}
role_defaults: {remind_every: 5m, remind_times: 3, offer_lapses: 10m}
roles:
  incident-manager: {title: incident manager, pool: [oncall:second], then: [level:next]}
  writer: {title: writer, pool: [team:all], then: [role:incident-manager]}
policies:
  urgent:
    levels:
      - {label: first, targets: [oncall:first], via: [sms], ack_timeout: 5m, repeat: 1, resolve_timeout: 30m}
      - {label: second, targets: [oncall:second], ack_timeout: 10m}
    then: ["channel:#major"]
people:
  mina: {name: Mina, zone: Europe/Stockholm, contacts: {sms: "+46 70 174 06 05", chat: "@mina"}}
  ana: {name: Ana, zone: Europe/Lisbon, contacts: {chat: "@ana"}}
  bo: {name: Bo, zone: Europe/Stockholm, contacts: {chat: "@bo"}}
oncall:
  first: [mina]
  second: [ana]
teams:
  all: [mina, ana, bo]
chat_rooms:
  "#major": last resort
channels:
  public: {title: status page, audience: external}
reminders:
  - {after: 0s, to: [role:writer]}
  - {after: 5m, to: [level:next]}
watch: {channel: public, cadence: 30m}
"""
"""A rulebook of one file that nothing can be said against."""
LEVELS = "policies.urgent.levels"
EVE = "people:\n  eve: {name: Eve}\n"


def read(text: str) -> Loaded:
    """A rulebook of one file."""
    return read_rulebook({"rules.yaml": text.encode()})


def changed(old: str, new: str) -> str:
    """The sound rulebook with a place of it changed, and with eve, whom nobody can reach, where that names her."""
    assert old in SOUND
    text = SOUND.replace(old, new, 1)
    return text.replace("people:\n", EVE, 1) if "person:eve" in new else text


def kinds(found: tuple[Finding, ...]) -> set[str]:
    return {finding.kind for finding in found}
