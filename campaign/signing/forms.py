"""The forms that signers send."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import Optional, StopValidation, ValidationError

from campaign.core import forms
from campaign.core.forms import (
    Filled,
    LineField,
    NoLongerThan,
    PlainName,
    PlainText,
    PublicForm,
    PublicText,
    Website,
    YesField,
)
from campaign.core.integers import whole_number
from campaign.core.names import NameKind
from campaign.organisations.name_question import NameQuestion
from campaign.signatures.fields import SubmittedFields
from campaign.signatures.models import SignatoryKind, Visibility
from campaign.signing import operations
from campaign.signing.errors import KindRefused, TextChanged
from campaign.signing.visibility_choices import visibility_choices
from campaign.site.country_question import SignersCountryField
from campaign.statements.models import Safety, Signers, Status
from campaign.statements.queries import SigningTerms, StatementPage

LONGEST_NAME = 200
LONGEST_MESSAGE = 1_000


class SignersMailField(forms.MailField):
    """A mail address that mail can reach: the sample alone takes addresses of .example."""

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Check it as every address, then its ending."""
        super().post_validate(form, validation_stopped)
        if not self.data or validation_stopped:
            return

        if self.data.rpartition("@")[2].lower().endswith(".example") and not getattr(
            form, "accepts_example", False
        ):
            raise ValidationError(
                _(
                    "Addresses that end in .example can't receive e-mail. Please give an address that you can"
                    " read."
                )
            )


class UpdatesForm(PublicForm):
    """The form in which a signer who wants news after all gives the address once more."""

    email = SignersMailField(
        _l("E-mail"), [Filled(_l("Please give the address that we should write to.")), NoLongerThan(254)]
    )
    accepts_example = False


class LinkForm(PublicForm):
    """The form for a signer who has lost the link: the address used for signing."""

    email = SignersMailField(
        _l("E-mail"), [Filled(_l("Please give the address that you signed with.")), NoLongerThan(254)]
    )
    accepts_example = True


