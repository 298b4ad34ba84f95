"""Rules for tests and measurements in real time: nearly everything falls due within seconds."""

from __future__ import annotations

from warroom.rulebook.convert import Loaded
from warroom.rulebook.load import read_rulebook

_LEVEL = """
      - label: level {number}
        targets: [oncall:first, "channel:#level{number}"]
        ack_timeout: {ack}
        resolve_timeout: {resolve}
        repeat: {repeat}
"""

_RULES = """
room: {{name: quick, prefix: Q}}
severities:
  SEV1:
    rank: 1
    glyph: ◆
    title: critical
    major: true
    policy: storm
    cadence:
      internal: {{first: 2s, every: 3s}}
    roles: {{incident-manager: 2s}}
  SEV2:
    rank: 2
    glyph: ▲
    title: quiet
    major: false
    cadence:
      internal: {{first: 1h, every: 1h}}
role_defaults: {{remind_every: 2s, remind_times: 100, offer_lapses: 2s}}
roles:
  incident-manager: {{title: incident manager, pool: [oncall:first]}}
policies:
  storm:
    cycles: {cycles}
    then: ["channel:#last"]
    levels:
{levels}
people:
  ada: {{name: Ada, contacts: {{chat: "@ada"}}}}
  bo: {{name: Bo, contacts: {{mail: "bo@x.example"}}}}
oncall: {{first: [ada, bo]}}
chat_rooms:
  "#last": the last resort
{rooms}
channels:
  internal: {{title: internal, audience: internal}}
reminders:
  - {{after: 0s, to: [role:incident-manager]}}
  - {{after: 2s, to: [level:next]}}
watch: {{channel: internal, cadence: 30m}}
"""


def quick_rules(*, ack: str = "1s", resolve: str = "9s", levels: int = 5, repeat: int = 3, cycles: int = 20) -> Loaded:
    """A checked rulebook in which SEV1 pages again and again, and SEV2 pages nobody and waits for an hour."""
    numbers = range(1, levels + 1)
    made = "".join(_LEVEL.format(number=number, ack=ack, resolve=resolve, repeat=repeat) for number in numbers)
    rooms = "\n".join(f'  "#level{number}": where level {number} meets' for number in numbers)
    text = _RULES.format(cycles=cycles, levels=made, rooms=rooms)
    return read_rulebook({"quick.yaml": text.encode()})
