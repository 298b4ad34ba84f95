"""People read the titles of roles, and the record keeps their ids."""

from __future__ import annotations

from datetime import UTC, datetime

from warroom.domain.kept_words import kept, kept_list
from warroom.domain.people import FatigueReached
from warroom.domain.role_titles import role_title, titled
from warroom.domain.roles import RoleAssigned, RoleMissed, RoleOffered
from warroom.domain.room import describe
from warroom.rulebook.load import seed_rulebook

AT = datetime(2026, 3, 11, 14, 0, tzinfo=UTC)
BOOK = seed_rulebook().book


def test_events_of_roles_are_told_with_titles_where_the_book_is_known() -> None:
    taken = RoleAssigned("incident-manager", "mina")
    assert describe(taken) == "incident-manager: mina"
    with titled(BOOK):
        assert describe(taken) == "incident manager: mina"
        assert describe(RoleOffered("tech-lead/database", "li", "", AT)) == "tech lead database to li"
        missed = RoleMissed("communications-manager", 1, (), "communications-manager is vacant", None)
        assert describe(missed) == "communications manager still vacant; communications manager is vacant"
    assert role_title("incident-manager") == "incident-manager"


def test_what_the_program_wrote_of_a_role_is_read_with_its_title() -> None:
    why = "in the role incident-manager 4h05 (limit 4h00), awake 17h00 (limit 16h00)"
    reached = FatigueReached("mina", ("incident-manager",), why, ("li",), ())
    assert kept_list(why) == why
    with titled({"incident-manager": "Incident lead"}):
        assert kept_list(why) == "in the role Incident lead 4h05 (limit 4h00), awake 17h00 (limit 16h00)"
        assert "in the role Incident lead 4h05" in describe(reached)
        assert kept("role:tech-lead: tech-lead is vacant") == "role:tech-lead: tech-lead is vacant"
        assert kept("mina is vacant-minded") == "mina is vacant-minded"
    assert reached.why == why
