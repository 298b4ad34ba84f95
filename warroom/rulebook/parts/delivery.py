"""How messages go out (R9): by way, by chat room, by channel, and to other incident systems.

The files hold no secrets. Where one is needed stands where it is found: `env:NAME`, `file:PATH` or `cmd:COMMAND`;
inside an address the same in `${...}`. A password or token that is written out is refused, and not repeated in the
error.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any, Final
from urllib.parse import unquote

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema
from pydantic import model_validator as check_all

from warroom.domain.routes import PATIENCE, TIMEOUT, Bundling, Delivery, Integration, Route, System
from warroom.rulebook import values
from warroom.rulebook.parts.conditions import When, to_condition
from warroom.rulebook.parts.fields import A_NAME, ChannelName, Duration, Name, Part, Way, a_whole, distinct
from warroom.rulebook.references import to_chat_room, to_section
from warroom.rulebook.values import Wrong
from warroom.words import mark, tr

LONGEST_WAIT: Final = timedelta(seconds=10)
"""No receiver gets longer to answer, since a claimed message has to be back before others take it to be lost."""

SOURCES: Final = ("env", "file", "cmd")
PLACEHOLDER: Final = re.compile(r"\$\{([^{}]*)\}")
ADDRESS: Final = "{address}"

_NAMED_SECRET: Final = re.compile(r"(?i)^(.*[-_.])?(token|key|apikey|secret|password|passwd|pass|pwd|auth|sig)$")
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]{1,30}")
_ENV: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_GIVEN: Final = "\0"
"""Stands for what is filled in, while an address is looked at."""
_BY_HAND: Final = mark(
    "write where it is found in its place, such as ${env:CHAT_TOKEN}: rulebooks are shared and stored"
)


def secret_reference(value: object) -> str:
    """Where a secret is found: env:NAME, file:PATH or cmd:COMMAND."""
    written = values.line(value, limit=500)
    source, colon, where = written.partition(":")
    if not colon or source not in SOURCES or not where.strip():
        advice = tr("write env:NAME, file:PATH or cmd:COMMAND; the secret itself must not stand in a rulebook")
        # What stands there may be the secret, so it is not shown.
        raise Wrong(tr("does not say where a secret is found"), advice, at=("(hidden)",))
    if source == "env" and not _ENV.fullmatch(where):
        raise Wrong(tr("is not the name of a variable"), tr("use letters, digits and _, such as env:PAGERDUTY_KEY"))
    if source == "file" and not where.startswith(("/", "~/")):
        raise Wrong(
            tr("is not a whole path"), tr("begin with / or ~/, since every process reads it from where it runs")
        )
    return written


def address_template(value: object) -> str:
    """An address that messages go to: a URL with `{address}` and `${env:NAME}` in it, or `{address}` alone."""
    written = values.line(value, limit=1000)
    for found in PLACEHOLDER.finditer(written):
        try:
            secret_reference(found[1])
        except Wrong as wrong:
            raise Wrong(tr("has a ${{...}} that {what}").format(what=wrong.what), wrong.advice()) from None
    bare = PLACEHOLDER.sub(_GIVEN, written)
    if "${" in bare:
        raise Wrong(tr("has a ${ that never ends"), tr("close it with }, as in ${env:NAME}"))
    bare = bare.replace(ADDRESS, _GIVEN)
    if re.search(r"[{}]", bare):
        raise Wrong(tr("has braces with something else in them"), tr("only {address} and ${env:NAME} are filled in"))
    if written == ADDRESS or PLACEHOLDER.fullmatch(written):
        return written
    scheme, sep, rest = bare.partition("://")
    if not sep or not _SCHEME.fullmatch(scheme):
        advice = tr("write a URL such as mailtos://, slack:// or https://, or {address} where the contact is a URL")
        raise Wrong(tr("is not a URL"), advice)
    _no_secret(scheme, rest)
    return written


def _no_secret(scheme: str, rest: str) -> None:
    """Raise where a password or token is written out. The errors do not show it."""
    hidden = ("(hidden)",)
    before, question, query = rest.partition("?")
    place, _, path = before.partition("/")
    user, at, host = place.rpartition("@")
    if at and ":" in user:
        password = user.partition(":")[2]
        if password and _GIVEN not in password:
            raise Wrong(tr("has a password written out"), tr(_BY_HAND), at=hidden)
    for pair in query.split("&") if question else ():
        name, _, setting = pair.partition("=")
        if _NAMED_SECRET.match(unquote(name).lstrip("+-:")) and setting and _GIVEN not in setting:
            raise Wrong(tr("has a secret written out"), tr(_BY_HAND), at=hidden)
    # Behind the host stands a port, or with some services the other half of a token.
    parts = [*re.split(r"[:@]", user), *host.split(":"), *path.split("/")]
    parts += [pair.partition("=")[2] for pair in query.split("&")] if question else []
    for part in parts:
        if _looks_random(unquote(part)) and not (part == host.partition(":")[0] and "." in part):
            raise Wrong(tr("has what looks like a token written out"), tr(_BY_HAND), at=hidden)


def _looks_random(part: str) -> bool:
    """Whether a piece of a URL looks like a key: long, in one piece, letters and digits mixed."""
    if _GIVEN in part or not re.fullmatch(r"[A-Za-z0-9_+/=.~-]+", part):
        return False
    if re.match(r"xox[a-z]-|gh[a-z]_|sk-|AKIA", part):  # how keys of well-known services begin
        return True
    if len(part) < 16:
        return False
    words = re.split(r"[-_.~]", part)
    longest = max(words, key=len)
    return len(longest) >= 9 and any(c.isdigit() for c in longest) and any(c.isalpha() for c in longest)


def base_url(value: object) -> str:
    """The base address of another incident system."""
    written = values.line(value, limit=300).rstrip("/")
    if not re.fullmatch(r"https?://[^\s?#@{}$]+", written):
        raise Wrong(tr("is not a base address"), tr("write https:// and the host, such as https://api.eu.opsgenie.com"))
    return written


def system_name(value: object) -> str:
    """One of the incident systems that are spoken to natively."""
    written = values.text(value)
    known = [each.value for each in System]
    if written not in known:
        raise Wrong(
            tr("is not a system that is known here"),
            tr("use {words}").format(words=", ".join(known)),
            near=(written, known),
        )
    return written


def wait(value: object) -> timedelta:
    """How long a receiver may take to answer."""
    length = values.duration(value)
    if length > LONGEST_WAIT:
        raise Wrong(
            "is too long",
            tr("write {longest} at the most: the next try comes soon").format(
                longest=values.duration_text(LONGEST_WAIT)
            ),
        )
    return length


def _listed(schema: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema(schema)


A_SECRET: Final[dict[str, Any]] = {"type": "string", "pattern": "^(env|file|cmd):.+$", "examples": ["env:PD_KEY"]}
AN_ADDRESS: Final[dict[str, Any]] = {
    "type": "string",
    "minLength": 1,
    "maxLength": 1000,
    "examples": ["mailtos://${env:MAIL_USER}:${env:MAIL_PASSWORD}@mail.example.org?to={address}", "{address}"],
}
SecretRef = Annotated[str, PlainValidator(secret_reference), _listed(A_SECRET)]
AddressTemplate = Annotated[str, PlainValidator(address_template), _listed(AN_ADDRESS)]
BaseUrl = Annotated[str, PlainValidator(base_url), _listed({"type": "string", "pattern": "^https?://"})]
SystemName = Annotated[str, PlainValidator(system_name), _listed({"enum": [each.value for each in System]})]
SeverityName = Annotated[str, PlainValidator(to_section("severities")), _listed(A_NAME)]
RoomName = Annotated[str, PlainValidator(to_chat_room), _listed({"type": "string", "pattern": "^#."})]
Wait = Annotated[timedelta, *Duration.__metadata__[1:], PlainValidator(wait)]
PerMinute = Annotated[int, a_whole(1, 10_000), _listed({"type": "integer", "minimum": 1, "maximum": 10_000})]
Most = Annotated[int, a_whole(1, 1000), _listed({"type": "integer", "minimum": 1, "maximum": 1000})]


class RoutePart(Part):
    """How messages go out. Addresses are URLs as the library apprise knows them, or https:// for a signed webhook."""

    to: Annotated[tuple[AddressTemplate, ...], AfterValidator(distinct)] = Field(
        min_length=1, max_length=5, description=mark("the addresses, first the preferred; the others when it fails")
    )
    timeout: Wait = Field(
        TIMEOUT, description="how long the receiver may take to answer, such as 8s", json_schema_extra={"default": "8s"}
    )
    per_minute: PerMinute | None = Field(None, description="the most messages for one receiver in a minute")
    sign: SecretRef | None = Field(None, description="where the key is found that webhooks are signed with")


