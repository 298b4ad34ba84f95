"""Declaring from one line: what is understood, what is proposed, and that nothing of the line is ever lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.books import T0
from tests.support.profile import examples
from warroom.domain.core import TITLE_LIMIT
from warroom.domain.oneline import Vocabulary, completion, moment_before, parse, propose

WORDS = Vocabulary(
    {"SEV1": 1, "SEV2": 2, "SEV3": 3},
    ("SEV1", "SEV2"),
    {"down": "SEV1", "outage": "SEV1", "slow": "SEV3", "degraded": "SEV2"},
    {"payments-api": "1", "login-api": "", "결제": "2"},
    {"1": "SEV2", "2": "SEV3"},
)
NOW = T0.replace(hour=14, minute=5)


def test_a_whole_line_is_understood() -> None:
    found = parse("SEV1 EU card payments failing @payments-api since 13:40", WORDS, NOW)
    assert (found.title, found.severity, found.service) == ("EU card payments failing", "SEV1", "payments-api")
    assert found.started_at == NOW.replace(hour=13, minute=40)
    assert found.said and found.began == "13:40"


@pytest.mark.parametrize(
    ("line", "severity", "why"),
    [
        ("sev3: exports are late", "SEV3", "as you wrote"),
        ("checkout is down for some, slow for others", "SEV1", "because of “down”"),
        ("login degraded @payments-api", "SEV2", "because of “degraded”"),
        ("something odd @payments-api", "SEV2", "tier 1"),
        ("something odd @결제", "SEV3", "tier 2"),
        ("something odd @login-api", "SEV2", "the default"),
        ("the downtown office calls", "SEV2", "the default"),
    ],
)
def test_a_severity_is_proposed_and_it_is_said_why(line: str, severity: str, why: str) -> None:
    found = parse(line, WORDS, NOW)
    assert (found.severity, found.why) == (severity, why)


def test_the_rulebook_says_what_is_usual() -> None:
    assert propose("odd", "", Vocabulary({"P1": 1, "P2": 2}, usual="P2"))[0] == "P2"
    assert propose("odd", "", Vocabulary({"P1": 1, "P2": 2}))[0] == "P1"
    assert propose("odd", "", Vocabulary()) == ("", "the default")


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("13:40", timedelta(minutes=25)),
        ("13:40Z", timedelta(minutes=25)),
        ("14:05", timedelta()),
        ("14:06", timedelta(hours=23, minutes=59)),
        ("20m", timedelta(minutes=20)),
        ("1h30m", timedelta(minutes=90)),
        ("2h", timedelta(hours=2)),
        ("-40m", timedelta(minutes=40)),
        ("-1h 30 min", timedelta(minutes=90)),
        ("20 min ago", timedelta(minutes=20)),
        ("13:40 UTC", timedelta(minutes=25)),
    ],
)
def test_when_it_began(text: str, before: timedelta) -> None:
    assert moment_before(text, NOW) == NOW - before
    found = parse(f"tills since {text}, in Lund", WORDS, NOW)
    assert (found.title, found.started_at, found.began) == ("tills in Lund", NOW - before, text)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("2h 30 tills fail", "30 tills fail"),
        ("2h, 30m of data lost", "30m of data lost"),
        ("2h and 30m", "and 30m"),
        ("12:05Z, they say", "they say"),
        (f"{NOW:%Y-%m-%d} 12:05 in Lund", "in Lund"),
        (f"{NOW:%Y-%m-%d}T12:05Z.", ""),
        (f"{NOW:%Y-%m-%dT13:05}+01:00 in Lund", "in Lund"),
    ],
)
def test_what_stands_behind_the_start_stays_in_the_title(text: str, title: str) -> None:
    found = parse(f"down since {text}", WORDS, NOW)
    assert (found.title, found.started_at) == (f"down {title}".strip(), NOW - timedelta(hours=2))


@pytest.mark.parametrize(
    "text",
    ["", "25:00", "13:60", "m", "h", "yesterday", "20", "١٢m", "--5m", "- 5m", "2999-01-01", "0001-01-01T00:00+14:00"],
)
def test_what_is_no_time_stays_in_the_title(text: str) -> None:
    assert moment_before(text, NOW) is None
    assert parse(f"down since {text}", WORDS, NOW).title == f"down since {text}".strip()


def test_what_is_not_known_stays_in_the_title() -> None:
    found = parse("SEV9 @nobody-knows failing since yesterday", WORDS, NOW)
    assert found.title == "SEV9 @nobody-knows failing since yesterday"
    assert (found.service, found.started_at) == ("", None)


def test_a_second_one_stays_in_the_title() -> None:
    found = parse("SEV1 or SEV2 @payments-api and @login-api since 13:00 not since 13:30 UTC", WORDS, NOW)
    assert found.title == "or SEV2 and @login-api not since 13:30 UTC"
    assert parse("x since 13:00 UTC y", WORDS, NOW).title == "x y"


def test_what_is_known_already_is_not_looked_for() -> None:
    line = "SEV1 x @payments-api since 13:40"
    found = parse(line, WORDS, NOW, severity="SEV3", service="login-api", since=False)
    assert (found.title, found.severity, found.service, found.started_at) == (line, "SEV3", "login-api", None)


def test_a_title_that_is_too_long_for_one_is_kept_whole() -> None:
    line = " ".join(["payments"] * 60)
    found = parse(line, WORDS, NOW)
    assert len(found.title) > TITLE_LIMIT and found.summary == line
    assert not parse("short", WORDS, NOW).summary


TOKENS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["SEV1", "sev2,", "@payments-api", "@login-api.", "since", "13:40", "20m", "-5", "min", "UTC", "ago", "@", ":"]
    ),
)


@examples(4)
@given(st.lists(TOKENS, max_size=12), st.datetimes(timezones=st.just(UTC)))
def test_no_line_fails_and_none_of_its_words_is_lost(tokens: list[str], now: datetime) -> None:
    line = " ".join(tokens)
    found = parse(line, WORDS, now)
    rest = found.title.split()
    taken = line.split()
    for word in rest:
        taken.remove(word)  # in the order and spelling of the line: fails for a word that it does not have
    # What left the title is a severity, a service, or a start, and stands in its own field.
    for word in taken:
        bare = word.rstrip(",;:.").casefold()
        known = {found.severity.casefold(), f"@{found.service}".casefold(), *found.began.casefold().split()}
        assert bare in known | {"since"}, (line, word, found)
    assert len(taken) <= 3 + len(found.began.split())
    assert found.severity in WORDS.severities


@pytest.mark.parametrize(
    ("line", "whole"),
    [
        ("x @pay", "x @payments-api"),
        ("@LOG", "@LOGin-api"),
        ("x @payments-api", ""),
        ("x @", ""),
        ("x @pay now", ""),
        ("mail@pay", ""),
        ("no at", ""),
        ("x @zzz", ""),
    ],
)
def test_a_service_is_completed_at_the_end_of_the_line(line: str, whole: str) -> None:
    assert completion(line, WORDS.services) == whole
