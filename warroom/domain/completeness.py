"""Whether an update says what its readers need (R10): a checklist over its text, and what had better not stand in it.

The list is R10's: the real impact on customers, how many of them and of our own people, the root cause and the time to
restore as far as they are known, when and where the next update comes. What is not known counts as said when the text
says so ("the cause is not known yet"). The text is looked through for English phrases and for those of the rulebook;
nothing of it is interpreted any further, and more text never makes less of it said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from warroom.domain.comms import Audience, ChannelSpec
from warroom.domain.templates import BLANK, Stage
from warroom.domain.update_rules import Wording
from warroom.valueclass import dataclass
from warroom.words import mark, tr

if TYPE_CHECKING:
    from warroom.domain.book import Rulebook
    from warroom.domain.room import Room

_INTERNAL, _EXTERNAL = Audience.INTERNAL, Audience.EXTERNAL
_ON_THE_WAY = (Stage.FIRST, Stage.FOLLOW_UP)
_AT_THE_END = (Stage.FINAL,)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that an update should say. It is said when each of `shown` is found in the text, or one of `unsaid`,
    which say that it is not known. `unknown` is the sentence that does so."""

    name: str
    title: str
    stages: tuple[Stage, ...]
    audiences: tuple[Audience, ...]
    shown: tuple[re.Pattern[str], ...]
    unsaid: re.Pattern[str] | None = None
    unknown: str = ""


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{each})" for each in alternatives), re.IGNORECASE)


_UNKNOWN = r"(?:not (?:yet )?(?:known|clear|certain)|unknown|unclear|do(?:es)? not (?:yet )?know|don't (?:yet )?know)"
_MANY = r"(?:\d[\d.,]{0,12}\s?(?:%|percent|k\b|m\b)?|all|every|most|many|some|several|a few|few|half|none|no)"
_OUTSIDE = r"(?:customers?|users?|clients?|visitors?|accounts?|merchants?|shops?|orders?|requests?|tenants?|everybody)"
_INSIDE = r"(?:colleagues?|employees?|staff|agents?|of us|of our (?:own )?people|internal(?:ly)? (?:users?|people))"
_TIME = r"(?:\d{1,2}[:.]\d{2}|\d+\s?(?:m|min|minutes?|h|hours?|days?)\b|an hour|half an hour|noon|midnight|tomorrow)"
_NEXT = (
    r"(?:next (?:update|word|post|news)"
    r"|(?:update|inform|write|post|report|tell)\b[^\n]{0,30}\b(?:again|you|here|by|at|in))"
)

