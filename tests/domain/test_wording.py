"""How updates begin: which template is taken, and that what is filled in stays a text and nothing else."""

from __future__ import annotations

import string
from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.books import BOOK, T0, minutes
from tests.support.commands import HOSTILE
from tests.support.play import Play, declared
from tests.support.profile import examples
from warroom.domain.catalogue import ServiceSpec
from warroom.domain.comms import Audience
from warroom.domain.facts import Facts
from warroom.domain.incident import Declare, Incident, SetStatus, Status
from warroom.domain.record import AddNote, NoteKind, Recorded, Task, Theory, TheoryState
from warroom.domain.templates import BLANK, UPDATE_PLACEHOLDERS, Stage, UpdateTemplate, fill, one_stop
from warroom.domain.wording import OWN, Occasion, filled, lasted, next_sentence, templates, values

INSIDE, OUTSIDE = Audience.INTERNAL, Audience.EXTERNAL


def occasion(audience: Audience = INSIDE, *channels: str, **more: object) -> Occasion:
    names = channels or (("internal",) if audience is INSIDE else ("public",))
    return Occasion(T0, audience, tuple(BOOK.channels[name] for name in names), **more)  # type: ignore[arg-type]


def test_the_placeholders_of_the_table_are_those_that_are_filled() -> None:
    assert set(values(declared().there, BOOK, occasion())) == set(UPDATE_PLACEHOLDERS)


def test_there_is_a_template_for_every_stage_and_audience() -> None:
    assert {(each.stage, each.audience) for each in OWN} == {(s, a.value) for s in Stage for a in Audience}
    assert len({each.name for each in OWN}) == len(OWN)


def test_the_names_are_those_of_the_handbook() -> None:
    room = declared().there
    names = {each.name: filled(each, room, BOOK, occasion(Audience(each.audience)))[0] for each in OWN}
    assert names["own-first-internal"] == "INC-1 - SEV1 - Checkout is down"
    assert names["own-first-external"] == "our service issue"  # its own name is nothing for customers


def test_an_internal_update_has_state_now_next_and_the_next_one() -> None:
    template = next(each for each in OWN if each.name == "own-first-internal")
    _, text = filled(template, declared().there, BOOK, occasion(next_at=T0 + minutes(20)))
    lines = text.split("\n")
    assert lines[0].startswith("Checkout is down: SEV1, new, since 10:00 UTC. Impact: [[")
    assert lines[2:6] == ["Now:", "- [[what is being done now]]", "Next:", "- [[what comes next]]"]
    assert lines[-1] == f"Next update by 10:20 UTC on the {BOOK.channels['internal'].title}."


@pytest.mark.parametrize(
    ("text", "put", "result"),
    [
        ("Resolved: {title}. It lasted.", "Checkout fails.", "Resolved: Checkout fails. It lasted."),
        ("It is {title}.", "over!", "It is over!"),
        ("It is {title}.", "over", "It is over."),
        ("{title}... wait", "Well.", "Well.... wait"),  # what a template has of its own three dots stays
        ("{title}.{title}", "a.", "a..a."),  # no end of a sentence
        ("see {title}. {title}.", "결제 오류입니다。", "see 결제 오류입니다。 결제 오류입니다。"),
    ],
)
def test_what_ends_a_sentence_itself_gets_no_second_stop(text: str, put: str, result: str) -> None:
    assert fill(text, {"title": put}) == result


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("Customers cannot pay.. The cause", "Customers cannot pay. The cause"),
        ("Customers cannot pay..", "Customers cannot pay."),
        ("Are you sure?. Yes!.\nWe wait..\nEnd", "Are you sure? Yes!\nWe wait.\nEnd"),
        ("and so on... The end", "and so on... The end"),
        ("cd .. and ../logs, a/.. b, 1..2, v2..", "cd .. and ../logs, a/.. b, 1..2, v2."),
        ("", ""),
    ],
)
def test_a_blank_that_was_filled_with_a_sentence_ends_with_one_stop(text: str, result: str) -> None:
    assert one_stop(text) == result
    assert one_stop(result) == result


