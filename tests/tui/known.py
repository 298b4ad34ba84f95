"""What is known of the invented incident, for the forms that show and correct it."""

from __future__ import annotations

from datetime import timedelta

from tests.tui.fixtures import NOW, QUESTIONS, SERVICES
from warroom.domain.oneline import Vocabulary
from warroom.views import AssessmentView, FactLine, FactsView, LinkLine, TimeLine

WORDS = Vocabulary(
    {"SEV1": 1, "SEV2": 2, "SEV3": 3},
    ("SEV1", "SEV2"),
    {"down": "SEV1", "slow": "SEV3"},
    dict.fromkeys(SERVICES, "") | {"payments-api": "1"},
    {"1": "SEV1"},
    "SEV2",
)

FACTS = FactsView(
    (
        FactLine("service", "service", "payments-api"),
        FactLine("products", "products", "Cards, Tills"),
        FactLine("impact", "impact"),
        FactLine("external", "customers", "4000"),
        FactLine("cases", "support cases", "3"),
        FactLine("region", "region", "eu-west", "catalogue"),
        FactLine("owner", "owner team", "payments", "catalogue"),
    ),
    (
        TimeLine("started_at", "impact started", NOW - timedelta(minutes=41)),
        TimeLine("detected_at", "detected"),
        TimeLine("declared_at", "declared", NOW - timedelta(minutes=38)),
        TimeLine("acknowledged_at", "acknowledged"),
        TimeLine("mitigated_at", "mitigated"),
        TimeLine("ended_at", "impact ended"),
        TimeLine("closed_at", "closed"),
    ),
    (("domain", "payments"),),
    (),
    ("child INC-7 roll back (investigating)", "task 12 tell the bank"),
    room="#incident-warroom",
)

LINKS = (
    LinkLine("chat", "#inc-142"),
    LinkLine("caused by", "INC-141", "Deploy 8812", "INC-141", "investigating"),
)

ASSESSMENT = AssessmentView(
    "SEV1",
    tuple((question, "") for question in QUESTIONS),
    (("all", "everybody"), ("some", "some of them")),
    (("high", "now"), ("low", "later")),
    ((("all", "high"), "SEV1"), (("all", "low"), "SEV2"), (("some", "high"), "SEV2"), (("some", "low"), "SEV3")),
    (("SEV1", ()), ("SEV2", ("public: every 1h (now 30m)",)), ("SEV3", ("pages wait for working hours",))),
)
