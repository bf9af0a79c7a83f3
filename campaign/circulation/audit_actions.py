"""Audit actions of a circulation."""

from __future__ import annotations

from flask_babel import gettext as _

from campaign.accounts.audit import AuditAction


class CirculationAction(AuditAction):
    """An action of the team on a circulating text; publishing can also be the worker's."""

    STARTED = "circulation started"
    CHANGED = "circulation changed"
    CANCELLED = "circulation taken back"
    REMINDED = "circulation reminded"
    PUBLISHED = "circulation published"
    INVITED = "organisations invited"
    INVITATION_CANCELLED = "invitation taken back"
    SHARED_LINK_SWITCHED = "shared link switched"
    TEXT_SENT = "text sent round"
    ANSWER_RECORDED = "answer written down"
    ANSWER_ACCEPTED = "answer let join"
    ANSWER_REFUSED = "answer refused"
    SUGGESTION_DECIDED = "suggestion decided"


def words() -> dict[str, str]:
    """The actions as sentences without their end, in the reader's language."""
    return {
        CirculationAction.STARTED: _("A text was sent to organisations for sign-on"),
        CirculationAction.CHANGED: _("The deadline or the inviting person of a circulation was changed"),
        CirculationAction.CANCELLED: _("A circulating text was made a draft again"),
        CirculationAction.REMINDED: _("Organisations that had not replied were reminded"),
        CirculationAction.PUBLISHED: _("A text was published with the organisations that signed it"),
        CirculationAction.INVITED: _("Organisations were invited to sign"),
        CirculationAction.INVITATION_CANCELLED: _("An invitation to sign was cancelled"),
        CirculationAction.SHARED_LINK_SWITCHED: _("The shared link of a circulation was switched on or off"),
        CirculationAction.TEXT_SENT: _("A changed text was sent for sign-on"),
        CirculationAction.ANSWER_RECORDED: _("An answer received by phone or message was recorded"),
        CirculationAction.ANSWER_ACCEPTED: _("A late answer or one from an unknown mailbox was accepted"),
        CirculationAction.ANSWER_REFUSED: _(
            "An approval was refused, because the organisation had signed already"
        ),
        CirculationAction.SUGGESTION_DECIDED: _("A suggested change was accepted or rejected"),
    }