def test_an_external_update_is_one_or_two_plain_sentences_and_names_nothing_of_the_house() -> None:
    book = replace(BOOK, services={"checkout": ServiceSpec("checkout", "checkout API", product="Shop")})
    play = declared(book=book)
    play.room = replace(play.there, incident=replace(play.there.incident, impact="Some customers cannot pay"))
    template = next(each for each in OWN if each.name == "own-first-external")
    subject, text = filled(template, play.there, book, occasion(OUTSIDE, next_at=T0 + minutes(30)))
    assert subject == "Shop issue"
    assert text == (
        "We are looking into a problem with Shop: Some customers cannot pay. The cause is not known yet. "
        f"Next update by 10:30 UTC on the {book.channels['public'].title}."
    )
    assert "SEV1" not in text and "INC-1" not in text and "API" not in text


def test_what_is_known_takes_the_place_of_the_blanks() -> None:
    play = declared()
    i = play.there.incident
    record = Recorded(
        theories=(
            Theory(1, "the pool is exhausted", "ada", T0, TheoryState.CONFIRMED),
            Theory(2, "the disk is full", "bo", T0),
        ),
        tasks=(Task(3, "roll back", "ada", T0, owner="bo"), Task(4, "tell the bank", "ada", T0)),
    )
    facts = Facts(products=("Shop", "Till"), external=1200, internal=3, cases=62)
    room = replace(play.there, incident=replace(i, facts=facts, impact="no cards are taken"), record=record)
    put = values(room, BOOK, occasion())
    assert put["product"] == "Shop and Till"
    assert put["affected"] == "1200 customers, 3 colleagues." and put["cases"] == "62 support cases."
    assert put["doing"] == "- roll back (bo)"
    assert put["planned"] == "- tell the bank\n- test: the disk is full"
    assert put["cause"] == "The cause is: the pool is exhausted."
    assert put["impact"] == "no cards are taken."
    outside = values(room, BOOK, occasion(OUTSIDE))
    assert "pool" not in "".join(outside.values())  # theories are worded for the house
    assert outside["doing"] == outside["planned"] == ""


def test_a_final_update_gives_figures_duration_and_cases() -> None:
    play = declared()
    play.now += minutes(41)
    play.do(SetStatus(Status.RESOLVED, "rolled back"))
    template = next(each for each in OWN if each.name == "own-final-internal")
    _, text = filled(template, play.there, BOOK, Occasion(play.now, INSIDE, (BOOK.channels["internal"],)))
    assert "It lasted for 41 minutes, from 10:00 UTC to 10:41 UTC." in text
    assert "In numbers: [[how many]] customers" in text and "support cases" in text


# Which one -----------------------------------------------------------------------------------------------------------


def named(name: str, stage: Stage = Stage.FIRST, audience: str = "internal", **more: object) -> UpdateTemplate:
    return UpdateTemplate(name, stage, audience, body=name, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("channels", "stage", "audience", "best"),
    [
        (("internal",), Stage.FIRST, INSIDE, "for-service"),
        (("desk",), Stage.FIRST, INSIDE, "for-all"),
        (("internal",), Stage.FOLLOW_UP, INSIDE, "own-follow-up-internal"),
        (("public",), Stage.FIRST, OUTSIDE, "own-first-external"),
        (("internal",), Stage.FINAL, INSIDE, "last"),
        (("internal",), Stage.CORRECTION, INSIDE, "own-correction-internal"),
    ],
)
def test_the_template_that_names_the_most_is_proposed(
    channels: tuple[str, ...], stage: Stage, audience: Audience, best: str
) -> None:
    book = replace(
        BOOK,
        update_templates=(
            named("general"),
            named("for-severity", severities=("SEV1",)),
            named("other-severity", severities=("SEV2",)),
            named("for-service", severities=("SEV1",), services=("checkout",), channels=("internal",)),
            named("other-service", services=("search",)),
            named("for-all", severities=("SEV1",), services=("checkout",)),
            named("last", Stage.FINAL),
        ),
    )
    found = [each.name for each in templates(declared(book=book).there, book, audience, stage, channels)]
    assert found[0] == best
    assert "other-service" not in found and "other-severity" not in found
    assert all(each.startswith("own-") == (each in {o.name for o in OWN}) for each in found)