ITEMS: Final = (
    Item(
        "impact",
        mark("what customers notice"),
        (*_ON_THE_WAY, *_AT_THE_END),
        (_INTERNAL, _EXTERNAL),
        (
            _any(
                r"\b(?:cannot|can't|can not|could not|unable to|may not|not able)\b",
                r"\b(?:do|does|did) not (?:work|load|open|arrive|start|show|get|go|come|respond|answer)\b",
                r"\b(?:fail(?:s|ed|ing|ures?)?|errors?|slow(?:er|ly|ness)?|delay(?:s|ed)?|late|lost|loss|wrong|empty)\b",
                r"\b(?:unavailable|unreachable|down|outage|disrupt\w*|degrad\w*|interrupt\w*|affect(?:s|ed|ing)?)\b",
                r"\b(?:impact(?:s|ed)?|missing|broken|stuck|time ?outs?|timed out|refused|declined|rejected)\b",
                r"\bnot working\b|\bproblem with\b[^.\n]{0,60}\b(?:solved|over)\b",
                r"\bwork(?:s|ing)? (?:again|normally|as usual)\b|\bback to normal\b|\brestored\b|\brecovered\b",
            ),
        ),
        _any(rf"\bimpact\b[^.\n]{{0,60}}\b{_UNKNOWN}"),
        "The impact on customers is not known yet.",
    ),
    Item(
        "customers",
        mark("how many customers"),
        (*_ON_THE_WAY, *_AT_THE_END),
        (_INTERNAL, _EXTERNAL),
        (
            _any(
                rf"\b{_MANY}\b[^.\n]{{0,40}}\b{_OUTSIDE}\b",
                rf"\d\s?%[^.\n]{{0,40}}\b{_OUTSIDE}\b",
                rf"\b{_OUTSIDE}\b[^.\n\d]{{0,30}}\b\d",
                r"\beverybody\b|\bnobody outside\b",
            ),
        ),
        _any(rf"\bhow many\b[^.\n]{{0,80}}\b{_UNKNOWN}", rf"\b{_UNKNOWN}\b[^.\n]{{0,40}}\bhow many\b"),
        "How many customers are affected is not known yet.",
    ),
    Item(
        "colleagues",
        mark("how many of our own people"),
        _ON_THE_WAY,
        (_INTERNAL,),
        (
            _any(
                rf"\b{_MANY}\b[^.\n]{{0,40}}\b{_INSIDE}\b",
                rf"\b{_INSIDE}\b[^.\n\d]{{0,30}}\b\d",
                r"\bnobody inside\b|\b(?:no|some|all) (?:internal|inside)\b",
            ),
        ),
        _any(rf"\bhow many\b[^.\n]{{0,60}}\b{_INSIDE}\b[^.\n]{{0,40}}\b{_UNKNOWN}"),
        "How many of our own people are affected is not known yet.",
    ),
    Item(
        "cause",
        mark("the root cause"),
        (*_ON_THE_WAY, *_AT_THE_END),
        (_INTERNAL, _EXTERNAL),
        (
            _any(
                r"\b(?:caused? by|because of|due to|root cause|(?:cause|reason) (?:is|was)|result of|cause:)\s+\w",
                r"\b(?:was triggered by|came from|traced to|introduced by)\b",
            ),
        ),
        _any(rf"\bcause\b[^.\n]{{0,40}}\b{_UNKNOWN}", rf"\b{_UNKNOWN}\b[^.\n]{{0,20}}\b(?:the cause|why)\b"),
        "The cause is not known yet.",
    ),
    Item(
        "restore",
        mark("when it is over"),
        _ON_THE_WAY,
        (_INTERNAL, _EXTERNAL),
        (
            _any(
                rf"\b(?:restor\w*|recover\w*|fix(?:ed)?|back|resolv\w*|normal|over|eta)\b[^.\n]{{0,50}}{_TIME}",
                rf"\b(?:within|expect\w*|estimat\w*)\b[^.\n]{{0,50}}{_TIME}",
            ),
        ),
        _any(
            rf"\b(?:when|how long|time to restore|eta)\b[^.\n]{{0,80}}\b{_UNKNOWN}",
            rf"\b{_UNKNOWN}\b[^.\n]{{0,40}}\b(?:when|how long)\b",
        ),
        "We do not know yet when it will be over.",
    ),
    Item(
        "duration",
        mark("how long it lasted"),
        _AT_THE_END,
        (_INTERNAL,),
        (
            _any(
                rf"\b(?:lasted|for|duration|took|during)\b[^.\n]{{0,30}}{_TIME}",
                r"\b(?:from|between|since)\b[^.\n]{0,20}\d{1,2}[:.]\d{2}[^.\n]{0,20}\b(?:to|until|and|till)\b",
            ),
        ),
        _any(rf"\b(?:how long|duration)\b[^.\n]{{0,60}}\b{_UNKNOWN}"),
        "How long it lasted is not known yet.",
    ),
    Item(
        "cases",
        mark("how many support cases"),
        _AT_THE_END,
        (_INTERNAL,),
        (
            _any(
                rf"\b{_MANY}\b[^.\n]{{0,30}}\b(?:cases?|tickets?|calls|complaints?)\b",
                r"\b(?:cases?|tickets?)\b[^.\n\d]{0,20}\d",
            ),
        ),
        _any(rf"\bcases?\b[^.\n]{{0,50}}\b{_UNKNOWN}", r"\bcases?\b[^.\n]{0,30}\bnot counted\b"),
        "The support cases are not counted yet.",
    ),
    Item(
        "follow-up",
        mark("what follows, and when"),
        _AT_THE_END,
        (_INTERNAL, _EXTERNAL),
        (
            _any(
                r"\b(?:follow(?:s|ing)?[- ]?up|review|post-?mortem|report|learned|more detail)\b",
                r"\bwe will (?:write|tell|share|publish|report)\b",
            ),
        ),
    ),
    Item(
        "next",
        mark("when the next update comes"),
        _ON_THE_WAY,
        (_INTERNAL, _EXTERNAL),
        (_any(rf"\b{_NEXT}[^\n]{{0,60}}{_TIME}", r"\bnext:?\s+\d{1,2}[:.]\d{2}"),),
    ),
    Item(
        "where",
        mark("where the next update comes"),
        _ON_THE_WAY,
        (_INTERNAL, _EXTERNAL),
        (
            _any(
                rf"\b{_NEXT}[^\n]{{0,90}}(?:\bhere\b|\b(?:on|in) (?:the|this|our)\b|#\w|\bby (?:e-?)?mail\b)",
                r"\b(?:here|on this page|status page|this channel|in the call)\b",
            ),
        ),
    ),
)
"""The checklist of R10, in the order in which it is shown."""
ITEM_NAMES: Final = tuple(item.name for item in ITEMS)


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checklist about one text. `sentence` says it, or says that it is not known, "" where warroom has
    none; `refuse`: without it the update is refused."""

    name: str
    title: str
    said: bool
    must: bool = False
    refuse: bool = False
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What there is to say about a text: the checklist, and what had better not stand in it, gravest first."""

    checks: tuple[Check, ...]
    warnings: tuple[str, ...] = ()
    blanks: tuple[str, ...] = ()

    @property
    def score(self) -> tuple[int, int]:
        """How many things are said, of how many."""
        return sum(check.said for check in self.checks), len(self.checks)

    @property
    def missing(self) -> tuple[Check, ...]:
        """What has to be said and is not."""
        return tuple(check for check in self.checks if check.must and not check.said)

    @property
    def refused(self) -> tuple[Check, ...]:
        """What the rules refuse an update without."""
        return tuple(check for check in self.missing if check.refuse)

    @property
    def ask(self) -> str:
        """What to ask before this goes out, in one line; "" when nothing is amiss."""
        said = []
        if self.missing:
            said.append(tr("it does not say {titles}").format(titles=", ".join(check.title for check in self.missing)))
        if self.blanks:
            said.append(tr("a blank is left: [[{blank}]]").format(blank=self.blanks[0]))
        return "; ".join((*said, *self.warnings))


