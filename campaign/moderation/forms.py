"""Forms in which the team decides about a signature."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, TextAreaField

from campaign.core.forms import (
    Filled,
    LineField,
    MailField,
    NoLongerThan,
    PlainName,
    PlainText,
    PublicForm,
    TeamForm,
)

NEW = "new"
OTHER = "other"


class ApproveForm(TeamForm):
    """The organisation to list: the id of one in the registry, `new`, or `other` with its address there."""

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


class QuestionForm(TeamForm):
    """A question to the signer."""

    question = TextAreaField(
        _l("Question"), [Filled(_l("Please enter the question.")), NoLongerThan(1_000), PlainText(lines=True)]
    )


class WatchForm(TeamForm):
    """A name to be watched."""

    kind = SelectField(
        _l("Kind of entry"),
        choices=[("person", _l("A well-known person")), ("word", _l("A word that is not a name"))],
    )
    name = LineField(
        _l("Name or word"), [Filled(_l("Please enter a name or a word.")), NoLongerThan(200), PlainName()]
    )


class ReportForm(PublicForm):
    """A report by somebody whose name stands on a list; whether they say who they are is up to them."""

    note = TextAreaField(_l("What should we know? (optional)"), [NoLongerThan(1_000), PlainText(lines=True)])
    email = MailField(_l("Your e-mail address (optional)"), [NoLongerThan(254)])
