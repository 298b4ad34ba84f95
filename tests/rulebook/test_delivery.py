"""The section `delivery`: what may stand in it, and that no secret can."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rulebook.small import SMALL, problems_of
from tests.support.profile import examples
from warroom.domain.routes import Bundling, Delivery, System
from warroom.resources import resource
from warroom.rulebook.convert import from_json
from warroom.rulebook.load import read_rulebook, seed_rulebook
from warroom.rulebook.parts.delivery import address_template
from warroom.rulebook.schema import json_schema
from warroom.rulebook.values import Wrong

WHOLE = """
delivery:
  ways:
    sms: { to: ["twilio://${env:SID}:${env:TOKEN}@${env:FROM}/{address}", "json://x/{address}"], per_minute: 20 }
    mail: { to: ["mailtos://${env:U}:${file:/etc/warroom/pw}@smtp.example.org?to={address}"], timeout: 5s }
    webhook: { to: ["{address}"], sign: env:SIGN }
    push: { to: ["${env:PUSH_URL}"] }
  rooms:
    "#major": { to: ["slack://${env:SLACK}/#major"] }
  channels:
    public: { to: ["https://hooks.example.org/post"] }
  integrations:
    pd: { kind: pagerduty, key: env:PD, severities: [SEV1], url: "https://events.eu.pagerduty.com/" }
    vo: { kind: splunk-oncall, key: "cmd:pass show vo", routing_key: platform, when: { service: payments } }
  bundle: { more_than: 3, within: 1m }
  patience: 90s
