"""The calendar of the team: birthdays and anniversaries of the next two weeks."""

from __future__ import annotations

from flask import Response, url_for

from campaign.accounts.calendars import reader_of
from campaign.accounts.grants import Permission, grants_of
from campaign.core import clock
from campaign.core.headers import never_stored
from campaign.core.language import language
from campaign.core.tokens import TokenInvalid
from campaign.feeds.entries import absolute, urn_of
from campaign.feeds.views import bp
from campaign.feeds.writers import CALENDAR, Appointment, write_calendar
from campaign.people.labels import occasion_words
from campaign.people.team_queries import ComingOccasion, remembered
from campaign.site.queries import this_site


@bp.get("/team-calendar/<token>")
def team_calendar(token: str) -> Response:
    """The calendar for one member's calendar program.

    Only public people are in it, since phones are lost and taken.
    """
    member = reader_of(token, Permission.WRITE_STATEMENTS)
    if member is None:
        raise TokenInvalid
    found = remembered(
        language(), grants_of(member).organisations_for(Permission.WRITE_STATEMENTS), seen=True
    )
    body = write_calendar(this_site().name, [_appointment(one) for one in found])
    return never_stored(Response(body, mimetype=CALENDAR))


def _appointment(one: ComingOccasion) -> Appointment:
    occasion = one.occasion
    uid = urn_of("remembrance", f"{one.slug}/{occasion.occasion}/{occasion.day.year}")
    title = f"{occasion_words()[occasion.occasion]}: {one.name} ({occasion.years})"
    address = absolute(url_for("people_desk.show", slug=one.slug))
    return Appointment(uid, address, title, "", "", occasion.day, clock.now())
