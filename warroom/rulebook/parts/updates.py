"""What updates have to say, and who has to have read them (R10)."""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema

from warroom.domain.comms import Audience
from warroom.domain.completeness import ITEM_NAMES
from warroom.domain.update_rules import ASKED, Must, Scope, UpdateRules, Wording
from warroom.rulebook import values
from warroom.rulebook.parts.fields import Duration, Flag, Hearers, PageTarget, Part, Sentence, distinct
from warroom.rulebook.parts.templates import Channels, Severities
from warroom.rulebook.values import Wrong
from warroom.words import mark, tr


def _item(value: object) -> str:
    written = values.text(value)
    if written not in ITEM_NAMES:
        known = ", ".join(ITEM_NAMES)
        raise Wrong(
            tr("is no item of the checklist"),
            tr("the items are {known}").format(known=known),
            near=(written, ITEM_NAMES),
        )
    return written


ItemName = Annotated[str, PlainValidator(_item), WithJsonSchema({"enum": list(ITEM_NAMES)})]


class ScopePart(Part):
    """To which updates something applies; what is left out means all."""

    audience: Hearers | None = Field(None, description="internal or external; without it both")
    severities: Severities = Field((), description="of these severities alone")
    channels: Channels = Field((), description="to one of these channels alone")


class MustPart(ScopePart):
    """What an update has to say."""

    items: Annotated[tuple[ItemName, ...], AfterValidator(distinct)] = Field(
        min_length=1, description=mark("items of the checklist, such as [impact, next]")
    )
    refuse: Flag = Field(False, description="true: refused without; else whoever sends it is asked once more")


class ReviewPart(Part):
    """When a second person has to have approved an update, and who is asked."""

    required: tuple[ScopePart, ...] = Field((), max_length=20, description="which updates need one; none when left out")
    ask: Annotated[tuple[PageTarget, ...], AfterValidator(distinct)] = Field(
        (), max_length=20, description="who is asked where nobody is named; communications and incident manager"
    )
    answer_within: Duration = Field(
        timedelta(minutes=10), description="after that long without an answer it may go out with a reason"
    )


class ItemPart(Part):
    """An item of the checklist in the words of a team."""

    phrases: tuple[Sentence, ...] = Field((), max_length=50, description="phrases that show that it was said")
    unknown: Sentence | None = Field(None, description="the sentence that says it is not known yet")


class UpdatesPart(Part):
    """What holds for updates."""

    must: tuple[MustPart, ...] = Field((), max_length=50, description="what updates have to say")
    review: ReviewPart = Field(ReviewPart.model_construct(), description="a second pair of eyes")
    items: dict[ItemName, ItemPart] = Field({}, description="the checklist in your own language, by item")
    inside: tuple[Sentence, ...] = Field(
        (), max_length=200, description="words that nobody outside may read; a warning, never a refusal"
    )


def to_updates(part: UpdatesPart) -> UpdateRules:
    """The rules of updates, as the domain has them."""
    items = {name: Wording(each.phrases, each.unknown or "") for name, each in part.items.items()}
    return UpdateRules(
        must=tuple(Must(each.items, _scope(each), each.refuse) for each in part.must),
        reviewed=tuple(map(_scope, part.review.required)),
        ask=part.review.ask or ASKED,
        answer_within=part.review.answer_within,
        items=MappingProxyType(items),
        inside=part.inside,
    )


def _scope(part: ScopePart) -> Scope:
    audience = None if part.audience is None else Audience(part.audience)
    return Scope(audience, part.severities, part.channels)
