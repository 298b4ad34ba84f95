"""The wording of pages (R9) and of updates (R10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema
from pydantic import model_validator as check_all

from warroom.domain import templates
from warroom.domain.templates import ANY_WAY, PLACEHOLDERS, UPDATE_PLACEHOLDERS, Stage, Template, UpdateTemplate
from warroom.domain.text import clean_block
from warroom.rulebook import values
from warroom.rulebook.parts.fields import ChannelName, Hearers, Name, Part, distinct
from warroom.rulebook.references import to_section
from warroom.rulebook.values import Wrong
from warroom.words import mark, tr

LONGEST_BODY = 2000
"""The longest text of a page as it is written, in characters."""


def _placed(text: str, known: Mapping[str, str] = PLACEHOLDERS) -> str:
    for shown, name in templates.flaws(text, known):
        if not name:
            advice = tr("write {{ and }} for braces that stay, and {key} for a placeholder")
            raise Wrong(tr("has a {shown} of its own").format(shown=shown), advice)
        raise Wrong(
            tr("has {shown} in it, which is no placeholder").format(shown=shown),
            tr("take it out"),
            near=(name, known),
            listed=True,
        )
    return text


def _subject(value: object) -> str:
    return _placed(values.line(value, limit=200))


def _update_subject(value: object) -> str:
    return _placed(values.line(value, limit=200), UPDATE_PLACEHOLDERS)


def _body(value: object) -> str:
    return _placed(_written(value))


def _update_body(value: object) -> str:
    text = _written(value)
    if text.count("[[") != len(templates.BLANK.findall(text)):
        raise Wrong(tr("has a [[ that is no blank"), tr("write a blank as [[what to fill in]], on one line"))
    return _placed(text, UPDATE_PLACEHOLDERS)


def _stage(value: object) -> str:
    written, known = values.text(value), tuple(Stage)
    if written not in known:
        raise Wrong(
            tr("is not a stage of an update"), tr("write {words}").format(words=", ".join(known)), near=(written, known)
        )
    return written


def _written(value: object) -> str:
    written = values.text(value)
    cleaned = str(clean_block(written, LONGEST_BODY + 1))
    if not cleaned.strip():
        raise Wrong(tr("is empty"), tr("write at least one character that can be seen"))
    if len(cleaned) > LONGEST_BODY:
        raise Wrong(
            tr("is longer than {limit} characters").format(limit=LONGEST_BODY),
            tr("say it in fewer words"),
        )
    return cleaned


def _way(value: object) -> str:
    written = values.text(value)
    if written not in (*values.WAYS, ANY_WAY):
        known = (ANY_WAY, *values.WAYS)
        raise Wrong(
            tr("is not a way to reach somebody"),
            tr("the ways are {words}").format(words=", ".join(known)),
            near=(written, known),
        )
    return written


Subject = Annotated[str, PlainValidator(_subject), WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 200})]
Body = Annotated[
    str, PlainValidator(_body), WithJsonSchema({"type": "string", "minLength": 1, "maxLength": LONGEST_BODY})
]
_LINE = {"type": "string", "minLength": 1, "maxLength": 200}
UpdateSubject = Annotated[str, PlainValidator(_update_subject), WithJsonSchema(_LINE)]
UpdateBody = Annotated[
    str, PlainValidator(_update_body), WithJsonSchema({"type": "string", "minLength": 1, "maxLength": LONGEST_BODY})
]
AnyStage = Annotated[str, PlainValidator(_stage), WithJsonSchema({"enum": [stage.value for stage in Stage]})]
SeverityName = Annotated[str, PlainValidator(to_section("severities"))]
ServiceName = Annotated[str, PlainValidator(to_section("services"))]
Severities = Annotated[tuple[SeverityName, ...], Field(max_length=20), AfterValidator(distinct)]
Channels = Annotated[tuple[ChannelName, ...], Field(max_length=50), AfterValidator(distinct)]
AnyWay = Annotated[str, PlainValidator(_way), WithJsonSchema({"enum": [ANY_WAY, *values.WAYS]})]


class TemplatePart(Part):
    """The wording of a page that goes out by one way."""

    subject: Subject | None = Field(None, description="the first line, such as {key} {severity} {title}")
    body: Body | None = Field(None, description="the text, such as {why} {answer}")

    @check_all(mode="after")
    def _says_something(self) -> TemplatePart:
        if self.subject is None and self.body is None:
            raise Wrong(tr("has neither subject nor body"), tr("write one of them, or take the way out"))
        return self


class UpdateTemplatePart(Part):
    """How updates of one stage begin, for one audience."""

    stage: AnyStage = Field(description=mark("first, follow-up, final or correction"))
    audience: Hearers = Field(description=mark("internal or external"))
    severities: Severities = Field((), description="for these severities alone")
    services: Annotated[tuple[ServiceName, ...], Field(max_length=200), AfterValidator(distinct)] = Field(
        (), description="for incidents of these services alone"
    )
    channels: Channels = Field((), description="for these channels alone")
    subject: UpdateSubject | None = Field(None, description="its name, such as {product} issue")
    body: UpdateBody = Field(description=mark("the text, with {placeholders} and [[blanks to fill in]]"))


class TemplatesPart(Part):
    """How messages are worded."""

    pages: dict[AnyWay, TemplatePart] = Field(
        {}, description="pages by way (chat, sms, mail, ...), or default for every way without one"
    )
    updates: dict[Name, UpdateTemplatePart] = Field(
        {}, max_length=200, description="updates by name: what fits an incident best is proposed"
    )


def to_templates(part: TemplatesPart) -> dict[str, Template]:
    """The wording of pages by way, as the domain has it."""
    return {way: Template(each.subject or "", each.body or "") for way, each in part.pages.items()}


def to_update_templates(part: TemplatesPart) -> tuple[UpdateTemplate, ...]:
    """The templates of updates, as the domain has them."""
    return tuple(
        UpdateTemplate(
            name,
            Stage(each.stage),
            each.audience,
            each.subject or "",
            each.body,
            each.severities,
            each.services,
            each.channels,
        )
        for name, each in part.updates.items()
    )