@dataclass(frozen=True, slots=True)
class Brief:
    """What a text is held against: for whom it is and where in the course of things, what has to be said, in which
    words, and what nobody outside may read. Made once (`brief`), asked with every key."""

    audience: Audience
    stage: Stage
    channels: tuple[ChannelSpec, ...] = ()
    must: frozenset[str] = frozenset()
    refuse: frozenset[str] = frozenset()
    wording: tuple[tuple[str, Wording], ...] = ()
    sentences: tuple[tuple[str, str], ...] = ()
    inside: tuple[str, ...] = ()


def brief(
    room: Room, book: Rulebook, channels: Iterable[str], audience: Audience, stage: Stage, next: str = ""
) -> Brief:
    """What an update of this incident is held against; `next` is the sentence on the next update."""
    names = tuple(channels)
    rules, severity = book.updates, room.incident.severity
    musts = [must for must in rules.must if must.scope.covers(audience, severity, names)]
    said = (("next", next), ("where", next)) if next else ()
    return Brief(
        audience,
        stage,
        tuple(book.channels[name] for name in names if name in book.channels),
        frozenset(item for must in musts for item in must.items),
        frozenset(item for must in musts if must.refuse for item in must.items),
        tuple(rules.items.items()),
        said,
        inside_words(room, book) if audience is _EXTERNAL else (),
    )


def judge(text: str, brief: Brief, subject: str = "") -> Judgement:
    """What there is to say about a text (and the subject above it)."""
    bare = BLANK.sub(" ", text)
    wording, sentences = dict(brief.wording), dict(brief.sentences)
    checks = []
    for item in ITEMS:
        if brief.stage not in _stages(item, brief) or brief.audience not in item.audiences:
            continue
        own = wording.get(item.name, Wording())
        sentence = sentences.get(item.name, "") or own.unknown or item.unknown
        must = item.name in brief.must
        checks.append(
            Check(item.name, tr(item.title), _said(item, own, bare), must, item.name in brief.refuse, sentence)
        )
    blanks = tuple(found[1].strip() for found in BLANK.finditer(f"{subject}\n{text}"))
    return Judgement(tuple(checks), tuple(_warnings(text, subject, brief)), blanks)


