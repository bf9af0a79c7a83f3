"""What the team sends when it decides about a signature."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, TextAreaField

from campaign.core.forms import (
    Filled,
    LineField,
    MailAddress,
    NoLongerThan,
    PlainName,
    PlainText,
    PublicForm,
    TeamForm,
)

NEW = "new"
OTHER = "other"


class ApproveForm(TeamForm):
    """As which organisation: the key of one in the registry, `new`, or `other` with its address in the
    registry.
    """

    organisation = RadioField(_l("List it as"), choices=[], validate_choice=False)
    other = LineField(_l("Address of the other organisation"), [NoLongerThan(120), PlainText()])
    own_domain = BooleanField()


class RejectForm(TeamForm):
    """Why an organisation is not listed."""

    reason = TextAreaField(
        _l("Reason"),
        [
            Filled(_l("Please give the reason: the signer will be told.")),
            NoLongerThan(1_000),
            PlainText(lines=True),
        ],
    )


class AskForm(TeamForm):
    """A question to the signer."""

    question = TextAreaField(
        _l("Question"), [Filled(_l("Please enter the question.")), NoLongerThan(1_000), PlainText(lines=True)]
    )


class WatchForm(TeamForm):
    """A name at which somebody looks."""

    kind = SelectField(
        _l("Kind of entry"),
        choices=[("person", _l("A well-known person")), ("word", _l("A word that is not a name"))],
    )
    name = LineField(
        _l("Name or word"), [Filled(_l("Please enter a name or a word.")), NoLongerThan(200), PlainName()]
    )


class ReportForm(PublicForm):
    """What somebody says whose name stands on a list; who they are is theirs to say."""

    note = TextAreaField(_l("What should we know? (optional)"), [NoLongerThan(1_000), PlainText(lines=True)])
    email = LineField(_l("Your e-mail address (optional)"), [NoLongerThan(254), MailAddress()])
