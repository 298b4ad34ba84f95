"""What the screens can do that fill the terminal, and what can be done everywhere."""

from __future__ import annotations

from typing import Final

from warroom.tui.actions.action import Action, action, place
from warroom.words import mark

HERE: Final = mark("This screen")
PANELS: Final = mark("Panels")
PAST: Final = mark("The past")
PICTURE: Final = mark("The timeline")
EVERYWHERE: Final = mark("Everywhere")

FULL: Final = ("board", "room", "timeline", "oncall", "rulebook")
"""Screens that fill the terminal and in which nobody writes."""
WRITING: Final = ("composer", "form")
"""Screens in which somebody writes, so that letters are no keys."""

_BOARD_PANELS: Final = (mark("Roles"), mark("Escalation"), mark("Communications"), mark("Record"))
_ROOM_PANELS: Final = ("roles", "escalation", "communications", "record", "work", "clocks", "about")
_PARTS: Final = (
    (mark("policies"), mark("Policies: whom each level pages now, by which ways, and when")),
    (mark("rules"), mark("Rules in the order in which they are asked, and how often each fired")),
    (mark("severities"), mark("Severities: paging hours, updates, roles")),
    (mark("check"), mark("Check: what is doubtful about the rules")),
    (mark("revisions"), mark("Revisions: which rules were in force since when")),
)


def _panel(number: int) -> Action:
    """The panel, or the part, of a digit."""
    at = number - 1
    places = []
    if at < len(_BOARD_PANELS):
        places.append(place("board", str(number), f"panel({at})"))
    places.append(place("room", str(number), f"panel('{_ROOM_PANELS[at]}')"))
    if at < len(_PARTS):
        name, help = _PARTS[at]
        places.append(place("rulebook", str(number), f"part({at})", name=name, help=help))
    title = (*_BOARD_PANELS, mark("Work"), mark("Clocks"), mark("About"))[at]
    helps = (
        mark("The panel Roles: go to it; where all are shown on the board, make it large"),
        mark("The panel Escalation: go to it; where all are shown on the board, make it large"),
        mark("The panel Communications: go to it; where all are shown on the board, make it large"),
        mark("The panel Record: go to it; where all are shown on the board, make it large"),
        mark("The panel Work: go to it"),
        mark("The panel Clocks: go to it"),
        mark("The panel About: go to it"),
    )
    return Action(f"panel.{number}", title, helps[at], PANELS, tuple(places))


def _past(name: str, keys: str, does: str, words: str, help: str, *, bar: bool = False) -> Action:
    return action(f"past.{name}", keys, words, help, f"travel({does})", "room+" if bar else "room", section=PAST)


