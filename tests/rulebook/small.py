"""A rulebook of one file with a little of everything, for tests to break."""

from __future__ import annotations

import pytest

from warroom.rulebook.load import read_rulebook
from warroom.rulebook.problems import Problem, RulebookError

SMALL = """\
room: {name: night shift, prefix: INC}
severities:
  SEV1:
    rank: 1
    glyph: ◆
    title: critical
    major: true
    policy: urgent
    cadence:
      public: {first: 5m, every: 30m, final: 1h}
    roles:
      incident-manager: 5m
    impacts: [critical, high]
  SEV2:
    rank: 2
    glyph: ▲
    title: minor
    major: false
    hours:
      zone: Europe/Stockholm
      days: [mon, fri]
      start: 09:00
      end: 17:30
role_defaults: {remind_every: 5m, remind_times: 3, offer_lapses: 10m}
roles:
  incident-manager:
    title: incident manager
    duties: [Lead.]
    pool: [oncall:first, "person:mina"]
policies:
  urgent:
    levels:
      - label: on-call
        targets: [oncall:first]
        via: [sms, chat]
        ack_timeout: 5m
        resolve_timeout: 30m
        repeat: 1
      - label: everybody
        targets: [team:all, role:incident-manager]
    cycles: 2
    then: ["channel:#major"]
people:
  mina:
    name: Mina
    contacts: {sms: "+46 70 174 06 05", chat: "@mina"}
  유나:
    name: Yuna
oncall:
  first: [mina]
teams:
  all: [mina, 유나]
chat_rooms:
  "#major": last resort
channels:
  public: {title: status page, audience: external}
reminders:
  - {after: 0s, to: [role:incident-manager]}
  - {after: 5m, to: [level:next]}
watch: {channel: public, cadence: 30m}
services:
  payments: [eu-west, tier 1]
"""


def changed(old: str, new: str) -> str:
    """The small rulebook with one place of it changed; the place has to be there, and only once."""
    assert SMALL.count(old) == 1, f"{old!r} stands {SMALL.count(old)} times in the small rulebook"
    return SMALL.replace(old, new)


def problems_of(*texts: str | bytes) -> tuple[Problem, ...]:
    """What is wrong with a rulebook of these files, called a.yaml, b.yaml, ..."""
    files = {
        f"{chr(ord('a') + index)}.yaml": text.encode() if isinstance(text, str) else text
        for index, text in enumerate(texts)
    }
    with pytest.raises(RulebookError) as caught:
        read_rulebook(dict(files))
    return caught.value.problems
