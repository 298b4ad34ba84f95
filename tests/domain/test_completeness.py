"""The checklist over an update's text: what counts as said, what nobody outside should read, and that more text never
makes less of it said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.books import BOOK
from tests.support.commands import HOSTILE
from tests.support.play import declared
from tests.support.profile import examples
from warroom.domain.catalogue import ServiceSpec
from warroom.domain.comms import Audience, ChannelSpec
from warroom.domain.completeness import ITEM_NAMES, ITEMS, Brief, brief, judge, leaks
from warroom.domain.templates import Stage
from warroom.domain.update_rules import Must, Scope, UpdateRules, Wording

INSIDE, OUTSIDE = Audience.INTERNAL, Audience.EXTERNAL


def said(text: str, audience: Audience = INSIDE, stage: Stage = Stage.FOLLOW_UP, **more: object) -> set[str]:
    """What counts as said in a text."""
    found = judge(text, replace(Brief(audience, stage), **more))  # type: ignore[arg-type]
    return {check.name for check in found.checks if check.said}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Some customers cannot pay.", {"impact", "customers"}),
        ("Card payments are declined.", {"impact"}),
        ("We are looking into an issue.", set()),
        ("We are looking into a problem with payments.", set()),
        ("About 4 % of customers get errors.", {"impact", "customers"}),
        ("Customers affected: 1,200", {"impact", "customers"}),
        ("All orders fail, nobody inside is affected.", {"impact", "customers", "colleagues"}),
        ("12 colleagues cannot sign in.", {"impact", "colleagues"}),
        ("The impact on customers is not known yet.", {"impact"}),
        ("How many customers are affected is not known yet.", {"impact", "customers"}),
        ("It was caused by deploy 8812.", {"cause"}),
        ("The cause is not known yet.", {"cause"}),
        ("We do not know the cause.", {"cause"}),
        ("Because of the weather", {"cause"}),
        ("We expect to be back by 14:30.", {"restore"}),
        ("A fix is in place within 20 minutes.", {"restore"}),
        ("We do not know yet when it will be over.", {"restore"}),
        ("Next update by 14:30 UTC on the status page.", {"next", "where"}),
        ("We will update you here in 30 minutes.", {"next", "where"}),
        ("Next update soon.", set()),
        ("Next update here in an hour", {"next", "where"}),
        ("The due date is 14:30.", set()),
    ],
)
def test_what_counts_as_said(text: str, names: set[str]) -> None:
    assert said(text) == names


@pytest.mark.parametrize(
    ("text", "audience", "names"),
    [
        ("It lasted for 41 minutes.", INSIDE, {"duration"}),
        ("From 13:50 to 14:31.", INSIDE, {"duration"}),
        ("62 support cases.", INSIDE, {"cases"}),
        ("No tickets.", INSIDE, {"cases"}),
        ("We will follow up here on Thursday.", OUTSIDE, {"follow-up"}),
        ("Payments work normally again.", OUTSIDE, {"impact"}),
        ("The problem with payments is solved.", OUTSIDE, {"impact"}),
    ],
)
def test_what_counts_as_said_at_the_end(text: str, audience: Audience, names: set[str]) -> None:
    assert said(text, audience, Stage.FINAL) == names


def test_every_item_is_asked_of_somebody_and_every_unknown_says_itself() -> None:
    for item in ITEMS:
        assert item.stages and item.audiences
        if item.unknown:
            assert item.name in said(item.unknown, item.audiences[0], item.stages[0])


def test_an_update_outside_is_not_asked_for_our_own_people() -> None:
    checks = {check.name for check in judge("", Brief(OUTSIDE, Stage.FIRST)).checks}
    assert checks == {"impact", "customers", "cause", "restore", "next", "where"}
    assert {c.name for c in judge("", Brief(OUTSIDE, Stage.FINAL)).checks} == {
        "impact",
        "customers",
        "cause",
        "follow-up",
    }
    assert {c.name for c in judge("", Brief(OUTSIDE, Stage.CORRECTION)).checks} == {"impact"}


def test_phrases_of_the_house_count_too() -> None:
    ours = (("cause", Wording(("orsaken är",), "Orsaken är inte känd än.")),)
    assert said("Orsaken är en kabel", wording=ours) == {"cause"}
    found = judge("", Brief(INSIDE, Stage.FIRST, wording=ours))
    assert next(c.sentence for c in found.checks if c.name == "cause") == "Orsaken är inte känd än."


def test_what_has_to_be_said_and_what_is_refused_without() -> None:
    must = (
        Must(("impact", "next")),
        Must(("customers",), Scope(OUTSIDE, ("SEV1",), ("public",)), refuse=True),
        Must(("cause",), Scope(INSIDE)),
        Must(("restore",), Scope(None, ("SEV3",))),
    )
    book = replace(BOOK, updates=UpdateRules(must=must))
    play = declared(book=book)
    found = judge("nothing at all", brief(play.there, book, ("public",), OUTSIDE, Stage.FIRST, "Next at noon here."))
    assert [check.name for check in found.missing] == ["impact", "customers", "next"]
    assert [check.name for check in found.refused] == ["customers"]
    assert "it does not say what customers notice, how many customers, when the next update comes" in found.ask
    assert next(c.sentence for c in found.checks if c.name == "next") == "Next at noon here."
    assert judge("Some customers cannot pay. Next update at 14:30.", brief(play.there, book, ("public",), OUTSIDE,
                 Stage.FIRST)).missing == ()  # fmt: skip


def test_a_blank_is_neither_said_nor_forgotten() -> None:
    found = judge("[[some customers cannot pay]] because of [[what]]", Brief(INSIDE, Stage.FIRST), "[[name]] issue")
    assert found.blanks == ("name", "some customers cannot pay", "what")
    assert not next(c for c in found.checks if c.name == "impact").said
    assert found.ask.startswith("a blank is left: [[name]]")


def test_a_text_too_long_for_a_channel_is_warned_about_with_the_subject_where_it_is_shown() -> None:
    social = ChannelSpec("social", "social media", OUTSIDE, "social")
    page = ChannelSpec("page", "page", OUTSIDE, "public-page", most=290)
    at = Brief(OUTSIDE, Stage.FIRST, (social, page))
    assert social.longest == 280 and not social.headed
    assert judge("x" * 280, at, "issue").warnings == ()
    assert judge("x" * 281, at, "issue").warnings == ("social shows 280 characters, this has 281",)
    assert judge("x" * 288, at, "issue").warnings[1] == "page shows 290 characters, this has 294"


def test_what_nobody_outside_should_read() -> None:
    words = ("mina", "Mina Dahlqvist", "payments-api", "INC-1")
    text = "mina fixed db-03.prod.internal (10.0.0.7), see INC-1, region=eu, jump01 and #incident-comms, ask @li"
    assert list(leaks(text, words)) == [
        "mina", "INC-1", "db-03.prod.internal", "10.0.0.7", "db-03", "jump01", "region=eu", "#incident-comms", "@li",
    ]  # fmt: skip
    harmless = "Payments fail since 14:30 UTC for 1,200 customers in 3 countries; HTTP 503. Mail us at a@b.example."
    assert list(leaks(harmless, words)) == []
    assert list(leaks("Minas and semina and Mina", words)) == []
    assert judge(text, Brief(INSIDE, Stage.FIRST, inside=words)).warnings == ()
    assert "nobody outside should read mina" in judge(text, Brief(OUTSIDE, Stage.FIRST, inside=words)).warnings[0]


def test_the_words_of_the_house_are_people_services_and_labels() -> None:
    services = {
        "pay-api": ServiceSpec("pay-api", "pay API", product="Payments"),
        "search": ServiceSpec("search"),
        "Git-Web": ServiceSpec("Git-Web", product="Git-Web"),
    }
    book = replace(BOOK, services=services, updates=UpdateRules(inside=("war room",)))
    found = brief(declared(book=book).there, book, ("public",), OUTSIDE, Stage.FIRST).inside
    assert {"war room", "ada", "Ada", "eva", "pay-api", "INC-1"} <= set(found)
    assert not {"search", "Git-Web", "bo"} & set(found)  # a word like any other, what customers know, two letters


SENTENCES = st.lists(
    st.sampled_from(
        [item.unknown for item in ITEMS if item.unknown]
        + ["Some customers cannot pay.", "Next update by 14:30 here.", "x", "", "[[blank]]", "No.", *HOSTILE]
    )
    | st.text(max_size=40),
    max_size=6,
).map("\n".join)


@given(SENTENCES, SENTENCES, st.sampled_from(list(Stage)), st.sampled_from(list(Audience)))
@examples()
def test_more_text_never_makes_less_of_it_said(text: str, more: str, stage: Stage, audience: Audience) -> None:
    at = Brief(audience, stage)
    before = {check.name for check in judge(text, at).checks if check.said}
    for longer in (f"{text}\n{more}", f"{more}\n{text}"):
        after = judge(longer, at)
        assert before <= {check.name for check in after.checks if check.said}
        assert after.score[0] >= len(before) and after.score[1] == len(after.checks)


@given(st.text(max_size=300), st.text(max_size=60))
@examples()
def test_any_text_can_be_judged(text: str, subject: str) -> None:
    found = judge(text, Brief(OUTSIDE, Stage.FIRST, inside=("a", ".*", "\\")), subject)
    assert all(check.name in ITEM_NAMES for check in found.checks)
    assert isinstance(found.ask, str)


@pytest.mark.parametrize(
    "text",
    ["a" * 20_000, "some customers " * 1500, "next update " * 1600, "x-1." * 5000, "[[" * 9000],
    ids=["letters", "customers", "next", "hosts", "blanks"],
)
def test_a_long_text_is_judged_at_once(text: str) -> None:
    import time

    began = time.process_time()
    judge(text, Brief(OUTSIDE, Stage.FIRST, inside=("mina",) * 50))
    assert time.process_time() - began < 1.0
