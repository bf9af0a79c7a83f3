"""What the team sends when it decides about a signature."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, TextAreaField

from campaign.core.forms import Filled, LineField, NoLongerThan, PlainText, TeamForm

NEW = "new"
OTHER = "other"


class ApproveForm(TeamForm):
    """As which organisation: the key of one in the registry, `new`, or `other` with its address in the registry."""

    organisation = RadioField(_l("List it as"), choices=[], validate_choice=False)
    other = LineField(_l("Address of the other organisation"), [NoLongerThan(120), PlainText()])
    own_domain = BooleanField()


class RejectForm(TeamForm):
    """Why an organisation is not listed."""

    reason = TextAreaField(
        _l("Reason"),
        [Filled(_l("Please write the reason: others of the team will want to know it.")), NoLongerThan(1_000), PlainText(lines=True)],
    )