def test_every_template_of_the_audience_can_be_taken_the_own_ones_last_of_their_stage() -> None:
    book = replace(BOOK, update_templates=(named("mine"), named("theirs", audience="external")))
    found = [each.name for each in templates(declared(book=book).there, book, INSIDE, Stage.FIRST, ("internal",))]
    assert found[:2] == ["mine", "own-first-internal"] and len(found) == 5 and "theirs" not in found


# Safe ----------------------------------------------------------------------------------------------------------------

TRAPS = (
    *HOSTILE,
    "{key}",
    "{0.__class__}",
    "{title!r:>10}",
    "%(key)s",
    "[[x]]",
    "{{",
    "}}",
    "${HOME}",
    "{next}",
    "]][[",
)


@given(st.sampled_from(TRAPS) | st.text(max_size=60), st.sampled_from(OWN), st.integers(0, 400))
@examples()
def test_what_is_filled_in_is_never_looked_at_again(text: str, template: UpdateTemplate, ahead: int) -> None:
    play = Play()
    play.do(Declare("x", "SEV1", "checkout", key="INC-1"))
    hostile = {field.name: text for field in fields(Incident) if field.type == "str" and field.name not in _FIXED}
    room = replace(play.there, incident=replace(play.there.incident, **hostile))
    audience = Audience(template.audience)
    at = Occasion(T0, audience, (BOOK.channels["internal" if audience is INSIDE else "public"],), T0 + minutes(ahead))
    subject, body = filled(template, room, BOOK, at)
    put = values(room, BOOK, at)
    shown = fill(template.body, {name: f"\x00{name}\x00" for name in put})
    for name, value in put.items():
        shown = shown.replace(f"\x00{name}\x00", "") if not value else shown
    assert "__class__" not in subject + body or "__class__" in text
    assert "\x1b" not in subject
    # A blank is made by a template alone, never by what somebody wrote.
    ours = {blank for each in put.values() for blank in BLANK.findall(each)} | set(BLANK.findall(template.body))
    assert set(BLANK.findall(body)) <= ours
    assert all(blank in _BLANKS for blank in ours)


_FIXED = ("key", "severity", "revision", "provider", "declared_by")
_BLANKS = {
    "what customers notice", "how many", "what is being done now", "what comes next", "what has changed", "by when",
    "what is right", "who reviews it, and when", "what caused it", "the cause in plain words",
}  # fmt: skip


@given(
    st.text(alphabet=string.printable, max_size=80), st.dictionaries(st.sampled_from(["a", "b"]), st.text(max_size=20))
)
@examples()
def test_filling_never_raises_and_knows_no_names_but_its_own(text: str, put: dict[str, str]) -> None:
    out = fill(text, put)
    if not any(f"{{{name}}}" in text for name in put) and "{{" not in text and "}}" not in text:
        assert out == "\n".join(line.rstrip() for line in text.split("\n") if line.strip() or "{" not in line).strip(
            "\n"
        )


def test_notes_with_braces_stay_what_they_are() -> None:
    play = declared()
    play.do(AddNote("{key} and [[this]]", NoteKind.THEORY))
    put = values(play.there, BOOK, occasion())
    assert "{key} and [this]" in put["planned"]


# Words ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(0), "0 minutes"),
        (timedelta(seconds=61), "1 minute"),
        (minutes(41), "41 minutes"),
        (minutes(60), "1 hour"),
        (minutes(125), "2 hours 5 minutes"),
        (timedelta(days=3), "3 days"),
        (timedelta(days=1, hours=2, minutes=3), "1 day 2 hours"),
        (timedelta(days=-1), "0 minutes"),
    ],
)
def test_lengths_in_words(span: timedelta, words: str) -> None:
    assert lasted(span) == words


def test_the_next_update_in_a_sentence() -> None:
    assert next_sentence(occasion()) == ""
    both = occasion(INSIDE, "internal", "desk", next_at=T0 + minutes(30))
    assert next_sentence(both) == "Next update by 10:30 UTC here."
    tomorrow = occasion(next_at=T0 + timedelta(days=1))
    assert next_sentence(tomorrow).startswith("Next update by 2024-03-14 10:00 UTC on the ")