class IntegrationPart(Part):
    """Another incident system, which gets an alert that is acknowledged and resolved along with the incident."""

    kind: SystemName = Field(description=mark("pagerduty, opsgenie, jsm or splunk-oncall"))
    key: SecretRef = Field(description=mark("where its key is found, such as env:PAGERDUTY_KEY"))
    url: BaseUrl | None = Field(None, description="its base address, where it is not the vendor's usual one")
    routing_key: Name | None = Field(None, description="of splunk-oncall: which team's route")
    severities: Annotated[tuple[SeverityName, ...], AfterValidator(distinct)] = Field(
        (), description="only incidents of these severities; without them all"
    )
    when: When | None = Field(None, description="only incidents for which this holds")
    timeout: Wait = Field(
        TIMEOUT, description="how long it may take to answer, such as 8s", json_schema_extra={"default": "8s"}
    )
    per_minute: PerMinute | None = Field(None, description="the most messages that it gets in a minute")

    @check_all(mode="after")
    def _has_its_route(self) -> IntegrationPart:
        if self.kind == System.SPLUNK_ONCALL and self.routing_key is None:
            raise Wrong(tr("is missing"), tr("add the routing key of a team in Splunk On-Call"), at=("routing_key",))
        if self.kind != System.SPLUNK_ONCALL and self.routing_key is not None:
            raise Wrong(tr("belongs to splunk-oncall alone"), tr("take it out"), at=("routing_key",))
        return self


