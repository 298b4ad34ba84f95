"""The wording of pages (R9)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, PlainValidator, WithJsonSchema
from pydantic import model_validator as check_all

from warroom.domain import templates
from warroom.domain.templates import ANY_WAY, PLACEHOLDERS, Template
from warroom.domain.text import clean_block
from warroom.rulebook import values
from warroom.rulebook.parts.fields import Part
from warroom.rulebook.values import Wrong

LONGEST_BODY = 2000
"""The longest text of a page as it is written, in characters."""


def _placed(text: str) -> str:
    for shown, name in templates.flaws(text):
        if not name:
            advice = "write {{ and }} for braces that stay, and {key} for a placeholder"
            raise Wrong(f"has a {shown} of its own", advice)
        raise Wrong(
            f"has {shown} in it, which is no placeholder", "take it out", near=(name, PLACEHOLDERS), listed=True
        )
    return text


def _subject(value: object) -> str:
    return _placed(values.line(value, limit=200))


def _body(value: object) -> str:
    written = values.text(value)
    cleaned = str(clean_block(written, LONGEST_BODY + 1))
    if not cleaned.strip():
        raise Wrong("is empty", "write at least one character that can be seen")
    if len(cleaned) > LONGEST_BODY:
        raise Wrong(f"is longer than {LONGEST_BODY} characters", "say it in fewer words")
    return _placed(cleaned)


def _way(value: object) -> str:
    written = values.text(value)
    if written not in (*values.WAYS, ANY_WAY):
        known = (ANY_WAY, *values.WAYS)
        raise Wrong("is not a way to reach somebody", f"the ways are {', '.join(known)}", near=(written, known))
    return written


Subject = Annotated[str, PlainValidator(_subject), WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 200})]
Body = Annotated[
    str, PlainValidator(_body), WithJsonSchema({"type": "string", "minLength": 1, "maxLength": LONGEST_BODY})
]
AnyWay = Annotated[str, PlainValidator(_way), WithJsonSchema({"enum": [ANY_WAY, *values.WAYS]})]


class TemplatePart(Part):
    """The wording of a page that goes out by one way."""

    subject: Subject | None = Field(None, description="the first line, such as {key} {severity} {title}")
    body: Body | None = Field(None, description="the text, such as {why} {answer}")

    @check_all(mode="after")
    def _says_something(self) -> TemplatePart:
        if self.subject is None and self.body is None:
            raise Wrong("has neither subject nor body", "write one of them, or take the way out")
        return self


class TemplatesPart(Part):
    """How messages are worded."""

    pages: dict[AnyWay, TemplatePart] = Field(
        {}, description="pages by way (chat, sms, mail, ...), or default for every way without one"
    )


def to_templates(part: TemplatesPart) -> dict[str, Template]:
    """The wording of pages by way, as the domain has it."""
    return {way: Template(each.subject or "", each.body or "") for way, each in part.pages.items()}
