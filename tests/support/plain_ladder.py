"""A second ladder, written as plainly as can be: minute by minute, with counters that run down instead of moments.

It shares nothing with `warroom.domain` but the rules of R5, and reads its policies from dictionaries (`plain_worlds`).
Tests give the same policies and the same acts to it and to the real one.
"""

from __future__ import annotations

from typing import Any

from tests.support.plain_worlds import PEOPLE, World

Log = list[tuple[Any, ...]]


# The plain one -------------------------------------------------------------------------------------------------------


class Refusal(Exception):
    """The plain ladder does not take an act."""


class Plain:
    """The rules of R5, with counters that run down by one a minute."""

    def __init__(self, world: World) -> None:
        self.world, self.minute, self.log = world, 0, list[tuple[Any, ...]]()
        self.status, self.besides, self.late = 0, set[str](), 0
        self.begin("one", [])
        self.bring_in(1, 1, "start")
        self.settle()

    # Where it stands

    def begin(self, name: str, before: list[str]) -> None:
        self.policy = self.world["policies"][name]
        self.ran = [*before, name]
        self.turn = self.world["turns"][name] if any(each["turns"] for each in self.policy["levels"]) else 0
        self.phase, self.level, self.cycle, self.again = "running", 0, 1, 0
        self.rows: list[dict[str, Any]] = []  # what was paged or passed over under this policy
        self.nos: list[tuple[int, int, str, int]] = []
        self.sure: set[int] = set()
        self.acked, self.undo = "", dict[str, Any]()
        self.asked_about: dict[str, Any] | None = None
        self.rest: dict[str, Any] | None = None
        self.ack = self.resolve = self.lapse = self.stall = None
        self.warn: int | None = None
        self.warned = False

    def row(self) -> dict[str, Any] | None:
        return self.rows[-1] if self.rows and self.rows[-1]["people"] else None

    def said_no(self, level: int) -> set[str]:
        return {who for lvl, _, who, _ in self.nos if lvl == level}

    def on_it(self) -> list[str]:
        row = self.row()
        return [] if row is None else [who for who in row["people"] if who not in self.said_no(row["level"])]

    def applies(self, level: dict[str, Any]) -> bool:
        when = level["when"]
        if when is None or when["kind"] == "always":
            return True
        return when["kind"] == "window" and when["start"] <= self.minute < when["end"]

    def reached(self, level: int, *, without: set[str]) -> list[str]:
        spec = self.policy["levels"][level - 1]
        able = [who for who in PEOPLE if who not in without]
        if spec["turns"]:
            seats: list[str] = []
            for target in spec["targets"]:
                seats += [who for who in target["people"] if who not in seats]
            count = sum(row["times"] for row in self.rows if row["level"] == level and row["people"])
            for step in range(len(seats)):
                who = seats[(self.turn + count + step) % len(seats)]
                if who in able:
                    return [who]
            return []
        found: list[str] = []
        for target in spec["targets"]:
            people = [who for who in target["people"] if who in able]
            found += [who for who in (people[:1] if target["kind"] == "list" else people) if who not in found]
        return found

    def whom(self, level: int, cycle: int, *, hand: bool = False) -> list[str]:
        no = self.said_no(level)
        found = self.reached(level, without=no)
        this_round = any(lvl == level and cycle == at for lvl, at, _, _ in self.nos)
        just_now = any(lvl == level and minute == self.minute for lvl, _, _, minute in self.nos)
        if not found and no and (hand or not (this_round or just_now)):
            return self.reached(level, without=set())
        return found

    # Bringing in

    def bring_in(self, level: int, cycle: int, why: str, *, forced: bool = False, keep: bool = False) -> None:
        spec = self.policy["levels"][level - 1]
        if not forced and not self.applies(spec):
            self.pass_over(level, cycle)
            self.go_past(level, cycle, why)
            return
        people = self.whom(level, cycle, hand=forced and why == "hand")
        if not people:
            self.pass_over(level, cycle)
            self.go_past(level, cycle, "nobody")
            return
        ask = spec["confirm"]
        if ask and not forced and why != "hand" and level not in self.sure:
            askable = [who for who in ask["by"] if who in PEOPLE]
            if askable:
                self.phase, self.ack, self.rest = "running", None, None
                self.asked_about = {
                    **ask,
                    "level": level,
                    "cycle": cycle,
                    "why": why,
                    "left": self.timed(ask["within"]),
                }
                self.asked_about["who"] = askable
                self.log.append((self.minute, "asked", level, tuple(sorted(askable))))
                return
            if ask["skip"]:
                self.pass_over(level, cycle)
                self.go_past(level, cycle, why)
                return
        resolve = self.timed(spec["resolve"])
        if keep and self.rest and self.rest["resolve"] is not None:
            resolve = self.rest["resolve"]
        elif keep and self.resolve is not None:
            resolve = self.resolve
        self.page(level, cycle, people, 0, self.timed(spec["ack"]), resolve)

    def page(self, level: int, cycle: int, people: list[str], again: int, ack: int | None, resolve: int | None) -> None:
        assert 1 <= level <= len(self.policy["levels"])
        row = self.row()
        if again and row and (row["level"], row["cycle"]) == (level, cycle):
            row["people"], row["times"], row["again"] = people, row["times"] + 1, again
        else:
            new = {"level": level, "cycle": cycle, "people": people, "times": 1, "again": again}
            self.rows.append(new)
        self.log.append((self.minute, "page", self.policy["name"], level, cycle, tuple(sorted(people))))
        self.phase, self.level, self.cycle, self.again = "running", level, cycle, again
        self.acked, self.rest, self.asked_about, self.undo = "", None, None, {}
        self.ack, self.resolve, self.lapse, self.stall = ack, resolve, None, None
        self.last_page, self.warned = self.minute, False
        self.warn = None
        if any(each["warn"] for each in self.policy["levels"]):
            for nxt in self.following(level, cycle):
                if self.applies(self.policy["levels"][nxt - 1]):
                    self.warn = self.policy["levels"][nxt - 1]["warn"]
                    break

    def pass_over(self, level: int, cycle: int) -> None:
        self.rows.append({"level": level, "cycle": cycle, "people": [], "times": 0, "again": 0})
        self.log.append((self.minute, "passed", self.policy["name"], level, cycle))
        self.phase, self.level, self.cycle, self.again = "running", level, cycle, 0
        self.acked, self.rest, self.asked_about, self.undo = "", None, None, {}
        self.ack = self.resolve = self.lapse = self.stall = None

    def following(self, level: int, cycle: int) -> list[int]:
        count = len(self.policy["levels"])
        return [*range(level + 1, count + 1), *(list(range(1, count + 1)) * (self.policy["cycles"] - cycle))]

    def go_past(self, level: int, cycle: int, why: str) -> None:
        if level < len(self.policy["levels"]):
            self.bring_in(level + 1, cycle, why)
        elif cycle < self.policy["cycles"]:
            self.bring_in(1, cycle + 1, why)
        else:
            self.finish()

    def other(self) -> str:
        name = self.policy["fallback"]
        return "" if name in self.ran else str(name)

    def finish(self) -> None:
        paged = [row for row in self.rows if row["people"]]
        if self.policy["stay"] and paged:
            level, spec = paged[-1]["level"], self.policy["levels"][paged[-1]["level"] - 1]
            people = self.whom(level, self.cycle)
            if people:
                every = self.policy["stay_every"] or spec["ack"]
                again = paged[-1]["again"] + 1
                self.page(level, self.cycle, people, again, self.timed(every), self.timed(spec["resolve"]))
                return
        last = tuple(sorted(who for who in self.policy["then"] if who in PEOPLE))
        if self.other():
            if last:
                self.besides |= set(last)
                self.log.append((self.minute, "besides", last))
            self.begin(self.other(), self.ran)
            self.bring_in(1, 1, "fallback")
            return
        self.phase, self.acked, self.rest, self.asked_about, self.undo = "exhausted", "", None, None, {}
        self.ack = self.resolve = self.lapse = self.stall = None
        self.log.append((self.minute, "exhausted", self.policy["name"], last))

    def comes_next(self) -> int:
        nxt = self.following(self.level, self.cycle)
        return next((each for each in nxt if self.applies(self.policy["levels"][each - 1])), 0)

    # Time

    def pass_a_minute(self) -> None:
        self.minute += 1
        if self.rest:
            self.rest["left"] -= 1
        elif self.asked_about:
            # Only the question runs; what was timed before it does not ring, but time passes for it all the same.
            self.asked_about["left"] -= 1
            self.resolve = None if self.resolve is None else self.resolve - 1
            self.lapse = None if self.lapse is None else self.lapse - 1
            self.stall = None if self.stall is None else self.stall - 1
        elif self.phase == "running":
            self.ack = None if self.ack is None else self.ack - 1
            self.resolve = None if self.resolve is None else self.resolve - 1
            self.lapse = None if self.lapse is None else self.lapse - 1
            self.stall = None if self.stall is None else self.stall - 1
        self.settle()

    def settle(self) -> None:
        """Let everything ring that has run down."""
        self.late = 0
        while self.phase == "running" and self.ring():
            self.late = 0

    def ring(self) -> bool:
        """Let one thing ring: what ran down first, and of those that did at once the first by name."""
        if self.rest:
            if self.rest["left"] > 0:
                return False
            self.wake()
            return True
        if self.asked_about:
            if self.asked_about["left"] > 0:
                return False
            asked, self.asked_about = self.asked_about, None
            self.answered(asked, pages=not asked["skip"])
            return True
        timers = {"1 ack": self.ack, "2 lapse": self.lapse, "3 resolve": self.resolve, "4 stall": self.stall}
        rung = sorted((left, name) for name, left in timers.items() if left is not None and left <= 0)
        warning = self.warn_left()
        if warning is not None and warning <= 0:
            rung = sorted([*rung, (warning, "5 warn")])
        if not rung:
            return False
        name = rung[0][1][2:]
        self.late = -rung[0][0]
        {"ack": self.no_ack, "lapse": self.lapsed, "resolve": self.no_end, "stall": self.stalls, "warn": self.announce}[
            name
        ]()
        return True

    def warn_left(self) -> int | None:
        """In how many minutes the next level is announced; it is never before the page before it."""
        if self.warn is None or self.warned:
            return None
        leads = [self.ack] if self.again >= self.repeats() else []
        left = [each for each in (*leads, self.resolve) if each is not None]
        return max(min(left) - self.warn, self.last_page - self.minute) if left else None

    def timed(self, length: int | None) -> int | None:
        """A counter that begins now; a step that is late by a tenth of it at most does not put it off."""
        return length if length is None or self.late * 10 > length else length - self.late

    def repeats(self) -> int:
        return int(self.policy["levels"][self.level - 1]["repeat"]) if self.level else 0

    def no_ack(self) -> None:
        if not self.level:  # its acknowledgement was taken back before anybody was paged
            self.bring_in(1, 1, "start")
            return
        spec = self.policy["levels"][self.level - 1]
        over = self.resolve is not None and self.resolve <= 0
        if self.again >= spec["repeat"] or over:
            self.go_past(self.level, self.cycle, "ack")
            return
        people = self.whom(self.level, self.cycle)
        if people:
            self.page(self.level, self.cycle, people, self.again + 1, self.timed(spec["ack"]), self.resolve)
        else:
            self.pass_over(self.level, self.cycle)
            self.go_past(self.level, self.cycle, "nobody")

    def no_end(self) -> None:
        self.go_past(self.level, self.cycle, "resolve")

    def lapsed(self) -> None:
        self.log.append((self.minute, "lapsed", self.acked))
        self.acked, self.undo = "", {}
        self.lapse = self.stall = None
        if self.level:
            self.bring_in(self.level, self.cycle, "lapsed", forced=True, keep=True)
        else:
            self.bring_in(1, 1, "lapsed")

    def stalls(self) -> None:
        goes_on = bool(self.comes_next() or self.other())
        self.log.append((self.minute, "stalled", goes_on))
        self.stall = None if goes_on else self.timed(self.world["stalled"])
        if goes_on:
            self.go_past(self.level, self.cycle, "stalled")

    def announce(self) -> None:
        self.log.append((self.minute, "announced", self.comes_next()))
        self.warned = True

    def wake(self) -> None:
        rest = self.rest
        assert rest is not None
        self.ack, self.resolve, self.rest = rest["ack"], rest["resolve"], None
        if self.asked_about and rest["asked"] is not None:
            self.asked_about["left"] = rest["asked"]
        self.alive(anew=True)

    def alive(self, *, anew: bool) -> None:
        """Something happened that keeps an acknowledgement alive."""
        if self.phase != "running" or not self.acked:
            return
        self.lapse = self.world["lapses"]
        if anew:
            self.stall = self.world["stalled"]

    def answered(self, asked: dict[str, Any], *, pages: bool) -> None:
        if pages:
            self.bring_in(asked["level"], asked["cycle"], asked["why"], forced=True)
        else:
            self.pass_over(asked["level"], asked["cycle"])
            self.go_past(asked["level"], asked["cycle"], asked["why"])

    # Acts

    def likely(self, kind: str, number: int) -> str:
        """Somebody from whom an act makes sense, mostly; "" for anybody."""
        asked = self.asked_about["who"] if self.asked_about else []
        among = asked if kind in ("confirm", "refuse") else self.on_it() if kind == "decline" else []
        return str(among[number % len(among)]) if among and number < 4 else ""

    def act(self, kind: str, who: str, number: int) -> None:
        """Take an act or raise `Refusal`; whatever was rung by it rings in the same minute."""
        getattr(self, "do_" + kind.replace(" ", "_"))(who, number)
        if kind not in ("wake",):
            self.alive(anew=kind in ("ack", "take over", "status"))
        self.settle()

    def must(self, condition: object) -> None:
        if not condition:
            raise Refusal

    def do_note(self, who: str, number: int) -> None:
        pass

    def do_status(self, who: str, number: int) -> None:
        stages = 4
        self.status = (self.status + 1) % stages

    def do_ack(self, who: str, number: int) -> None:
        self.must(self.phase in ("running", "exhausted") and not self.acked)
        self.take(who)

    def take(self, who: str) -> None:
        if not self.acked:
            left = self.rest["ack"] if self.rest else self.ack
            if self.asked_about and self.asked_about["why"] in (
                "start",
                "ack",
                "nobody",
                "declined",
                "lapsed",
                "fallback",
            ):
                self.asked_about, left = None, 0
            self.undo = {"ack": left, "exhausted": self.phase == "exhausted"}
        if self.rest:
            self.rest["ack"] = None
        self.phase, self.ack, self.acked, self.warned = "running", None, who, False

    def do_take_over(self, who: str, number: int) -> None:
        self.must(self.phase in ("running", "exhausted") and self.acked != who)
        self.take(who)

    def do_unack(self, who: str, number: int) -> None:
        self.must(self.phase == "running" and self.acked)
        left, was_over = self.undo["ack"], self.undo["exhausted"]
        self.acked, self.undo, self.warned = "", {}, False
        self.lapse = self.stall = None
        if was_over:
            self.phase, self.rest = "exhausted", None
        elif self.rest:
            self.rest["ack"] = None if left is None else max(left, 1)
        else:
            self.ack = None if left is None else max(left, 1)

    def do_decline(self, who: str, number: int) -> None:
        if self.phase != "running" or who not in self.on_it():
            self.must(who in self.besides)
            return
        self.must(not self.acked)
        row = self.row()
        assert row is not None
        self.nos.append((row["level"], row["cycle"], who, self.minute))
        if self.on_it() or self.rest or self.asked_about:
            return
        spec = self.policy["levels"][self.level - 1]
        people = self.whom(self.level, self.cycle)
        if people:
            resolve = spec["resolve"] if self.resolve is None else self.resolve
            self.page(self.level, self.cycle, people, 0, spec["ack"], resolve)
        else:
            self.go_past(self.level, self.cycle, "declined")

    def do_next(self, who: str, number: int) -> None:
        self.must(self.phase in ("running", "exhausted"))
        if self.asked_about:
            self.bring_in(self.asked_about["level"], self.asked_about["cycle"], "hand", forced=True)
            return
        self.must(self.phase == "running" and (self.comes_next() or self.other()))
        self.go_past(self.level, self.cycle, "hand")

    def do_to_level(self, who: str, number: int) -> None:
        self.must(self.phase in ("running", "exhausted") and number <= len(self.policy["levels"]))
        self.bring_in(number, self.cycle, "hand", forced=True)

    def do_again(self, who: str, number: int) -> None:
        self.must(self.phase in ("running", "exhausted") and self.level)
        self.must(self.row() is None or self.minute > self.last_page)
        self.must(self.whom(self.level, self.cycle, hand=True))
        self.bring_in(self.level, self.cycle, "hand", forced=True, keep=True)

    def do_snooze(self, who: str, number: int) -> None:
        self.must(self.phase == "running")
        if self.rest:
            self.rest["left"] = number * 3
            return
        asked = self.asked_about["left"] if self.asked_about else None
        resolve = None if self.resolve is None else max(self.resolve, 0)
        self.rest = {"left": number * 3, "ack": self.ack, "resolve": resolve, "asked": asked}
        self.ack = self.resolve = None

    def do_wake(self, who: str, number: int) -> None:
        self.must(self.rest)
        self.wake()

    def do_call_off(self, who: str, number: int) -> None:
        self.must(self.phase in ("running", "exhausted"))
        self.phase, self.rest, self.asked_about, self.undo = "off", None, None, {}
        self.ack = self.resolve = self.lapse = self.stall = None

    def do_resume(self, who: str, number: int) -> None:
        self.must(self.phase == "off")
        self.phase, self.acked = "running", ""
        self.bring_in(self.level or 1, self.cycle, "resumed", forced=self.level > 0)

    def do_confirm(self, who: str, number: int) -> None:
        self.must(self.asked_about and who in self.asked_about["who"])
        asked, self.asked_about = self.asked_about, None
        assert asked is not None
        self.sure.add(asked["level"])
        self.answered(asked, pages=True)

    def do_refuse(self, who: str, number: int) -> None:
        self.must(self.asked_about and who in self.asked_about["who"])
        asked, self.asked_about = self.asked_about, None
        assert asked is not None
        self.answered(asked, pages=False)