class SignForm(NameQuestion, PublicForm):
    """The form beside a statement.

    What it asks depends on kind and visibility, which the reader can change without scripts.
    """

    kind = RadioField(
        _l("I sign"),
        choices=[
            (SignatoryKind.PERSON, _l("As myself")),
            (SignatoryKind.ORGANISATION, _l("For an organisation")),
        ],
        default=SignatoryKind.PERSON,
        validate_choice=False,
    )
    organisation = LineField(
        _l("Organisation"), [NoLongerThan(LONGEST_NAME), PlainName(NameKind.ORGANISATION)]
    )
    name = LineField(_l("Your name"), [NoLongerThan(LONGEST_NAME), PlainName()])
    title = LineField(_l("Your role in it"), [NoLongerThan(LONGEST_NAME), PlainName(NameKind.ROLE)])
    website = LineField(_l("Website (optional)"), [Optional(), NoLongerThan(500), PlainText(), Website()])
    email = SignersMailField(
        _l("E-mail"), [Filled(_l("We need an e-mail address to confirm that it is you.")), NoLongerThan(254)]
    )
    country = SignersCountryField(_l("Country"), [Filled(_l("Please choose a country."))])
    city = LineField(_l("City (optional)"), [NoLongerThan(100), PlainName(NameKind.PLACE)])
    message = TextAreaField(
        _l("Message (optional)"), [NoLongerThan(LONGEST_MESSAGE), PlainText(lines=True), PublicText()]
    )
    visibility = RadioField(
        _l("How your name appears"), choices=[], default=Visibility.PUBLIC, validate_choice=False
    )
    updates = YesField(_l("E-mail me when there is news about this statement"))
    consent = YesField(_l("I have read the text and agree that my signature is published as chosen above."))
    revision = HiddenField()
    # The proof of work (signing.proof_of_work), under the field name that ALTCHA uses.
    altcha = HiddenField()
    # Invisible to people, so that whatever fills it in is most likely a program. The form is accepted
    # nevertheless, and held for review.
    reference = StringField(_l("Please leave this field empty"))

    accepts_example = False

    def process(self, formdata: Any = None, *arguments: Any, **values: Any) -> None:
        """Apply defaults to the blank form only: a choice missing from a sent form was not made."""
        super().process(formdata, *arguments, **values)
        if formdata:
            for field in (self.kind, self.visibility):
                field.data = field.data if field.name in formdata else None

    def validate_kind(self, field: RadioField) -> None:
        if field.data not in set(SignatoryKind):
            raise StopValidation(_("Please choose whether you sign as yourself or for an organisation."))

    def validate_visibility(self, field: RadioField) -> None:
        if self.country.asks and field.data == Visibility.PUBLIC:
            # It may have stood there before the notice could be read.
            field.data = None
        if field.data not in set(Visibility):
            raise StopValidation(_("Please choose how your name appears."))
        if field.data == Visibility.COUNTED and self.kind.data == SignatoryKind.ORGANISATION:
            raise StopValidation(_("An organisation signs by name. Please choose one of the other two."))

    def validate_consent(self, field: YesField) -> None:
        if not field.data:
            raise StopValidation(_("We need your consent to record the signature."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, then the names that this kind and visibility require."""
        passed = bool(super().validate(extra_validators))

        wanted = []
        if self.kind.data == SignatoryKind.ORGANISATION:
            wanted = [
                (self.organisation, _("Please enter the name of the organisation.")),
                (self.name, _("Please enter your name: you are signing for the organisation.")),
                (self.title, _("Please enter your role in the organisation.")),
            ]
        elif self.visibility.data != Visibility.COUNTED:
            wanted = [(self.name, _("Please enter your name as it should appear."))]

        for field, message in wanted:
            if not field.data:
                field.errors = [*field.errors, message]

                passed = False
        return passed

    def offer(self, page: StatementPage) -> SignForm:
        """The form with only the choices that this statement offers."""
        self.visibility.choices = visibility_choices(page)
        asked = operations.kinds_asked(page.signers)
        if len(asked) == 1:
            self.kind.choices = [choice for choice in self.kind.choices if choice[0] in asked]
            self.kind.data = asked[0]
        return self

    def validate_for(self, terms: SigningTerms) -> bool:
        """Check the fields, then what this statement requires of its signatories.

        Errors are added to the field that is refused.
        """
        self.accepts_example = terms.sample
        if not self.validate():
            return False

        try:
            operations.refuse_kind(terms.signers, SignatoryKind(self.kind.data))
            operations.refuse_outdated(terms, self.revision.data or "")
        except KindRefused as refused:
            only_people = refused.signers is Signers.PEOPLE
            people, organisations = (
                _("Only people can sign this text."),
                _("Only organisations can sign this text."),
            )
            self.kind.errors = [people if only_people else organisations]
            return False
        except TextChanged:
            self.revision.data = str(terms.revision_number)
            self.consent.data = False
            changed = _("The text has changed since you opened it. Please read it again, and then sign.")
            self.consent.errors = [changed]
            return False

        return self._validate_organisation(terms)

    def _validate_organisation(self, terms: SigningTerms) -> bool:
        """At high safety an organisation signs in public. Were its name kept from view, who holds a mailbox
        of its domain could find out by signing for it once more.
        """
        hidden = self.kind.data == SignatoryKind.ORGANISATION and self.visibility.data != Visibility.PUBLIC
        if hidden and terms.safety == Safety.HIGH:
            self.visibility.errors = [
                _(
                    "An organisation signs this text in public or not at all. Please choose the public list,"
                    " or write to the organisers."
                )
            ]
            return False
        return True

    @property
    def signing_for(self) -> str:
        """The name of the organisation that signs, as typed; "" for a person."""
        return (self.organisation.data or "") if self.kind.data == SignatoryKind.ORGANISATION else ""

    @property
    def trapped(self) -> bool:
        """True if the field that people do not see was filled in."""
        return bool(self.reference.data)

    @property
    def read(self) -> int:
        """The number of the revision beside which the form stood; 0 where it does not say."""
        return whole_number(self.revision.data or "") or 0

    def fields(self) -> SubmittedFields:
        """The fields as typed, without those that this kind and visibility do not ask for."""
        kind, visibility = SignatoryKind(self.kind.data), Visibility(self.visibility.data)
        named = visibility is not Visibility.COUNTED
        organised = kind is SignatoryKind.ORGANISATION

        return SubmittedFields(
            kind=kind,
            visibility=visibility,
            email=self.email.data,
            country=self.country.data,
            name=self.name.data if named else "",
            city=self.city.data if named else "",
            message=(self.message.data or "").strip() if visibility is Visibility.PUBLIC else "",
            updates=self.updates.data,
            organisation=self.organisation.data if organised else "",
            title=self.title.data if organised else "",
            website=(self.website.data or "") if organised else "",
        )


def blank_form(page: StatementPage) -> SignForm | None:
    """The blank form beside a statement; None where it takes no signatures."""
    if page.status is not Status.OPEN:
        return None
    form = SignForm().offer(page)
    if page.guarded:
        # No choice is preselected.
        form.visibility.data = None
    form.revision.data = str(page.revision)
    return form


class CorrectForm(PublicForm):
    """The form for correcting a signature."""

    name = LineField(_l("Your name"), [NoLongerThan(LONGEST_NAME), PlainName()])
    title = LineField(_l("Your role in it"), [NoLongerThan(LONGEST_NAME), PlainName(NameKind.ROLE)])
    affiliation = LineField(
        _l("Where you work or belong (optional)"), [NoLongerThan(200), PlainName(NameKind.ORGANISATION)]
    )
    city = LineField(_l("City (optional)"), [NoLongerThan(100), PlainName(NameKind.PLACE)])
    country = SignersCountryField(_l("Country"), [])
    message = TextAreaField(
        _l("Message (optional)"), [NoLongerThan(LONGEST_MESSAGE), PlainText(lines=True), PublicText()]
    )


class VisibilityForm(PublicForm):
    """The form for changing how the name appears; it asks for a name where none was kept."""

    visibility = RadioField(_l("How your name appears"), choices=[], validate_choice=False)
    name = LineField(_l("Your name"), [NoLongerThan(LONGEST_NAME), PlainName()])

    def validate_visibility(self, field: RadioField) -> None:
        if field.data not in set(Visibility):
            raise StopValidation(_("Please choose how your name appears."))


class CodeForm(PublicForm):
    """The form for the code from the mail, typed in any grouping."""

    code = LineField(
        _l("Code from the e-mail"),
        [Filled(_l("Please enter the digits from the e-mail.")), NoLongerThan(60)],
    )


class PhraseForm(PublicForm):
    """The form for the withdrawal phrase shown after signing at high safety."""

    words = LineField(
        _l("Your six words"),
        [Filled(_l("Please enter the six words that you wrote down.")), NoLongerThan(200)],
    )