class BundlePart(Part):
    """When many pages for one receiver become one message."""

    more_than: Most = Field(5, description="how many single pages go out within the time, such as 5")
    within: Duration = Field(
        timedelta(seconds=30), description="within what time, such as 30s", json_schema_extra={"default": "30s"}
    )


class DeliveryPart(Part):
    """How messages go out (R9). Without this section they are written to a file beside the database."""

    ways: dict[Way, RoutePart] = Field(
        {}, description="by way (chat, sms, phone, mail, push, webhook), how people are reached"
    )
    rooms: dict[RoomName, RoutePart] = Field({}, description="by chat room, its own address; else the one of ways.chat")
    channels: dict[ChannelName, RoutePart] = Field(
        {}, description="by channel, where updates are posted; without one a person posts them"
    )
    integrations: dict[Name, IntegrationPart] = Field(
        {}, max_length=20, description="other incident systems that follow an incident"
    )
    bundle: BundlePart = Field(
        BundlePart.model_construct(), description="when many pages for one receiver become one message"
    )
    patience: Duration = Field(
        PATIENCE,
        description="how long a page may take to go out before the person's next contact is tried, such as 1m",
        json_schema_extra={"default": "1m"},
    )


def to_delivery(part: DeliveryPart | None) -> Delivery | None:
    """Delivery as the domain has it; None where the rulebook has no such section."""
    if part is None:
        return None
    return Delivery(
        ways={name: _route(each) for name, each in part.ways.items()},
        rooms={name: _route(each) for name, each in part.rooms.items()},
        channels={name: _route(each) for name, each in part.channels.items()},
        integrations={name: _integration(name, each) for name, each in part.integrations.items()},
        bundling=Bundling(part.bundle.more_than, part.bundle.within),
        patience=part.patience,
    )


def _route(part: RoutePart) -> Route:
    return Route(part.to, part.timeout, part.per_minute, part.sign or "")


def _integration(name: str, part: IntegrationPart) -> Integration:
    return Integration(
        name,
        System(part.kind),
        part.key,
        part.url or "",
        part.routing_key or "",
        part.severities,
        to_condition(part.when),
        part.timeout,
        part.per_minute,
    )