def impact_in(text: str, own: Wording) -> str:
    """The sentence of an update that says what the impact is, "" where none does or it says that it is not known; one
    that begins with the word before others. `own`: how the rulebook words it."""
    item, found = ITEMS[ITEM_NAMES.index("impact")], list[str]()
    for sentence in (str(each).strip(" \t-*•\n") for each in _SENTENCES.findall(BLANK.sub(" ", text))):
        unknown = item.unsaid is not None and item.unsaid.search(sentence) is not None
        unknown = unknown or (bool(own.unknown) and own.unknown.casefold() in sentence.casefold())
        headed = re.match(r"impact\s*:", sentence, re.IGNORECASE)
        words = sentence[headed.end() :] if headed else sentence
        if unknown or not any(char.isalnum() for char in words):
            continue
        if headed:
            return sentence
        if _said(item, own, sentence):
            found.append(sentence)
    return found[0] if found else ""


def _stages(item: Item, brief: Brief) -> tuple[Stage, ...]:
    """A correction is held against no checklist but the impact: it puts one thing right."""
    return (*item.stages, Stage.CORRECTION) if item.name == "impact" else item.stages


def _said(item: Item, own: Wording, text: str) -> bool:
    folded = text.casefold()
    if any(phrase.casefold() in folded for phrase in (*own.phrases, own.unknown) if phrase):
        return True
    if item.unsaid is not None and item.unsaid.search(text):
        return True
    return all(shown.search(text) for shown in item.shown)


# What had better not stand there -------------------------------------------------------------------------------------

_HOST = re.compile(
    r"\b[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,5}\.(?:internal|local|localdomain|lan|corp|intra|intranet|svc|cluster)\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\b[a-z]{2,}(?:-[a-z0-9]+){0,4}-?\d{2,}\b(?![%:.]\d)")
_IP = re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b")
_LABEL = re.compile(r"\b[\w.-]{2,40}=[\w./-]{1,60}")
_CHAT = re.compile(r"(?<![\w&])#[a-z][\w-]{2,}|(?<![\w.])@[a-z][\w-]{1,}")
_SENTENCES = re.compile(r"[^.!?\n]+(?:[.!?]+(?=\s|$)|\n|$)")
SENTENCES: Final = 4
"""From how many sentences on an external update is said to be long: R10 wants one or two plain ones, and when the next
one comes."""


def inside_words(room: Room, book: Rulebook) -> tuple[str, ...]:
    """Words that mean something inside the house only: logins and names of people, names of services that customers
    know by another one, labels of the incident, its key, and what the rules add."""
    i = room.incident
    out: dict[str, None] = dict.fromkeys(book.updates.inside)
    for person in book.people.values():
        out[person.name] = None
        if len(person.login) > 2:
            out[person.login] = None
    for service in book.services.values():
        known = {service.product.casefold(), service.title.casefold()}
        if service.name.casefold() not in known and not service.name.isalpha():
            out[service.name] = None
    for value in i.labels.values():
        if len(value) > 3:
            out[value] = None
    out[i.key] = None
    return tuple(word for word in out if word.strip())


def _warnings(text: str, subject: str, brief: Brief) -> Iterator[str]:
    for channel in brief.channels:
        shown = f"{subject}\n{text}" if subject and channel.headed else text
        if channel.longest and len(shown) > channel.longest:
            yield tr("{name} shows {longest} characters, this has {count}").format(
                name=channel.name, longest=channel.longest, count=len(shown)
            )
    if brief.audience is not _EXTERNAL:
        return
    every = dict.fromkeys(leaks(f"{subject}\n{text}", brief.inside))
    found = [word for word in every if not any(word in other and word != other for other in every)]
    if found:
        few = ", ".join(found[:4]) + (", ..." if len(found) > 4 else "")
        yield tr("nobody outside should read {few}").format(few=few)
    count = sum(bool(piece.strip()) for piece in _SENTENCES.findall(text))
    if count > SENTENCES:
        yield tr("{count} sentences: one or two plain ones are read").format(count=count)


def leaks(text: str, inside: Iterable[str]) -> Iterator[str]:
    """What stands in a text and is meant for the house alone: its words, host names, addresses, labels, chat rooms."""
    for word in inside:
        # A login such as "ana" is a word like any other: it counts in the very letters in which it is written.
        flags = 0 if word.islower() and word.isalpha() else re.IGNORECASE
        if found := re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text, flags):
            yield found[0]
    for pattern in (_HOST, _IP, _NUMBERED, _LABEL, _CHAT):
        for found in pattern.finditer(text):
            yield found[0]