OF_SCREENS: Final[tuple[Action, ...]] = (
    # The board
    action(
        "incident.open", "enter", mark("room"), mark("Everything about the incident, and its whole record"),
        "intent('open')", "board+", section=HERE,
    ),
    action(
        "board.declare", "d", mark("declare"), mark("Declare an incident"), "intent('declare')", "board+",
        section=HERE, reads=False,
    ),
    action(
        "view.filter", "/", mark("filter"), mark("Show only what matches"), "filter", "board+ room+", section=HERE,
        over=(place("help", "/", "search", name=mark("search"), help=mark("Search for a key by what it does")),),
    ),
    action(
        "view.unfilter", "escape", mark("all"), mark("Clear the filter, or make a large panel small"), "unfilter",
        "board", section=HERE,
    ),
    action(
        "board.sort-next", ">", mark("sort"), mark("Sort by the next column; beyond the last what is late comes first"),
        "sort(1)", "board", section=HERE, shown="<>",
    ),
    action(
        "board.sort-before", "<", mark("sort"), mark("Sort by the column before"), "sort(-1)", "board", section=HERE,
    ),
    action("board.sort-turn", "-", mark("turn"), mark("Sort the other way round"), "turn", "board", section=HERE),
    action(
        "board.sort-usual", "0", mark("urgency"), mark("Sort as usual: what is late first, then what falls due next"),
        "urgent", "board", section=HERE,
    ),
    action(
        "board.undo", "U", mark("undo"), mark("Take back the last thing that you did at this screen"),
        "intent('undo')", "board room", section=HERE, reads=False,
    ),
    action(
        "board.columns", "C", mark("columns"), mark("Choose the columns of the list, and their order"), "columns",
        "board", section=HERE,
    ),
    action(
        "board.oncall", "o", mark("rota"), mark("Who is on call: now, the shifts ahead, overrides and swaps"),
        "intent('oncall')", "board+", section=HERE,
    ),
    action(
        "board.rulebook", "p", mark("rules"),
        mark("The rules in force: whom they page, what they did, what is doubtful"),
        "intent('rulebook')", "board+", section=HERE,
    ),
    action(
        "board.theme", "T", mark("theme"), mark("Choose how it looks; each theme is shown as it is marked"),
        "intent('theme')", "board", section=HERE,
    ),
    action(
        "board.engines", "E", mark("engines"), mark("Who keeps the timers going"), "intent('engines')", "board",
        section=HERE,
    ),
    action(
        "board.punctuality", "P", mark("punctuality"),
        mark("How punctual updates were, and what is left of the budget for late ones"), "intent('punctuality')",
        "board", section=HERE,
    ),
    # Panels
    *(_panel(number) for number in range(1, len(_ROOM_PANELS) + 1)),
    action(
        "panel.next", "tab", mark("next panel"), mark("To the next panel"), "next_panel(1)", "room", section=PANELS,
    ),
    action(
        "panel.previous", "shift+tab", mark("panel before"), mark("To the panel before"), "next_panel(-1)", "room",
        section=PANELS,
    ),
    # The past of an incident
    _past("back", "[", "'step', -1", mark("past"), mark("Step back: the room as it was"), bar=True),
    _past("on", "]", "'step', 1", mark("on"), mark("Step on towards now")),
    _past("turn-back", "{", "'turn', -1", mark("turn"), mark("Back to a change of status or severity")),
    _past("turn-on", "}", "'turn', 1", mark("turn"), mark("On to a change of status or severity")),
    _past("ask", "T", "'ask'", mark("go to"), mark("See the room as it was at a moment: 14:12, -30m, entry 12")),
    action(
        "past.live", "end escape", mark("back to now"), mark("Out of the past, back to now"), "travel('live')",
        "room+", section=PAST, aside=True, first=True,
    ),
    # The gap timeline
    action(
        "timeline.closer", "+ =", mark("zoom"), mark("Closer"), "zoom(1)", "timeline+ lanes", section=PICTURE,
        shown="+-",
    ),
    action("timeline.farther", "-", mark("farther"), mark("Farther"), "zoom(-1)", "timeline lanes", section=PICTURE),
    action(
        "timeline.earlier", "left h", mark("scroll"), mark("Earlier"), "pan(-1)", "timeline+", section=PICTURE,
        shown="←→", over=(place("lanes", "left", "pan(-1)"),),
    ),
    action(
        "timeline.later", "right l", mark("later"), mark("Later"), "pan(1)", "timeline", section=PICTURE,
        over=(place("lanes", "right", "pan(1)"),),
    ),
    action(
        "timeline.next-dot", "tab .", mark("dot"), mark("The next dot"), "dot(1)", "timeline+", section=PICTURE,
        over=(place("lanes", ".", "dot(1)"),),
    ),
    action(
        "timeline.previous-dot", "shift+tab ,", mark("dot"), mark("The dot before"), "dot(-1)", "timeline",
        section=PICTURE, over=(place("lanes", ",", "dot(-1)"),),
    ),
    action(
        "timeline.open", "enter", mark("read"), mark("Read what the cursor stands on"), "open_dot", "timeline+ lanes",
        section=PICTURE,
    ),
    action(
        "timeline.gap", "g", mark("gaps"), mark("The largest gap, then the next of the list"), "gap(1)", "timeline+",
        section=PICTURE,
    ),
    action(
        "timeline.previous-gap", "G", mark("gap"), mark("The gap before in the list"), "gap(-1)", "timeline",
        section=PICTURE,
    ),
    action(
        "timeline.whole", "0", mark("whole"), mark("The whole incident"), "see_all", "timeline+ lanes", section=PICTURE,
    ),
    action(
        "timeline.now", "n end", mark("now"), mark("Now, and on with the time"), "follow", "timeline+", section=PICTURE,
    ),
    action(
        "timeline.start", "home", mark("start"), mark("The beginning of the incident"), "start", "timeline",
        section=PICTURE,
    ),
    action(
        "timeline.view", "v", mark("view"), mark("Lines, or the sawtooth of silence"), "turn", "timeline+",
        section=PICTURE,
    ),
    action(
        "timeline.plain", "A", mark("plain"), mark("Plain characters, or lines"), "plain", "timeline", section=PICTURE,
    ),
    # On call
    *(
        action(f"oncall.{name}", key, words, help, f"want('{name}')", at, section=HERE, reads=reads)
        for name, key, words, help, at, reads in (
            ("override", "v", mark("override"), mark("Override: put somebody on call in place of who has the shift"),
             "oncall+", False),
            ("absence", "a", mark("absent"), mark("Say that somebody is not there for a time"), "oncall+", False),
            ("swap", "s", mark("swap"), mark("Ask somebody, or anybody, to take a shift"), "oncall+", False),
            ("take", "y", mark("take"), mark("Take over what somebody asks for"), "oncall+", False),
            ("end", "x", mark("end"), mark("Take back an override, an absence or a swap"), "oncall+", False),
            ("desk", "d", mark("list"), mark("List every gap, swap, override and absence"), "oncall", True),
            ("shift", "enter", mark("shift"), mark("Who has this shift, how to reach them"), "oncall+", True),
        )
    ),
    *(
        action(f"oncall.{name}", keys, words, help, does, "oncall", section=mark("Days and shifts"))
        for name, keys, does, words, help in (
            ("day-back", "left h", "day(-1)", mark("day back"), mark("A day back")),
            ("day-on", "right l", "day(1)", mark("day on"), mark("A day on")),
            ("week-back", "shift+left pageup H", "day(-7)", mark("week back"), mark("A week back")),
            ("week-on", "shift+right pagedown L", "day(7)", mark("week on"), mark("A week on")),
            ("next-shift", "n", "shift(1)", mark("next"), mark("The next shift of this schedule")),
            ("last-shift", "p", "shift(-1)", mark("shift before"), mark("The shift before on this schedule")),
            ("now", "t", "today", mark("now"), mark("Back to now")),
            ("nearer", "+ =", "zoom(1)", mark("nearer"), mark("Fewer days, more of each")),
            ("farther", "-", "zoom(-1)", mark("farther"), mark("More days, less of each")),
        )
    ),
    # The rulebook
    action(
        "rulebook.next", "n", mark("next"), mark("The next policy, rule, ..."), "entry(1)", "rulebook+", section=HERE,
    ),
    action(
        "rulebook.previous", "N", mark("before"), mark("The policy, rule, ... before"), "entry(-1)", "rulebook",
        section=HERE,
    ),
    action("rulebook.part-on", "right l", mark("part"), mark("The next part"), "turn(1)", "rulebook+", section=HERE),
    action("rulebook.part-back", "left h", mark("part"), mark("The part before"), "turn(-1)", "rulebook", section=HERE),
    # The composer
    *(
        action(
            f"composer.{name}", keys, words, help, does, "composer+" if bar else "composer", section=HERE,
            reads=name in ("preview", "waiting", "blank"), first=True,
        )
        for name, keys, does, words, help, bar in (
            ("send", "ctrl+s", "send", mark("send"), mark("Send it, as the line above says"), True),
            ("review", "ctrl+r", "review", mark("review"), mark("Ask a second person first"), True),
            ("template", "ctrl+t", "template", mark("template"), mark("The next template"), True),
            ("blank", "ctrl+n", "blank", mark("blank"), mark("To the next [[blank]]"), True),
            ("say", "ctrl+o", "say", mark("say it"), mark("Put in what is not said yet"), True),
            ("hold", "ctrl+g", "hold", mark("hold"), mark("Keep it until somebody sends it"), True),
            ("waiting", "f2", "waiting", mark("waiting"), mark("What waits for a review, and what others write"), True),
            ("preview", "f3", "preview", mark("preview"), mark("As each channel will show it"), True),
            ("put-right", "f4", "put_right", mark("put right"), mark("Put right what was said"), True),
            ("discard", "f8", "throw_away", mark("discard"), mark("Throw this draft away"), False),
        )
    ),
    # Everywhere
    action(
        "go.palette", ": ctrl+p", mark("find"),
        mark("Find an action, an incident, a person, a link or a theme by a few letters"),
        "palette", "board+ room+ timeline+ oncall+ rulebook+ info work people duties form", section=EVERYWHERE,
        over=(place("composer+", "ctrl+p", "palette", first=True),),
    ),
    action(
        "go.help", "? f1", mark("help"), mark("Every key that works here, and why one does not"), "help",
        "board+ room+ timeline+ oncall+ rulebook+ info people duties form", section=EVERYWHERE,
        over=(place("composer+", "f1", "help", first=True), place("work", "f1", "help"), place("finder", "f1", "help")),
    ),
    action(
        "go.back", "escape q", mark("back"), mark("Back to where one came from"), "leave", "timeline+",
        section=EVERYWHERE,
        over=(
            place("room+", "escape", "back", help=mark("Out of the filter, or back to the board")),
            place("oncall+", "escape q o", "leave"), place("rulebook+", "escape q p", "leave"),
            place("composer+", "escape", "leave", help=mark("Back; the draft is kept"), first=True),
            place("info", "escape q enter", "dismiss", name=mark("close")),
            place("help", "escape", "back", name=mark("close"), help=mark("Out of the search, or close")),
            place("catchup", "c", "dismiss", name=mark("close")), place("clocks", "m", "dismiss", name=mark("close")),
            place("punctuality", "p", "dismiss", name=mark("close")),
            place("debug", "D", "dismiss", name=mark("close")), place("confirm", "n", "cancel", name=mark("cancel")),
            place("preview", "f3", "dismiss", name=mark("close")),
            place("work", "escape q w", "dismiss", name=mark("close")),
            place("people", "escape q b", "dismiss", name=mark("close")),
            place("duties", "escape q", "dismiss", name=mark("close")),
            place("form", "escape", "cancel", name=mark("cancel"), first=True,
                  help=mark("Close it; what was typed is thrown away, after a question")),
            place("finder", "escape", "dismiss", name=mark("close"), first=True),
        ),
    ),
    action(
        "go.export", "X", mark("export"), mark("Take what is shown away as a file: Markdown, CSV, JSON, picture, text"),
        "app.export", "board room timeline oncall rulebook info work people duties", section=EVERYWHERE,
    ),
    action(
        "go.debug", "D", mark("debug"),
        mark("Versions, terminal, settings, database, engines: what a report of a fault needs"),
        "app.debug", "board room timeline oncall rulebook", section=EVERYWHERE,
    ),
    action(
        "go.leave", "q", mark("board"), mark("Back to the board"), "leave", "room", section=EVERYWHERE,
        over=(place("help", "q ? enter", "dismiss", name=mark("close"), help=mark("Close")),),
    ),
    action(
        "go.quit", "q", mark("quit"), mark("Leave; incidents and timers go on"), "intent('quit')", "board+",
        section=EVERYWHERE,
    ),
)  # fmt: skip
