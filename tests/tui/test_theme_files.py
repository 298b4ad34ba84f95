"""A theme's file: what it may say, and everything that is wrong with one, each with its line and a remedy."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.color import Color

from tests.support.profile import examples
from warroom.tui.palette import READABLE, Depth, contrast
from warroom.tui.themes.choose import asks_for_no_colour, system_for, theme_for
from warroom.tui.themes.layout import check_layout, strengthened
from warroom.tui.themes.library import Library, directories
from warroom.tui.themes.look import COLOURS, ROLES, ThemeError
from warroom.tui.themes.make import colours_shown, is_drawing, textual_theme, variables_of
from warroom.tui.themes.read import MAX_BYTES, parse_theme
from warroom.tui.themes.start import layout_text, theme_text

DARK = b'background: "#101010"'


def wrong(raw: bytes, stem: str = "mine") -> list[str]:
    """What is said of a file, line by line."""
    library = Library(own=())
    with pytest.raises(ThemeError) as raised:
        parse_theme(stem, f"{stem}.yaml", raw, library.look, library.names())
    return [str(problem) for problem in raised.value.problems]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "mine.yaml: is empty; begin with warroom themes new mine, which writes one"),
        (b"x" * (MAX_BYTES + 1), "mine.yaml: is larger than 64 KiB; take out what is no part of a theme"),
        (b"- a\n", "mine.yaml:1:1: is not a field of a theme; begin with a line such as extends: warroom-dark"),
        (b"title: \xff\n", 'mine.yaml:1:8: "\\xff" is not UTF-8; save the file as UTF-8'),
        (b"colors: {}\n", "mine.yaml:1:1: colors: is not a field of a theme; did you mean colours?"),
        (b"name: other\n", 'mine.yaml:1:7: name: "other" is not what the file is called; '),
        (b"dark: perhaps\n", 'mine.yaml:1:7: dark: "perhaps" is neither yes nor no; write yes or no'),
        (b"depth: 32\n", 'mine.yaml:1:8: depth: "32" is not one of those there are; write one of full, 16, ansi, none'),
        (b"glyphs: pretty\n", "write one of rich, plain"),
        (b"contrast: 3\n", "write a number from 4.5 to 12"),
        (b"title:\n", "mine.yaml:1:1: title: is empty; write what belongs there, or take the line out"),
        (b"title: [a]\n", "title: is not a word; write one behind the colon"),
        (b"colours: blue\n", 'colours: "blue" is not a group of lines; write the lines below it, indented'),
        (b"colours:\n  eror: red\n", "mine.yaml:2:3: colours.eror: is not a colour of a theme; did you mean error?"),
        (b"roles:\n  sev11: red\n", "mine.yaml:2:3: roles.sev11: is not a role of a theme; did you mean sev1?"),
        (b"colours:\n  error: redd\n", 'mine.yaml:2:10: colours.error: "redd" is no colour; did you mean red?'),
        (b"colours:\n  error: '#12'\n", 'colours.error: "#12" is no colour; write one as "#rrggbb"'),
        (b"colours:\n  error: #f00\n", 'mine.yaml:2:3: colours.error: is empty; write a colour in quotes'),
        (b"colours:\n  error: ansi_red\n", "is a colour of the terminal; write a fixed one"),
        (b"colours:\n  error: 'auto 60%'\n", 'colours.error: "auto 60%" is'),
        (b"colours:\n  error: '#ff000080'\n", 'is transparent; write what it looks like, as in "#ff0000"'),
        (b"extends: warroom-drak\n", '1:10: extends: "warroom-drak" is not a theme; did you mean warroom-dark?'),
        (b"extends: ../secret\n", 'extends: "../secret" is not a theme; there is '),
        (b"roles:\n  sev1: '#303030'\n", "mine.yaml:2:9: roles.sev1: \"#303030\" has a contrast of 1."),
        (b"roles:\n  frame: '#131313'\n", "a rule needs 1.7:1; "),
        (b"colours:\n  background: '#101010'\n  panel: '#e0e0e0'\n", "mine.yaml:3:10: colours.panel: "),
        (b"colours:\n  foreground: '#333333'\n", "mine.yaml:2:15: colours.foreground: "),
        (b"dark: yes\ndark: no\n", "mine.yaml:2:1: dark: \"dark\" stands here a second time, the first is on line 1"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line_and_what_to_do(raw: bytes, said: str) -> None:
    assert any(said in each for each in wrong(raw)), wrong(raw)


def test_all_that_is_wrong_is_said_at_once() -> None:
    assert len(wrong(b"colors: {}\ndark: 7\nroles:\n  late: '#12'\n  latte: red\n")) == 4


def test_the_colour_that_is_proposed_would_do() -> None:
    (said,) = wrong(b"roles:\n  late: '#500000'\n")
    better = said.partition('4.5:1; "')[2].partition('"')[0]
    library = Library(own=())
    look = parse_theme("mine", "mine.yaml", f"roles:\n  late: '{better}'\n".encode(), library.look, library.names())
    assert look.roles == {"late": better}


@given(colours=st.dictionaries(st.sampled_from(COLOURS), st.integers(0, 0xFFFFFF)), dark=st.booleans(),
       roles=st.dictionaries(st.sampled_from(ROLES), st.integers(0, 0xFFFFFF), max_size=4))  # fmt: skip
@examples(0.5)
def test_whatever_colours_are_written_all_text_can_be_read_or_the_file_is_refused(
    colours: dict[str, int], roles: dict[str, int], dark: bool
) -> None:
    def lines(name: str, given: dict[str, int]) -> str:
        return f"{name}:\n" + "".join(f"  {key}: '#{value:06x}'\n" for key, value in given.items()) if given else ""

    text = f"dark: {'yes' if dark else 'no'}\n{lines('colours', colours)}{lines('roles', roles)}"
    try:
        look = parse_theme("mine", "mine.yaml", text.encode())
    except ThemeError:
        return
    for role, color, ground, reached in colours_shown(look):
        assert reached >= (1.7 if is_drawing(role.partition(" ")[0]) else READABLE), (role, color, ground)


@given(st.binary(max_size=200))
@examples(0.5)
def test_nothing_that_stands_in_a_file_raises_anything_else(raw: bytes) -> None:
    try:
        parse_theme("mine", "mine.yaml", raw)
    except ThemeError as error:
        assert error.problems and str(error)


# The library


def write(folder: Path, **files: str) -> Library:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return Library(own=[folder])


def test_a_theme_extends_another_and_its_own_name_means_the_shipped_one(tmp_path: Path) -> None:
    library = write(
        tmp_path,
        base="extends: paper\nroles:\n  sev1: '#a00000'\n",
        mine="extends: base\ncolours:\n  error: '#900000'\n",
        paper="extends: paper\ntitle: my paper\n",
    )
    look = library.look("mine")
    assert not look.dark and look.roles["sev1"] == "#a00000" and look.colours["error"] == "#900000"
    assert look.colours["background"] == "#fdf6e3" and look.title == "my paper"
    entry = next(each for each in library.entries() if each.name == "paper")
    assert not entry.shipped and entry.overrides == library.shipped / "paper.yaml"


@pytest.mark.parametrize("names", [("a",), ("a", "b"), ("a", "b", "c")])
def test_themes_that_extend_each_other_in_a_circle_are_refused(names: tuple[str, ...], tmp_path: Path) -> None:
    files = {name: f"extends: {names[(at + 1) % len(names)]}\n" for at, name in enumerate(names)}
    with pytest.raises(ThemeError, match=r"extends.*itself"):
        write(tmp_path, **files).look("a")


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    library = write(tmp_path)
    (tmp_path / "folder.yaml").mkdir()
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nowhere")
    for name, said in (("folder", "is a directory"), ("pipe", "is not a file"), ("gone", "cannot be read")):
        with pytest.raises(ThemeError, match=said):
            library.read(tmp_path / f"{name}.yaml")
    with pytest.raises(KeyError):
        library.look("nothing")


@pytest.mark.parametrize("name", ["x" * 300, "a\0b", "\udfff\ud800", "..", ""])
def test_a_name_that_no_file_can_have_is_no_theme(name: str, tmp_path: Path) -> None:
    assert Library(own=(tmp_path,)).find(name) is None


def test_directories_come_from_the_environment_first(tmp_path: Path) -> None:
    found = directories({"WARROOM_THEMES": f"{tmp_path}{os.pathsep}/elsewhere"})
    assert found[:2] == (tmp_path, Path("/elsewhere")) and found[-1].name == "themes"


@pytest.mark.parametrize("name", Library(own=()).names())
def test_a_theme_to_begin_with_is_right_and_looks_as_the_one_it_extends(name: str, tmp_path: Path) -> None:
    base = Library(own=()).look(name)
    library = write(tmp_path, mine=theme_text("mine", base))
    mine = library.look("mine")
    assert (mine.dark, mine.depth, mine.roles) == (base.dark, base.depth, base.roles)
    if base.depth is Depth.FULL:
        worst = max(
            sum(abs(x - y) for x, y in zip(one[1].rgb, other[1].rgb, strict=True))
            for one, other in zip(colours_shown(base), colours_shown(mine), strict=True)
        )
        assert worst <= 12, "a colour is another one"
    everything = re.sub(
        r"^  # |^# (?=roles)", lambda found: found[0].replace("# ", ""), theme_text("mine", base), flags=re.M
    )
    (tmp_path / "mine.yaml").write_text(everything, encoding="utf-8")
    library.look("mine")


# The environment


@pytest.mark.parametrize(
    ("environment", "system"),
    [
        ({"TERM": "linux"}, "standard"),
        ({"TERM": "linux", "COLORTERM": "truecolor"}, "standard"),
        ({"TERM": "xterm-16color"}, "standard"),
        ({"TERM": "vt220"}, "standard"),
        ({"TERM": "xterm"}, "standard"),
        ({"TERM": "screen"}, "256"),
        ({"TERM": "screen-256color"}, "256"),
        ({"TERM": "tmux"}, "256"),
        ({"TERM": "tmux-256color", "COLORTERM": "truecolor"}, "truecolor"),
        ({"TERM": "xterm-256color"}, "256"),
        ({"TERM": "xterm-256color", "COLORTERM": "24bit"}, "truecolor"),
        ({"TERM": "xterm-direct"}, "truecolor"),
        ({"TERM": "xterm-kitty"}, "256"),
        ({}, "standard"),
    ],
)
def test_how_many_colours_a_terminal_is_told(environment: dict[str, str], system: str) -> None:
    assert system_for(environment) == system


def test_which_theme_it_is() -> None:
    assert theme_for("", {}) == "warroom-dark"
    assert theme_for("", {"NO_COLOR": "0"}) == "monochrome"
    assert theme_for("paper", {"NO_COLOR": "1"}) == "paper"
    assert not asks_for_no_colour({"NO_COLOR": ""})


# The layout beside it


@pytest.mark.parametrize(
    ("css", "said"),
    [
        ("#list { hight: 3; }", "layout.tcss:1:9: is no layout: Invalid CSS property 'hight'"),
        ("\n\n#list { height: tall; }", "layout.tcss:3:"),
        ("#list { display: nonee; }", "is no layout: Invalid value for the display property"),
        ("#list { color: $nothing; }", "layout.tcss:1:16: is no layout: reference to undefined variable '$nothing'"),
        ("#list { height: 3;", 'layout.tcss:1:7: "{" is not closed; count the brackets'),
        ("} #list", "layout.tcss:1:1:"),
    ],
)
def test_a_layout_that_is_none_is_named_with_its_line(css: str, said: str) -> None:
    variables = variables_of(textual_theme(Library(own=()).look("warroom-dark")))
    rules, problems = check_layout("layout.tcss", css, variables)
    assert rules == () and said in str(problems[0])


def test_every_declaration_counts_for_more_and_lines_stay() -> None:
    css = """/* a; b: c */
$own: 3;
#list { height: $own; width: 50% }
BoardScreen {
    #roles:hover { color: red;
        &:focus { margin: 1 2 }
    }
}
"""
    strong = strengthened(css)
    assert strong.count("!important") == 4 and strong.count("\n") == css.count("\n")
    variables = variables_of(textual_theme(Library(own=()).look("warroom-dark")))
    rules, problems = check_layout("layout.tcss", strong, variables)
    assert problems == () and all(rule.styles.important for rule in rules if rule.styles.get_rules())
    assert check_layout("layout.tcss", strengthened(layout_text()), variables)[1] == ()


def test_black_on_white_is_the_most_there_is() -> None:
    assert contrast(Color(0, 0, 0), Color(255, 255, 255)) == pytest.approx(21)