"""


def delivery(text: str) -> Delivery:
    found = read_rulebook({"a.yaml": (SMALL + text).encode()}).book.delivery
    assert found is not None
    return found


def one(line: str) -> str:
    """What is wrong with a route for sms that is written so; it has to be one thing."""
    (problem,) = problems_of(f"{SMALL}\ndelivery:\n  ways:\n    sms: {line}\n")
    return str(problem)


def test_everything_that_can_stand_there() -> None:
    found = delivery(WHOLE)
    assert found.ways["sms"].to[1] == "json://x/{address}"
    assert found.ways["sms"].per_minute == 20
    assert found.ways["mail"].timeout == timedelta(seconds=5)
    assert found.ways["webhook"].sign == "env:SIGN"
    assert found.integrations["pd"].system is System.PAGERDUTY
    assert found.integrations["pd"].url == "https://events.eu.pagerduty.com"
    assert found.integrations["vo"].routing == "platform"
    assert found.bundling == Bundling(3, timedelta(minutes=1))
    assert found.patience == timedelta(seconds=90)
    assert set(dict(found.lanes())) == {
        *("sms", "mail", "webhook", "push", "#major", "channel:public", "integration:pd", "integration:vo"),
    }


def test_it_comes_back_from_the_database_as_it_was() -> None:
    loaded = read_rulebook({"a.yaml": (SMALL + WHOLE).encode()})
    assert from_json(loaded.json).book.delivery == loaded.book.delivery


def test_a_rulebook_without_it_keeps_its_revision() -> None:
    loaded = read_rulebook({"a.yaml": SMALL.encode()})
    assert loaded.book.delivery is None
    assert "delivery" not in loaded.json


def test_the_default_file_is_all_comment_and_what_it_shows_is_sound() -> None:
    assert seed_rulebook().book.delivery is None
    folder = resource("seed_data") / "rulebook"
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix == ".yaml"}
    _, head, rest = files["delivery.yaml"].decode().partition("# delivery:")
    files["delivery.yaml"] = "\n".join(line.removeprefix("# ") for line in (head + rest).splitlines()).encode()
    found = read_rulebook(files).book.delivery
    assert found is not None
    assert {each.system for each in found.integrations.values()} == set(System)
    assert "#incident-major" in found.rooms


SECRET = "hunter2hunter2"

LITERAL = [
    f"mailto://user:{SECRET}@smtp.example.org?to={{address}}",
    f"twilio://AC01234:{SECRET}@+46/{{address}}",
    f"json://x?token={SECRET}",
    f"json://x/?api_key={SECRET}",
    f"json://x/?+X-Auth={SECRET}",
    f"json://x/?password={SECRET}&y=z",
    "slack://xoxb-123456789012-abcdefghijkl/{address}",
    "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
    "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
    "tgram://123456789:abcdefghijklmnopqrstuvwx1/{address}",
]


@pytest.mark.parametrize("url", LITERAL)
def test_a_secret_that_is_written_out_is_refused_and_not_shown(url: str) -> None:
    said = one(f'{{ to: ["{url}"] }}')
    assert "written out" in said
    assert said.startswith("a.yaml:")
    assert "${env:CHAT_TOKEN}" in said
    for part in (SECRET, "abcdefghij", "JHMHI8qBe7bk", "TIiajkdnlazk", "A1BRTD4JD"):
        assert part not in said


@pytest.mark.parametrize("reference", [SECRET, "hunter2: yes", "vault:x", ""])
def test_a_reference_that_is_none_is_refused_and_not_shown(reference: str) -> None:
    said = one(f'{{ to: ["{{address}}"], sign: "{reference}" }}')
    assert "hunter2" not in said


FINE = [
    "{address}",
    "mailto://smtp.example.org?from=warroom@example.org&to={address}",
    "mailtos://warroom@smtp.example.org:2525?to={address}&mode=starttls",
    "syslog://",
    "json://hooks.internal.example.org:8080/incident-manager/production/pages",
    "mqtt://broker.example.org/site-2/warroom-pages-production-1/alerts",
    "https://hooks.example.org/warroom",
    "ntfy://ntfy.example.org/{address}?priority=urgent&tags=rotating_light",
    "slack://${env:A}/${env:B}/${env:C}/#incident-major",
    "${file:/run/secrets/chat-url}",
    "json://user:${env:P}x@host",
]


@pytest.mark.parametrize("url", FINE)
def test_addresses_without_secrets_are_fine(url: str) -> None:
    assert address_template(url) == url


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{ to: [] }", "has nothing in it"),
        ("{ to: [example.org] }", "is not a URL"),
        ('{ to: ["json://x/{name}"] }', "only {address} and ${env:NAME} are filled in"),
        ('{ to: ["json://x/${env:A"] }', "never ends"),
        ('{ to: ["json://x/${ENV_A}"] }', "has a ${...} that does not say where a secret is found"),
        ('{ to: ["json://x/${env:A B}"] }', "has a ${...} that is not the name of a variable"),
        ('{ to: ["json://x/${file:pw}"] }', "has a ${...} that is not a whole path"),
        ('{ to: ["json://x", "json://x"] }', "stands here a second time"),
        ('{ to: ["json://x"], timeout: 11s }', "write 10s at the most"),
        ('{ to: ["json://x"], per_minute: 0 }', "from 1 to 10000"),
        ('{ to: ["json://x"], perminute: 4 }', "did you mean per_minute?"),
    ],
)
def test_what_else_is_refused(line: str, words: str) -> None:
    assert words in one(line)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('  ways: { fax: { to: ["json://x"] } }', "is not a way to reach somebody"),
        ('  rooms: { "#majr": { to: ["json://x"] } }', "did you mean #major?"),
        ('  channels: { publik: { to: ["json://x"] } }', "did you mean public?"),
        ("  integrations: { pd: { kind: pagerdty, key: env:X } }", "did you mean pagerduty?"),
        ("  integrations: { pd: { kind: pagerduty, key: env:X, severities: [SEV9] } }", "names no severity"),
        ("  integrations: { pd: { kind: pagerduty, key: env:X, routing_key: x } }", "belongs to splunk-oncall alone"),
        ("  integrations: { vo: { kind: splunk-oncall, key: env:X } }", "add the routing key"),
        ('  integrations: { pd: { kind: pagerduty, key: env:X, url: "https://u:p@x" } }', "is not a base address"),
        ("  integrations: { pd: { kind: pagerduty } }", "key is missing"),
        ("  bundle: { more_than: 0 }", "from 1 to 1000"),
        ("  patience: 0s", "is no time at all"),
    ],
)
def test_what_is_wrong_elsewhere(text: str, words: str) -> None:
    (problem,) = problems_of(f"{SMALL}\ndelivery:\n{text}\n")
    assert words in str(problem).replace(": is missing", " is missing")


@given(st.text(max_size=60))
@examples(2)
def test_any_text_is_an_address_or_refused_in_words(text: str) -> None:
    try:
        assert address_template(text)
    except Wrong as wrong:
        assert wrong.what and wrong.advice()


def test_the_schema_for_editors_has_the_section() -> None:
    properties = json_schema()["properties"]
    assert "delivery" in properties
