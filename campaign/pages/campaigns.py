"""What the page of a release campaign shows of the people it is for."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from campaign.core.language import language
from campaign.people.dossier import EventOfPerson, timeline_of
from campaign.people.queries import PersonLine, Totals, campaign_version, head_of
from campaign.statements.models import Kind
from campaign.statements.published import published_or_404
from campaign.statements.queries import StatementPage

# More portraits than these hide the text; the others are on a page of their own.
_FIRST = 24
_FIRST_EVENTS = 8


@dataclass(frozen=True, slots=True)
class CampaignPart:
    """The people of a campaign on its page: the first of them, `more` others, the newest events, and the text
    in two parts around the portraits.
    """

    people: list[PersonLine]
    more: int
    totals: Totals
    events: list[EventOfPerson]
    further: bool
    opening: Markup
    rest: Markup


def campaign_of(page: StatementPage) -> CampaignPart | None:
    """None for a statement of another kind."""
    if page.kind is not Kind.RELEASE_CAMPAIGN:
        return None
    people, totals = head_of(page.id, language(), _FIRST)
    events = timeline_of(page.id, language(), _FIRST_EVENTS + 1)
    more = totals.people - len(people)
    return CampaignPart(
        people, more, totals, events[:_FIRST_EVENTS], len(events) > _FIRST_EVENTS, *_parted(page.body)
    )


def version_of(slug: str) -> object:
    """Changes when anything changes that the page of a campaign shows of its people, and each day.

    Aborts like published().
    """
    return campaign_version(published_or_404(slug)[0])


def _parted(body: Markup) -> tuple[Markup, Markup]:
    """The first paragraph, behind which the portraits stand, and all else."""
    if not body.startswith("<p>"):
        return body[:0], body
    opening, end, rest = body.partition("</p>")
    return opening + end, rest
