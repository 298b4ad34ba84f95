"""The office: sends one message by the way that the rules in force name for it, with this process's secrets.

A process that cannot look up what a lane needs does not serve that lane and leaves its messages to others.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import timedelta
from urllib.parse import quote

from warroom.domain.routes import Delivery, Integration, Route, lane_words
from warroom.senders import http, systems, webhook
from warroom.senders.secrets import PLACEHOLDER, NoSecret, Secrets, references
from warroom.store.outbox import LEASE, Claimed, Fate
from warroom.valueclass import dataclass

ADDRESS = "{address}"
CHECK_S = 15.0
"""How often it is looked whether this process has the secrets by now, in seconds."""


@dataclass(slots=True)
class Office:
    """Sends by `rules`. One serves all threads of a process.

    `within`: how long all addresses of a route together may take; the next one is tried as long as its time fits in.
    """

    rules: Delivery
    secrets: Secrets = field(default_factory=Secrets)
    within: timedelta = LEASE / 2
    monotonic: Callable[[], float] = time.monotonic
    real_seconds: Callable[[], float] = time.time
    _closed: Mapping[str, str] = field(default_factory=dict)
    _checked: float | None = None

    def closed(self) -> Mapping[str, str]:
        """The lanes that this process cannot serve, each with what it lacks. Looks again every `CHECK_S`."""
        now = self.monotonic()
        if self._checked is None or now - self._checked > CHECK_S:
            self._closed = {lane: lack for lane, place in self.rules.lanes() if (lack := self._lack(place))}
            self._checked = now
        return self._closed

    def _lack(self, place: Route | Integration) -> str:
        if isinstance(place, Integration):
            return self.secrets.missing([place.key])
        lacks = [self.secrets.missing(references(template)) for template in place.to]
        unsigned = self.secrets.missing([place.sign]) if place.sign else ""
        return unsigned or ("" if "" in lacks else lacks[0])

    def per_minute(self) -> Mapping[str, int]:
        """By lane, how many messages one receiver may get in a minute."""
        return {lane: place.per_minute for lane, place in self.rules.lanes() if place.per_minute is not None}

    def send(self, message: Claimed) -> Fate:
        """Send one message; never raises."""
        place = self.rules.at(message.lane)
        if message.via == "chat" and message.to in self.rules.rooms:
            place = self.rules.rooms[message.to]
        if place is None:
            return Fate(f"the rules in force name no address for {lane_words(message.lane)}", final=True)
        try:
            if isinstance(place, Integration):
                call = systems.call_of(message, place, self.secrets.look_up(place.key))
                return http.post(call, place.timeout, self.secrets.redact)
            return self._by_route(message, place)
        except NoSecret as error:
            return Fate(str(error))
        except Exception as error:  # whatever a library stumbles over, the text may hold a key
            return Fate(f"it could not be sent: {type(error).__name__}")

    def _by_route(self, message: Claimed, route: Route) -> Fate:
        """Try the addresses in order; each further try of the message begins with another one."""
        start, first = self.monotonic(), (message.tries - 1) % len(route.to)
        fates: list[Fate] = []
        for template in (*route.to[first:], *route.to[:first]):
            left = self.within.total_seconds() - (self.monotonic() - start)
            if fates and left < route.timeout.total_seconds():
                break
            try:
                fate = self._to(message, template, route)
            except NoSecret as error:
                fate = Fate(str(error))
            if not fate.error:
                return fate
            fates.append(fate)
        waits = [fate.wait for fate in fates if fate.wait is not None]
        return Fate(
            "; ".join(dict.fromkeys(fate.error for fate in fates)),
            final=len(fates) == len(route.to) and all(fate.final for fate in fates),
            wait=min(waits) if len(waits) == len(fates) else None,
            unsure=any(fate.unsure for fate in fates),
        )

    def _to(self, message: Claimed, template: str, route: Route) -> Fate:
        redact = self.secrets.redact
        url = self.url(message, template)
        if url.startswith(("http://", "https://")):
            from warroom.senders import apprised

            if message.via == "webhook" or not apprised.known(url):
                key = self.secrets.look_up(route.sign) if route.sign else ""
                call = webhook.call_of(message, url, key=key, seconds=int(self.real_seconds()))
                return http.post(call, route.timeout, redact)
        from warroom.senders import apprised

        return apprised.send(message, url, route.timeout, redact)

    def url(self, message: Claimed, template: str) -> str:
        """The address of one message, secrets and all. Not for any eye."""
        address = message.address
        if PLACEHOLDER.search(address):
            address = self.secrets.fill(address)
        if message.via in ("sms", "phone"):
            address = re.sub(r"[\s()./-]", "", address)
        if template == ADDRESS:
            return address
        return self.secrets.fill(template).replace(ADDRESS, quote(address, safe=""))
