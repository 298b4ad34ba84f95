"""Numbers as people read them follow the language; those that programs read do not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.tui.fixtures import NOW
from warroom.language import use
from warroom.tui.export.formats import csv_text, json_text, markdown
from warroom.tui.export.sheet import Export, Sheet
from warroom.words import figure, plain, tr


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    use("en")


@pytest.mark.parametrize(
    ("name", "tenth", "many"), [("en", "2.5", "12,345.7"), ("ko", "2.5", "12,345.7"), ("sv", "2,5", "12\u00a0345,7")]
)
def test_a_number_has_the_signs_of_the_language(name: str, tenth: str, many: str) -> None:
    assert use(name) == name
    assert str(figure(2.5)) == tenth == f"{figure(2.5):.1f}"
    assert f"{figure(12345.67):,.1f}" == many
    assert (tenth in tr("lag {seconds:.1f} s").format(seconds=figure(2.5))) is True
    with plain():
        assert f"{figure(12345.67):,.1f}" == "12,345.7"


def test_a_report_follows_the_language_and_what_programs_read_does_not() -> None:
    use("sv")
    sheet = Sheet("punctuality", ("name", "left"), (("whole", 2.5),))
    export = Export("punctuality", "", "punctuality", NOW, (sheet,), {"left": 2.5})
    assert "| 2,5 |" in markdown(export)
    assert "whole,2.5" in csv_text(export)
    assert '"left": 2.5' in json_text(export)
