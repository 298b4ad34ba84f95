"""Every word that the command line says goes through the catalogs, and is there in every language."""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tests.catalogs import OF_CLICK, collect
from tests.cli.conftest import Cli
from tests.cli.test_man import EVERY
from tests.support.strange import looked_up
from warroom import words
from warroom.cli.export import OF_ROOM
from warroom.cli.main import COMMANDS, cli
from warroom.rulebook.convert import Loaded
from warroom.rulebook.load import read_rulebook
from warroom.tui.pieces import Role
from warroom.tui.sieve.columns import SPECS
from warroom.tui.sieve.grammar import FIELDS
from warroom.tui.themes.library import Library

LANGUAGES = ("ko", "sv")
OTHER = {"ko": re.compile("[가-힣]{2}"), "sv": re.compile("[åäöÅÄÖ]")}
"""What a text of some length in each language has."""


# In processes of their own -------------------------------------------------------------------------------------------


def run(language: str, *args: str, settings: Path | None = None) -> subprocess.CompletedProcess[str]:
    """One command in a process that is asked for a language by its locale, or by a settings file."""
    environment = {k: v for k, v in os.environ.items() if k not in ("LANGUAGE", "LC_ALL", "LC_MESSAGES")}
    environment |= {"LANG": {"ko": "ko_KR.UTF-8", "sv": "sv_SE.UTF-8"}.get(language, "C.UTF-8"), "PYTHONUTF8": "1"}
    if settings is not None:
        environment["WARROOM_SETTINGS"] = str(settings)
    return subprocess.run(
        [sys.executable, "-m", "warroom", *args],
        capture_output=True,
        env=environment,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_process_says_and_what_it_does_not_change(language: str, room: Cli) -> None:
    where = ("--db", str(room.db))
    spoken: list[tuple[str, ...]] = [("--help",), ("ack", "--help"), (*where, "list"), (*where, "show", "1")]
    for args in (*spoken, ("log", "1", "--last", "x"), ("nothing",)):
        here, there = run("en", *args), run(language, *args)
        assert here.returncode == there.returncode
        assert here.stdout != there.stdout or here.stderr != there.stderr, args
        assert OTHER[language].search(there.stdout + there.stderr), args
        assert not OTHER[language].search(here.stdout + here.stderr), args
        assert "Traceback" not in there.stderr
    for args in (
        (*where, *line.split(), "--json") for line in ("list", "show 1", "log 1", "log 99", "why 1", "ack x y")
    ):
        here, there = run("en", *args), run(language, *args)
        assert (here.returncode, here.stderr) == (there.returncode, there.stderr)
        assert re.sub(r'"(now|at|as_of)":"[^"]*"', "", here.stdout) == re.sub(
            r'"(now|at|as_of)":"[^"]*"', "", there.stdout
        )


def test_a_settings_file_goes_before_the_locale_for_the_words_of_click_too(tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text("language: sv\n", encoding="utf-8")
    said = run("ko", "list", "--nothing", settings=file)
    assert said.returncode == 2
    assert not OTHER["ko"].search(said.stderr)
    assert run("sv", "list", "--nothing").stderr == said.stderr
    assert "No such option" not in said.stderr


# What is in the catalogs ---------------------------------------------------------------------------------------------


def test_the_texts_of_click_are_those_that_it_looks_up() -> None:
    """An upgrade of click that looks its texts up in another way is noticed: they would be English again."""
    for name in OF_CLICK:
        module = sys.modules[f"click.{name}"]
        assert getattr(module, "_", words.tr).__module__ in ("warroom.cli.helping", "warroom.words"), name
    with looked_up(masked), pytest.raises(click.UsageError) as wrong:
        cli.main(["gaps", "--nothing"], "warroom", standalone_mode=False)
    assert wrong.value.message.startswith("жж жжжж жжжжжж")


# A language in which no English word is left -------------------------------------------------------------------------

PART = re.compile(r"(\{[^{}]*\}|%[a-zA-Z])")


def masked(text: str) -> str:
    """The text with another letter in the place of each; what is filled in stays."""
    parts = PART.split(text)
    return "".join(part if n % 2 else re.sub("[A-Za-z]", "ж", part) for n, part in enumerate(parts))


@pytest.fixture
def asked_for() -> Iterator[set[str]]:
    """A language made of nothing but ж; the texts that were looked up."""
    seen: set[str] = set()

    def one(text: str) -> str:
        seen.add(text)
        return masked(text)

    def many(single: str, plural: str, count: int) -> str:
        seen.add(single)
        return masked(single if count == 1 else plural)

    with looked_up(one, many):
        yield seen


BOOK = """
room: { name: 시험, prefix: K }
services: { 결제: [북, 1], 검색: [북, 1] }
people:
  하나: { name: 김하나, contacts: { sms: "+46700000001", chat: "@1" } }
  둘: { name: 이둘, contacts: { chat: "@2" } }
  셋: { name: 박셋, contacts: { chat: "@3" } }
oncall: { 첫째: [하나], 둘째: [둘] }
schedules:
  당직:
    title: 당직표
    zone: UTC
    layers:
      낮: { people: [하나, 둘], rotate: daily, handoff: 09:00, start: 2024-03-11, until: 2024-03-20 }
    backup: [oncall:둘째]
teams: {}
policies:
  급함:
    levels:
      - { label: 일, targets: ["oncall:첫째"], via: [sms, chat], ack_timeout: 5m, resolve_timeout: 21m, repeat: 1 }
      - { label: 이, targets: ["oncall:둘째"], ack_timeout: 6m, mode: round_robin }
    then: ["person:셋"]
  느림:
    levels: [{ label: 일, targets: ["oncall:둘째"], ack_timeout: 30m }]
severities:
  SEV1:
    rank: 1
    glyph: "!"
    title: 일급
    major: true
    policy: 급함
    cadence: { 안: { first: 10m, every: 20m, final: 15m }, 밖: { first: 15m, every: 30m, final: 30m } }
    roles: { incident-manager: 4m }
    impacts: [critical, major]
  SEV2:
    rank: 2
    glyph: "="
    title: 이급
    major: false
    policy: 느림
    impacts: [minor, none]
    hours: { zone: UTC, days: [mon], start: "09:00", end: "17:00" }
roles:
  incident-manager: { title: 관리자, pool: ["oncall:첫째"], remind_every: 3m, remind_times: 3, duties: [가, 나] }
  기록자: { title: 기록자 }
role_defaults: { remind_every: 5m, remind_times: 3, offer_lapses: 10m }
channels:
  안: { title: 안쪽, audience: internal }
  밖: { title: 바깥, audience: external }
reminders:
  - { after: 0s, to: ["role:incident-manager"] }
watch: { channel: 밖, cadence: 30m }
"""

SCENARIO: tuple[tuple[float, str], ...] = (
    (0, "declare 결제가_멈춤 --severity SEV1 --service 결제 --started 5m --summary 모름"),
    (0, "list"),
    (0, "show 1"),
    (0, "forecast 1"),
    (1, "ack 1 --level 1"),
    (1, "status 1 investigating"),
    (0, "status 1 mitigating --reason 하는_중"),
    (0, "role 1 incident-manager 하나"),
    (0, "role 1 기록자 --add --within 10m"),
    (0, "offer 1 기록자 둘 --note 부탁"),
    (0, "둘> accept 1 기록자"),
    (0, "둘> leave 1 기록자 --reason 끝"),
    (0, "handover 1 incident-manager"),
    (0, "offer 1 incident-manager 둘 --note 부탁"),
    (0, "둘> readback 1 incident-manager 알았음"),
    (0, "둘> decline 1 incident-manager"),
    (0, "duty 1 incident-manager 1"),
    (0, "duty 1 incident-manager"),
    (0, "people 1"),
    (0, "awake 1 16h"),
    (0, "join 1 셋"),
    (0, "people 1"),
    (0, "note 1 적음 --kind decision"),
    (0, "note 1 @둘_@없음_봐"),
    (0, "theory 1 배포_탓"),
    (0, "experiment 1 되돌리기"),
    (0, "result 1 나아짐 --confirms"),
    (0, "decide 1 멈출까 --ask --by 하나 --due 30m"),
    (0, "change 1 되돌림 --why 오류 --undo 다시"),
    (0, "task 1 add 보기 --owner 하나 --due 30m --stream 자료"),
    (0, "task 1 list"),
    (0, "evidence 1 /1/2 그림"),
    (0, "work 1"),
    (0, "link 1 chat #1"),
    (0, "update 1 안 보는_중 --next 20m"),
    (0, "update 1 밖 모두_봄 --dry-run --subject 제목"),
    (0, "update 1 밖 모두_봄 --review 둘 --anyway"),
    (0, "drafts 1"),
    (0, "clocks"),
    (0, "timeline 1"),
    (0, "timeline 1 --ascii --sawtooth"),
    (9, "snooze 1 10m --reason 기다림"),
    (0, "wake 1"),
    (0, "unack 1"),
    (0, "escalate 1 --reason 급함"),
    (0, "why 1"),
    (0, "why 1 하나"),
    (0, "forecast 1 --only pages"),
    (0, "declare 검색이_느림 --severity SEV2 --service 검색"),
    (0, "link 2 caused-by 1"),
    (0, "link 2"),
    (0, "severity 2 SEV1 --reason 커짐"),
    (0, "amend 2 --impact 일부 --customers 12 --region 북"),
    (0, "cases 2 +3"),
    (1, "status 2 investigating"),
    (1, "undo 2"),
    (0, "assess 2"),
    (0, "split 1 자료_고침"),
    (0, "merge 2 1 --reason 같음"),
    (30, "skip 1 안 --reason 없음"),
    (0, "list --all"),
    (0, "list --all --columns key,sev,title,status,lead,page,update,age,service"),
    (0, "list --filter 없는것"),
    (0, "calloff 1 --reason 멈춤"),
    (0, "resume 1"),
    (0, "takeover 1"),
    (0, "task 1 done 28"),
    (0, "decide 1 예 --on 26"),
    (0, "resolve 3 --reason 끝남"),
    (0, "resolve 1 --reason 끝남"),
    (0, "show 1"),
    (0, "show 2"),
    (0, "show 1 --at #6"),
    (0, "close 1 --reason 다_봄"),
    (0, "reopen 1 --reason 다시"),
    (0, "log 1"),
    (0, "log 2"),
    (0, "log 3"),
    (0, "gaps --all"),
    (0, "catchup 1"),
    (0, "catchup 1 --since 40m --md"),
    (0, "catchup 1 --full"),
    (0, "punctuality"),
    (0, "oncall"),
    (0, "oncall --why"),
    (0, "oncall --days 3"),
    (0, "override 당직 둘 2h --reason 바꿈"),
    (0, "absent 2024-03-18 to 2024-03-19 --person 하나"),
    (0, "swap ask 당직 --person 하나 --note 부탁"),
    (0, "swap list"),
    (0, "swap drop 3"),
    (0, "override --end 1"),
    (0, "desk"),
    (0, "desk --log"),
    (0, "outbox"),
    (0, "rules list"),
    (0, "rulebook show"),
    (0, "rulebook log"),
    (0, "rulebook check"),
    (0, "doctor"),
    (0, "wall --once"),
    (0, "config show"),
    (0, "themes"),
    (0, "themes show warroom-dark"),
    (0, "themes path"),
    (0, "keys"),
    (0, "debug"),
)
"""Minutes that pass, and then a command; what people write in it is Korean, with _ for a blank. "둘> ": in her name."""

WRONG = (
    *("show 99", "list --last 3", "list --sort 없음", "list --columns 없음", "list --filter 없음:1", "ack"),
    *(
        "ack 1 --level x",
        "update 1 없음 있음",
        "severity 1 없음 --reason x",
        "status 1 없음",
        "declare x --severity 없음",
    ),
    *("oncall --at 1901-01-01", "amend 1 --started 14", "amend 1 --started 2024-03-13T14:30", "assess 1 --impact 없음"),
    *("assess 1 --set --answer x", "cases 1 x", "role 1 r --within x", "override 없음", "swap take 9", "swap drop 9"),
    *("review 1 99", "rules lift 1 --reason x", "demo --speed x", "why 1 x y", "theory 1 x --confirm 1 --refute 2"),
    *("task 1 take", "export board 1", "board", "wall", "wall --once --serve", "outbox retry x", "outbox test x"),
    *("rulebook show 없음", "rulebook diff 없음", "statsu", "themes show 없음", "keys --screen x", "config show x"),
    *("completion x", "gaps 1 --all", "log 1 --last 0", "unlink 1 없음", "link 1 chat", "handover 1 --cancel --to x"),
    *(
        "oncall --out x",
        "oncall --schedule 없음",
        "duty 1 없음",
        "timeline 1 --from 5m --to 10m",
        "declare",
        "--as",
        "snooze 1",
    ),
)

ALLOWED = frozenset((
    "SEV", "UTC", "warroom", "incident", "manager", "oncall", "person", "role", "channel", "engine",
    "sms", "chat", "mail", "phone", "push", "webhook", "end",
))  # fmt: skip
"""What is written in commands, and ids: kinds of targets, ways, a role of the program, who keeps the timers, what
comes behind the last level (as L1 is a level)."""
KEYS = "esc pgup pgdn home end shift ctrl tab enter space backspace delete"
IDS = {
    "config show": ("name", "value"),
    "themes": ("name", "title"),
    "themes show warroom-dark": ("name", "title", "roles"),
    "themes path": (),
    "keys": ("id", "screen", "keys"),
    "debug": ("value", "name"),
    "rulebook show": ("revision",),
    "rulebook log": ("revision",),
}
"""Commands that list what has a name of its own: the members of their JSON in which those are."""


@pytest.fixture(scope="module")
def korean() -> Loaded:
    """Rules with hardly a letter of ours in them."""
    return read_rulebook({"book.yaml": BOOK.encode()})


ENGLISH = re.compile(r"[A-Za-z]{3,}")
LITERAL = re.compile(
    r"'[^'\n]*'"  # what was typed, and click's choices
    r"|[\[{][\w|-]+\|[\w|-]+[\]}]"
    r"|(?<![\w-])--?[\w-]+|\$\w+"  # options, variables
    r"|~?(?:/[\w.+-]+)+|(?<!\w)[\w-]+(?:\.[\w-]+)+"  # paths, ids of lines in a file
    r"|#[0-9a-f]{6}\b"  # colours
    r"|\b(?=[a-z]*\d)[0-9a-f]{12,16}\b"  # revisions and seals
    r"|warroom [a-zж]+(?: [a-zж]+)?|x>=\d"  # how a command is written
)


def left_over(text: str, allowed: frozenset[str] = ALLOWED) -> list[str]:
    """Lines with a word that did not come from a catalog."""
    return [
        line for line in text.splitlines() if any(w not in allowed for w in ENGLISH.findall(LITERAL.sub(" ", line)))
    ]


def named(made: Cli, line: str) -> frozenset[str]:
    """The words of what has a name of its own."""
    if "--dry-run" in line:
        return ALLOWED | {"own", "first", "external"}  # the template
    if line in ("show 2", "log 2"):  # what an undo took back stays as it was worded when it went into the record
        return ALLOWED | {"status", "new", "investigating"}
    if line == "doctor":  # of the file, its owner and its neighbours
        return ALLOWED | set(ENGLISH.findall("sqlite pysqlite wal full ext root database directory gate shm"))
    if line not in IDS:
        return ALLOWED
    found: list[object] = [each.value for each in Role] if line.startswith("themes") else [KEYS]
    found += [each[name] for each in made.json_lines(*typed(line)) for name in IDS[line] if name in each]
    return ALLOWED | set(ENGLISH.findall(json.dumps(found)))


def typed(line: str) -> list[str]:
    """A command line as its words."""
    return [word if word.isascii() else word.replace("_", " ") for word in line.split()]


def test_nothing_that_is_printed_goes_past_the_catalogs(
    warroom: Cli, korean: Loaded, asked_for: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warroom.rulebook.load.seed_rulebook", lambda: korean)
    made = Cli(warroom.db, korean, warroom.clock)
    found = []
    for minutes, line in SCENARIO:
        made.clock.advance(minutes)
        if minutes:
            made.tick()
        actor, _, line = line.rpartition("> ")
        result = made(*typed(line), actor=actor or "하나")
        if result.exit_code != 0:
            found.append(f"$ {line}: {result.exit_code} {result.stderr}")
        allowed = named(made, line)
        found += [f"$ {line}: {each}" for each in left_over(result.stdout + result.stderr, allowed)]
    assert not found, "\n".join(found)
    unknown = {text for text in asked_for if ENGLISH.search(text)} - texts()
    assert not unknown, "looked up, and not in the catalogs"


@pytest.mark.parametrize("line", WRONG)
def test_no_error_goes_past_the_catalogs(
    line: str, warroom: Cli, korean: Loaded, asked_for: set[str], monkeypatch: pytest.MonkeyPatch, declared: Path
) -> None:
    shutil.copy(declared, warroom.db)
    result = warroom(*typed(line), actor="하나")
    assert result.exit_code not in (0, 70)
    assert left_over(result.stdout + result.stderr, ALLOWED | ids()) == []
    assert {text for text in asked_for if ENGLISH.search(text)} - texts() == set()


@pytest.mark.parametrize("path", EVERY)
def test_no_help_goes_past_the_catalogs(path: str, asked_for: set[str]) -> None:
    said = CliRunner().invoke(cli, [*path.split()[1:], "--help"]).stdout
    # Metavariables are written in capitals, and named so in the text; so are the words that an option takes.
    names = set(re.findall(r"[A-Z]{2,}", said))
    for param in EVERY[path].command.params:
        names |= set(ENGLISH.findall(f"{param.default} {' '.join(getattr(param.type, 'choices', ()))}"))
    usage, _, rest = said.partition("\n\n")
    usage = re.sub(r"[\[{][\w|\s-]+[\]}]", "", usage)
    shown = "\n".join((usage, *(line for line in rest.splitlines() if not re.match(r"  [a-z]+  ", line))))
    assert left_over(shown, ALLOWED | names | set(path.split())) == []
    assert {text for text in asked_for if ENGLISH.search(text)} - texts() == set()


@functools.cache
def ids() -> frozenset[str]:
    """Names that a refusal lists: commands, columns, filters, themes, views; and those of the room."""
    named = [
        *COMMANDS,
        *OF_ROOM,
        *Library().names(),
        *SPECS,
        *FIELDS,
        "urgency",
        "OPS",
        "internal",
        "public",
        "first",
        "second",
        "statsu",
    ]
    return frozenset(ENGLISH.findall(" ".join(named)))


@functools.cache
def texts() -> frozenset[str]:
    """Every text in the catalogs, the one form of those with several."""
    return frozenset(each.id if isinstance(each.id, str) else each.id[0] for each in collect())
