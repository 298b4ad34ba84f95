"""What all dialogs share: a titled box with fields, an error line, and keys that confirm or cancel."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import DescendantFocus, Paste, Resize
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from warroom.domain.text import clean_block, clean_typed, cut, wrap
from warroom.tui.actions.bind import bindings
from warroom.tui.pieces import clean
from warroom.tui.widgets.acting import Acting
from warroom.tui.widgets.choices import Choices
from warroom.tui.widgets.hints import Hints, said_keys
from warroom.tui.widgets.tight import TightModalScreen
from warroom.valueclass import dataclass
from warroom.words import mark, tr

R = TypeVar("R")

Check = Callable[[R], Awaitable[str]]
"""Tries to do what a dialog asks for. Gives "" when it is done, else why not, to be shown in the dialog."""

_WIDTH, _FRAME = 76, 4  # of the box, as `form.tcss` has it, and of its border and padding
_TALL = 30  # rows of a screen from which on there are blank rows between the parts
_WORTH_KEEPING = 12  # typed characters from which on escape asks once more


@dataclass(frozen=True, slots=True)
class Problem(Exception):
    """What is wrong with the input, what to do about it, and the id of the field it is about."""

    text: str
    field: str = ""


class Unread(Problem):
    """What was typed cannot be understood: said with the name of its field, as several may want the same."""


class Line(Input):
    """One line of text; what cannot be seen cannot be typed or pasted into it."""

    def __init__(
        self,
        value: str = "",
        *,
        id: str,
        placeholder: str = "",
        known: Sequence[str] = (),
    ) -> None:
        """`known` completes what is typed (right arrow takes it)."""
        names = [clean(name) for name in known]
        suggester = SuggestFromList(names, case_sensitive=False) if names else None
        self._hint = ""
        super().__init__(value, id=id, placeholder=clean(placeholder), compact=True, suggester=suggester)
        self.cursor_blink = False

    def validate_placeholder(self, text: str) -> str:
        """As much of it as fits, with a sign where that is not all: else the last words are left out in silence."""
        self._hint = text
        width = self.scrollable_content_region.width
        return cut(text, width) if width else text

    def on_resize(self, event: Resize) -> None:
        """And again for another width."""
        self.placeholder = self._hint

    def validate_value(self, value: str) -> str:
        """What is harmless, with its blanks."""
        return clean_typed("".join(char for char in value if char.isprintable()))


class Text(TextArea):
    """Several lines of text; pasted text is made harmless."""

    def __init__(self, value: str = "", *, id: str, placeholder: str = "") -> None:
        """Wraps; tab moves on."""
        placed = Content(clean(placeholder))
        super().__init__(
            clean_typed(value, lines=True), id=id, compact=True, highlight_cursor_line=False, placeholder=placed
        )
        self.cursor_blink = False

    def _on_paste(self, event: Paste) -> None:  # type: ignore[override]
        event.text = clean_block(event.text)


class Field(Horizontal):
    """A label and what is entered beside it."""

    def __init__(self, label: str, entry: Widget, *, named: str = "") -> None:
        """`label` names it, but for where it goes on from the field above: then `named` does."""
        super().__init__(classes="field")
        self.named = clean(named or label)
        self._parts = (Static(Content(clean(label)), classes="label"), entry)

    def compose(self) -> ComposeResult:
        """Label, entry."""
        yield from self._parts


class Form(Acting, TightModalScreen[R | None], Generic[R]):
    """A dialog that is dismissed with a frozen result, or with None when it is cancelled.

    With `check`, the result is tried first: as long as that gives an error, the dialog stays and nothing typed is lost.
    """

    CSS_PATH = Path(__file__).with_name("form.tcss")

    scope = "form"
    BINDINGS: ClassVar[list[BindingType]] = bindings("form")

    heading = ""
    confirm_word = mark("confirm")

    def __init__(self, check: Check[R] | None = None) -> None:
        """`check` tries the result before the dialog closes."""
        super().__init__()
        # What stands in the class is looked up here; whoever sets another one has looked it up.
        self.heading, self.confirm_word = tr(self.heading), tr(self.confirm_word)
        self._check = check
        self._busy = False
        self._warned = False
        self._initial: dict[str, str] = {}

    @property
    def busy(self) -> bool:
        """Whether the result is being tried: what is typed now is not for this dialog any more."""
        return self._busy

    # ---- for subclasses

    def fields(self) -> Iterable[Widget]:
        """The parts of the form, from top to bottom."""
        raise NotImplementedError

    def result(self) -> R:
        """What was entered; raises `Problem` when something is missing or cannot be understood."""
        raise NotImplementedError

    def entered(self, name: str) -> str:
        """What stands in a line, cleaned."""
        return clean(self.query_one(f"#{name}", Input).value)

    def written(self, name: str) -> str:
        """What stands in a text of several lines, cleaned."""
        return clean_block(self.query_one(f"#{name}", TextArea).text)

    def chosen(self, name: str) -> str:
        """Which choice is marked."""
        return self.query_one(f"#{name}", Choices).value

    def need(self, name: str, what: str) -> str:
        """What stands in a line that must not be empty."""
        value = self.entered(name)
        if not value:
            raise Problem(what, name)
        return value

    # ---- the box

    def compose(self) -> ComposeResult:
        """Fields, the error line, the keys."""
        with Vertical(id="form") as box:
            box.border_title = Content(clean(self.titled(self.heading)))
            with VerticalScroll(id="fields", can_focus=False):
                yield from self.fields()
            yield Static("", id="problem", markup=False)
            yield Hints(self._keys(), id="form-keys")

    def _keys(self) -> Content:
        on, leave = self.key("form.next"), self.key("go.back")
        if self.only_read.why:
            return said_keys((on, tr("next field")), (leave, tr("close")))
        at = self.focused
        if isinstance(at, Choices) and self.focus_chain[-1] is not at:
            # Enter takes a choice and goes on to what else can be entered.
            take = self.key("move.take", "choices")
            return said_keys(
                (take, tr("next field")), (self.key("form.confirm"), self.confirm_word), (leave, tr("cancel"))
            )
        writes = isinstance(at, TextArea) or (at is None and self.many_lines)
        more = ((on, tr("next field")),) if at is None or len(self.focus_chain) > 1 else ()
        confirm = self.key("form.confirm", "form") if writes else "enter"
        if isinstance(at, Choices):
            confirm = self.key("move.take", "choices")
        return said_keys((confirm, self.confirm_word), *more, (leave, tr("cancel")))

    def key(self, id: str, scope: str = "") -> str:
        """The key of an action as the hints write it, that of the person at this screen."""
        return self.keymap.hint(id, scope or self.scope)

    def action_field(self, by: int) -> None:
        """To the next field, or the one before."""
        if by > 0:
            self.focus_next()
        else:
            self.focus_previous()

    @on(DescendantFocus)
    def _focused(self) -> None:
        """The hint says what enter does where the cursor is, and the label there stands out."""
        around = self.focused.ancestors if self.focused is not None else []
        for field in self.query(Field):
            field.set_class(field in around, "-at")
        self.query_one("#form-keys", Static).update(self._keys())

    many_lines = False
    """Whether enter is needed for a new line, so that only ctrl+s confirms."""

    def on_mount(self) -> None:
        """Remember what stood in the fields before anybody typed."""
        self._initial = self._typed()
        self._limit()
        self.problem("")

    def on_resize(self, event: Resize) -> None:
        """Fields scroll where the screen is too low; error and keys are always seen."""
        self._limit()

    def _limit(self) -> None:
        """What went wrong is read to its end, and its last row and the keys stand below what can be scrolled."""
        width, height = self.app.size
        self.set_class(height >= _TALL, "-tall")
        line = self.query_one("#problem", Static)
        rows = len(wrap(str(line.content), max(20, min(_WIDTH, width) - _FRAME))) or 1
        line.styles.height = rows = max(1, min(rows, height - 6))
        self.query_one("#fields").styles.max_height = max(3, height - 3 - rows)

    def _typed(self) -> dict[str, str]:
        texts = {field.id or "": field.value for field in self.query(Input)}
        texts.update({field.id or "": field.text for field in self.query(TextArea)})
        return texts

    def problem(self, text: str, field: str = "") -> None:
        """Say what is wrong, and go to the field that it is about; where nothing can be changed, that."""
        text = text or self.only_read.why
        line = self.query_one("#problem", Static)
        line.update(Content(f"✗ {clean_block(text)}") if text else Content(""))
        line.set_class(bool(text), "-shown")
        self._limit()
        if field:
            self.query_one(f"#{field}").focus()

    @on(Input.Submitted)
    async def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        await self.action_confirm()

    @on(Choices.Made)
    async def _made(self, event: Choices.Made) -> None:
        """On to what else can be entered; behind the last field there is nothing left but to confirm."""
        event.stop()
        if self.focus_chain and self.focus_chain[-1] is event.choices:
            await self.action_confirm()
        else:
            self.focus_next()

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _changed(self) -> None:
        """An error that is being mended need not be shouted any longer."""
        if not self._busy:
            self._warned = False
            self.problem("")

    async def action_confirm(self) -> None:
        """Take what was entered, unless something is wrong with it."""
        if self._busy:
            return
        if self.only_read.why:
            self.problem("")
            return
        try:
            result = self.result()
        except Problem as problem:
            self.problem(self._said(problem), problem.field)
            return
        if self._check is None:
            self.dismiss(result)
            return
        self._busy = True
        # Not awaited here: ctrl+s is handled by the app itself, which would stand still while the database is busy.
        self.run_worker(self._try(self._check, result), exit_on_error=False)

    def _said(self, problem: Problem) -> str:
        """What is wrong, with the name of its field where that does not go without saying; and it is said once."""
        for each in self.query(".note").results(Static):
            if str(each.content) == problem.text:
                each.update(" ")
        fields = [each for each in self.query(Field) if each.query(Input)]
        name = next((each.named for each in fields if problem.field and each.query(f"#{problem.field}")), "")
        if len(fields) < 2 or not name or not isinstance(problem, Unread):
            return problem.text
        return tr("{field}: {problem}").format(field=name, problem=problem.text)

    async def _try(self, check: Check[R], result: R) -> None:
        try:
            error = await check(result)
        finally:
            self._busy = False
        if error:
            self.problem(clean(error))
        elif self.is_current:
            self.dismiss(result)

    def action_cancel(self) -> None:
        """Leave; what is worth keeping is only thrown away when asked twice."""
        typed = self._typed()
        lost = sum(len(text) for name, text in typed.items() if text != self._initial.get(name, ""))
        if lost >= _WORTH_KEEPING and not self._warned and not self.only_read.why:
            self._warned = True
            self.problem(tr("{key} once more throws away what you typed").format(key=self.key("go.back")))
            return
        self.dismiss(None)
