"""docs/delivery.md says what the senders do: names, addresses and figures are those of the code."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

from tests.senders.letters import PAGE
from tests.support import REPOSITORY
from warroom.domain.routes import PATIENCE, TIMEOUT, Bundling, System
from warroom.senders import http, systems, webhook, wording, worker
from warroom.senders.carrier import WIDTH
from warroom.senders.file import FileSender
from warroom.senders.office import CHECK_S
from warroom.senders.secrets import ALLOW_COMMANDS, DIRECTORIES
from warroom.store import outbox

PAGE_OF_DOCS = (REPOSITORY / "docs" / "delivery.md").read_text(encoding="utf-8")
PLAIN = " ".join(PAGE_OF_DOCS.split())


def rows_after(head: str) -> list[list[str]]:
    """The cells of the table with that head."""
    table = PAGE_OF_DOCS.partition(head)[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def test_the_object_of_a_webhook_has_the_members_that_are_shown() -> None:
    block = re.search(r"```json\n(.*?)```", PAGE_OF_DOCS, re.DOTALL)
    assert block
    assert list(json.loads(block[1])) == list(webhook.content_of(PAGE))
    for header in (webhook.ID_HEADER, webhook.KEY_HEADER, webhook.SIGNATURE_HEADER):
        assert f"`{header}" in PAGE_OF_DOCS


def test_the_line_in_the_file_has_the_members_that_are_named(tmp_path: Path) -> None:
    FileSender(tmp_path / "box.jsonl")(PAGE)
    named = re.findall(r"`(\w+)`", PAGE_OF_DOCS.partition("before it counts as sent:")[2])
    assert named == list(json.loads((tmp_path / "box.jsonl").read_text()))


def test_the_states_are_those_of_the_outbox() -> None:
    named = {row[0].strip("`") for row in rows_after("| state | what it means |")}
    assert named == {*outbox.PENDING, "sent", "given up", "bundled"}


def test_the_other_systems_are_all_there_with_their_addresses() -> None:
    rows = {row[0].strip("`"): row for row in rows_after("| `kind` | address")}
    assert set(rows) == {each.value for each in System}
    for system, base in systems.BASES.items():
        assert f"`{base}`" in rows[system.value][1]


def test_the_figures_are_those_of_the_code() -> None:
    def words(seconds: float) -> str:
        return f"{seconds / 60:g} min" if seconds >= 60 else f"{seconds:g} s"

    *first, last = outbox.BACK_OFF
    assert f"after {', '.join(map(words, first))}, and then every {words(last)}, each up to half" in PLAIN
    assert f"`Retry-After`, {words(http.LONGEST_WAIT.total_seconds())} at most" in PLAIN
    assert f"After {outbox.MOST_TRIES} tries" in PLAIN
    assert timedelta(minutes=15) == worker.USEFUL and "after a quarter of an hour" in PLAIN
    assert f"for {outbox.LEASE.total_seconds():g} seconds at most" in PLAIN
    assert f"`patience` ({words(PATIENCE.total_seconds())})" in PLAIN
    assert f"`timeout` ({words(TIMEOUT.total_seconds())})" in PLAIN
    assert WIDTH == 4 and "four messages are under way at once" in PLAIN
    usual = Bundling()
    assert f"`bundle.more_than` pages ({usual.most})" in PLAIN
    assert f"`bundle.within` ({words(usual.within.total_seconds())})" in PLAIN
    assert f"the first {wording.LISTED} subjects" in PLAIN
    assert f"{outbox.IN_BUNDLE} pages at most" in PLAIN
    assert f"every {CHECK_S:g} seconds" in PLAIN
    assert f'"{wording.AGAIN}"' in PLAIN


def test_what_a_process_may_be_told_is_named() -> None:
    assert f"`{ALLOW_COMMANDS}=1`" in PLAIN and f"`{DIRECTORIES}`" in PLAIN
