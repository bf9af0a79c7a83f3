"""The team's forms for a statement. Every field is flat: one per language, one per addressee and language."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any, cast

from babel import localedata
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import Optional, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from campaign.accounts.permissions import confined_to
from campaign.config import LANGUAGES
from campaign.core import clock
from campaign.core import language as interface
from campaign.core.dates import Precision
from campaign.core.edit_lock import OpenedWithField
from campaign.core.forms import (
    DayField,
    HourField,
    LineField,
    MailField,
    NoLongerThan,
    PlainName,
    PlainText,
    TeamForm,
)
from campaign.core.integers import whole_number
from campaign.core.language import default_language, language, language_name
from campaign.core.long_select import ZoneField
from campaign.core.text import make_slug
from campaign.core.timezones import NoSuchTime, local_moment, zone_names
from campaign.organisations.fields import OrganisationsField
from campaign.organisations.networks import all_networks
from campaign.organisations.queries import display_name, names_by_id
from campaign.statements.addressee_forms import naming_fields
from campaign.statements.addressees import AddresseeNames, find_addressees, label
from campaign.statements.labels import kind_choices
from campaign.statements.models import Change, Kind, Safety, Signers
from campaign.statements.operations import StatementText
from campaign.statements.topics import all_topics, shown

ADDRESSEES = 5
NOBODY = 0
OTHER = "other"
LONGEST_TITLE = 200
LONGEST_BODY = 100_000
_MOST_GOAL = 100_000_000
_CONTACT_DAYS, _MOST_CONTACT_DAYS = 90, 730
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# These words name pages of the desk under /desk/statements/.
_RESERVED = {"new", "preview"}


class BodyField(TextAreaField):
    """Markdown as it will be stored: Unix line ends, no tabs, nothing blank at the ends."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = str(valuelist[0]) if valuelist else ""
        self.data = "\n".join(line.rstrip() for line in typed.expandtabs(4).splitlines()).strip("\n")


class TopicsField(SelectMultipleField):
    """Check boxes for topics."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        if not set(self.data or ()) <= {value for value, _name in self.choices}:
            raise StopValidation(_("One of these topics is no longer there. Please choose again."))


class NetworkField(SelectField):
    """A network of the registry. The one that is stored is always offered, also where it is none any more: to
    save another field does not take it away.
    """

    def process(self, *args: Any, **more: Any) -> None:
        """Take the values in, and add the stored one to the choices."""
        super().process(*args, **more)
        stored, field = self.object_data, cast(Any, self)
        if isinstance(stored, int) and stored not in {value for value, _name in field.choices}:
            field.choices = [*field.choices, *names_by_id([stored]).items()]


class _StatementForm(TeamForm):
    languages: tuple[str, ...] = ()
    # The closing moment that stands: it may be in the past as long as nobody changes it.
    closes_before: dt.datetime | None = None
    opens_before: dt.datetime | None = None
    # Signers may have read how long their address is kept.
    published = False

    kind = SelectField(_l("Kind of entry"), choices=kind_choices, validate_choice=False)
    slug = LineField(_l("Address on this site"), [NoLongerThan(120)])
    signers = RadioField(
        _l("Who may sign"), choices=lambda: signers_choices(), default=Signers.BOTH, validate_choice=False
    )
    safety = RadioField(
        _l("Safety of signers"),
        choices=lambda: safety_choices(),
        default=Safety.STANDARD,
        validate_choice=False,
    )
    goal = LineField(_l("Goal (optional)"))
    contact_days = LineField(_l("Days to keep addresses for"), default="90")
    time_zone = ZoneField(_l("Time zone of these times"))
    opens_on = DayField(_l("Opening day (optional)"), [Optional()])
    opens_at = HourField(_l("Opening time"), [Optional()])
    closes_on = DayField(_l("Closing day (optional)"), [Optional()])
    closes_at = HourField(_l("Closing time"), [Optional()])
    dated = DayField(_l("Date on the text (optional)"), [Optional()])
    dated_precision = SelectField(
        _l("Date precision"),
        choices=lambda: precision_choices(),
        default=Precision.DAY,
        validate_choice=False,
    )
    source = LineField(_l("Source (optional)"), [NoLongerThan(1_000), PlainText()])
    topics = TopicsField(_l("Topics"), coerce=int, choices=lambda: topic_choices())
    owners = OrganisationsField(_l("Owners of the statement"))
    network = NetworkField(
        _l("Statement of a network (optional)"),
        coerce=int,
        choices=lambda: network_choices(),
        default=NOBODY,
        validate_choice=False,
    )
    press_name = LineField(_l("Press contact (optional)"), [NoLongerThan(200), PlainName()])
    press_email = MailField(_l("E-mail address for the press"), [NoLongerThan(200)])
    press_phone = LineField(_l("Telephone for the press"), [NoLongerThan(60), PlainText()])
    language_other = LineField(_l("Language code"))
    word = FileField(_l("Word file (.docx)"))
    word_language = SelectField(_l("Its language"), choices=[], validate_choice=False)
    state = OpenedWithField()
    # On the conflict page: what was loaded at first.
    base = OpenedWithField()

    def validate_slug(self, field: LineField) -> None:
        field.data = field.data or make_slug(next((text.title for text in self.texts()), ""))
        if field.data in _RESERVED or (self.texts() and not _SLUG.fullmatch(field.data)):
            raise StopValidation(
                _("Please use small Latin letters, digits and single hyphens, such as free-them-all.")
            )

    def validate_owners(self, field: OrganisationsField) -> None:
        confined = confined_to()
        unchanged = bool(field.object_data) and set(field.data or ()) == set(field.object_data)
        if confined is None or unchanged:
            return
        if not confined & set(field.data or ()):
            raise StopValidation(
                _(
                    "Please choose at least one organisation that you work for: otherwise you could not open"
                    " this statement again."
                )
            )

        if not set(field.data or ()) ^ set(field.object_data or ()) <= confined:
            raise StopValidation(
                _(
                    "You can add and remove only organisations that you work for. Please ask somebody who"
                    " works for the whole site."
                )
            )

    def validate_network(self, field: SelectField) -> None:
        if field.data not in {value for value, _name in field.choices}:
            raise StopValidation(_("Please choose a network from the list."))
        confined = confined_to()
        if confined is not None and field.data != field.object_data and field.data not in {NOBODY, *confined}:
            raise StopValidation(
                _(
                    "You can choose only a network that you work for. Please ask somebody who works for the"
                    " whole site."
                )
            )

    def validate_word_language(self, field: SelectField) -> None:
        if field.data not in self.languages:
            field.data = language() if language() in self.languages else self.languages[0]

    def validate_kind(self, field: SelectField) -> None:
        if field.data not in set(Kind):
            raise StopValidation(_("Please choose the kind of statement."))

    def validate_time_zone(self, field: SelectField) -> None:
        if field.data not in zone_names():
            raise StopValidation(_("Please choose a time zone from the list."))

    def validate_press_phone(self, field: LineField) -> None:
        if field.data and not re.fullmatch(r"[+()\d\s./-]{3,}", field.data):
            raise StopValidation(_("Please enter a telephone number with digits, such as +370 600 00000."))

    def validate_dated_precision(self, field: SelectField) -> None:
        if field.data not in set(Precision):
            raise StopValidation(_("Please choose the date precision."))

    def validate_signers(self, field: RadioField) -> None:
        if field.data not in set(Signers):
            raise StopValidation(_("Please choose who may sign."))

    def validate_safety(self, field: RadioField) -> None:
        if field.data not in set(Safety):
            raise StopValidation(_("Please choose how much is kept about signers."))

    def validate_goal(self, field: LineField) -> None:
        digits = re.sub(r"[\s,.]", "", field.data or "")
        if digits and not whole_number(digits, _MOST_GOAL):
            raise StopValidation(_("Please enter a whole number above 0, or leave this empty."))
        field.data = digits.lstrip("0")

    def validate_contact_days(self, field: LineField) -> None:
        # An older page, or a program, leaves it out.
        field.data = field.data or str(field.object_data or _CONTACT_DAYS)
        days = whole_number(field.data, _MOST_CONTACT_DAYS)
        if not days:
            raise StopValidation(
                _("Please enter a whole number from 1 to %(most)s.", most=_MOST_CONTACT_DAYS)
            )
        promised = whole_number(str(field.object_data or "")) if self.published else None
        if promised and days > promised:
            raise StopValidation(
                _("Signers were told %(days)s days. The period can only be shortened.", days=promised)
            )

    def validate_language_other(self, field: LineField) -> None:
        if not field.data:
            if self[f"title_{OTHER}"].data or self[f"body_{OTHER}"].data:
                raise StopValidation(_("Please say which language this is, such as fr for French."))
            return

        field.data = field.data.lower()
        if not re.fullmatch(r"[a-z]{2,3}", field.data) or not localedata.exists(field.data):
            raise StopValidation(
                _(
                    "We do not know this language. Please use its code of two or three letters, such as fr"
                    " for French."
                )
            )
        if field.data in self.languages:
            raise StopValidation(_("This language has its own field on this page."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, then what belongs together."""
        passed = bool(super().validate(extra_validators))
        checks = [self._whole_text(code) for code in (*self.languages, OTHER)]

        return all(
            [
                passed,
                *checks,
                self._any_text(),
                self._known_addressees(),
                self._whole_naming(),
                self._press_has_a_way(),
                self._moments(),
            ]
        )

    def texts(self) -> list[StatementText]:
        """The complete translations, in the order of the page: the first is the original."""
        codes = [(code, code) for code in self.languages] + [(OTHER, self.language_other.data or "")]
        typed = [
            StatementText(language, self[f"title_{code}"].data or "", self[f"body_{code}"].data or "")
            for code, language in codes
        ]
        return [text for text in typed if text.language and text.title and text.body]

    def opening(self) -> dt.datetime | None:
        """The moment at which the statement opens by itself; a day without a time begins with its first
        minute. Raises NoSuchTime.
        """
        day = self.opens_on.data
        return local_moment(day, self.opens_at.data, self.time_zone.data) if day else None

    def closing(self) -> dt.datetime | None:
        """The closing moment; a day without a time ends with its last minute. Raises NoSuchTime."""
        day = self.closes_on.data
        return local_moment(day, self.closes_at.data or dt.time(23, 59), self.time_zone.data) if day else None

    def addressees(self) -> list[int]:
        """The chosen entries of the book, in the order of the page, each once."""
        chosen = [self[f"addressee_{index}"].data for index in range(ADDRESSEES)]
        return list(dict.fromkeys(each for each in chosen if each))

    def new_addressee(self) -> dict[str, AddresseeNames]:
        """The names of the new addressee, by language; empty when nothing was typed."""
        typed = {
            code: AddresseeNames(
                *(self[f"{part}_{code}"].data or "" for part in ("name", "role", "institution"))
            )
            for code in LANGUAGES
        }
        return {code: naming for code, naming in typed.items() if naming.name}

    def _whole_text(self, code: str) -> bool:
        title, body = self[f"title_{code}"], self[f"body_{code}"]
        if bool(title.data) == bool(body.data):
            return True
        if title.data:
            return _refuse(
                body,
                _(
                    "There is a title in this language but no text. Please write the text, or remove the"
                    " title."
                ),
            )
        return _refuse(title, _("There is a text in this language but no title. Please write one."))

    def _any_text(self) -> bool:
        typed = any(
            self[f"{part}_{code}"].data for part in ("title", "body") for code in (*self.languages, OTHER)
        )
        return typed or _refuse(
            self[f"title_{self.languages[0]}"], _("Please write title and text in at least one language.")
        )

    def _known_addressees(self) -> bool:
        fields = [self[f"addressee_{index}"] for index in range(ADDRESSEES)]
        gone = [field for field in fields if field.data not in {value for value, _name in field.choices}]
        for field in gone:
            _refuse(field, _("This addressee is no longer in the address book. Please choose again."))
        return not gone

    def _whole_naming(self) -> bool:
        nameless = [
            code
            for code in LANGUAGES
            if not self[f"name_{code}"].data
            and (self[f"role_{code}"].data or self[f"institution_{code}"].data)
        ]
        for code in nameless:
            _refuse(
                self[f"name_{code}"],
                _("There is a role or an institution here but no name. Please enter the name."),
            )
        return not nameless

    def _press_has_a_way(self) -> bool:
        if self.press_name.data and not (self.press_email.data or self.press_phone.data):
            return _refuse(
                self.press_email,
                _(
                    "Please give an e-mail address or a telephone number, so that the press can reach this"
                    " person."
                ),
            )
        return True

    def _moments(self) -> bool:
        """Check the order of opening, closing and now."""
        if self.time_zone.errors:
            return False

        moments = {}
        for name, days, hours in (
            ("opens", self.opens_on, self.opens_at),
            ("closes", self.closes_on, self.closes_at),
        ):
            if hours.data and not days.data and not days.errors:
                return _refuse(days, _("There is a time but no day. Please choose the day."))
            try:
                moments[name] = self.opening() if name == "opens" else self.closing()
            except NoSuchTime:
                return _refuse(
                    hours,
                    _("Clocks go forward that night, and this time does not exist. Please choose another."),
                )

        if moments["opens"] and moments["opens"] != self.opens_before and moments["opens"] <= clock.now():
            return _refuse(
                self.opens_on,
                _("This time has passed. Please choose a later one, or publish the statement now."),
            )

        if moments["closes"] and moments["closes"] != self.closes_before and moments["closes"] <= clock.now():
            return _refuse(
                self.closes_on,
                _("This time has passed. Please choose a later one, or close the statement now."),
            )
        if moments["opens"] and moments["closes"] and moments["closes"] <= moments["opens"]:
            return _refuse(self.closes_on, _("This is not after the opening. Please choose a later time."))

        return True


class TranslationForm(TeamForm):
    """One translation, written beside the original. `state` and `base` as in the form of a statement."""

    title = LineField(_l("Title"), [NoLongerThan(LONGEST_TITLE), PlainText()])
    body = BodyField(_l("Text, in Markdown"), [NoLongerThan(LONGEST_BODY), PlainText(lines=True)])
    state = OpenedWithField()
    base = OpenedWithField()
    # The mark of the original that stood beside it.
    followed = HiddenField()

    def validate_title(self, field: LineField) -> None:
        if not field.data:
            raise StopValidation(_("Please write the title in this language. The text below is kept."))

    def validate_body(self, field: BodyField) -> None:
        if not field.data:
            raise StopValidation(_("Please write the text in this language."))


class PublishForm(TeamForm):
    """The form for publishing: what a later revision does to the one before it.

    `draft` is the digest of the text that was read before publishing.
    """

    change = RadioField(_l("What has changed"), choices=lambda: change_choices(), validate_choice=False)
    note = LineField(_l("What exactly changes, in one sentence"), [NoLongerThan(500), PlainText()])
    draft = OpenedWithField()


def statement_form(languages: Sequence[str]) -> Any:
    """The form class for texts in `languages` (in this order) and one more of free choice."""
    fields: dict[str, Any] = {"languages": tuple(languages)}
    named = [(code, language_name(code)) for code in languages]
    fields["word_language"] = SelectField(
        _l("Its language"), choices=named, default=language, validate_choice=False
    )

    for code in (*languages, OTHER):
        fields[f"title_{code}"] = LineField(_l("Title"), [NoLongerThan(LONGEST_TITLE), PlainText()])
        fields[f"body_{code}"] = BodyField(
            _l("Text, in Markdown"), [NoLongerThan(LONGEST_BODY), PlainText(lines=True)]
        )

    for index in range(ADDRESSEES):
        fields[f"addressee_{index}"] = SelectField(
            _l("Addressee %(number)s", number=index + 1),
            coerce=int,
            choices=addressee_choices,
            default=NOBODY,
            validate_choice=False,
        )

    for code in LANGUAGES:
        fields |= naming_fields(code)
    return type("StatementForm", (_StatementForm,), fields)


def network_choices() -> list[tuple[int, str]]:
    """The networks of the registry, by name."""
    named = [(network.id, display_name(network, language())) for network in all_networks()]
    return [(NOBODY, _("none")), *sorted(named, key=lambda pair: pair[1].casefold())]


def offered_languages(existing: Sequence[str] = ()) -> list[str]:
    """The languages that have a place on the page: those of the text first, the original in front, then those
    that the site offers.
    """
    own = language() if not existing else default_language()
    return list(dict.fromkeys([*existing, own, *interface.offered_languages()]))


def signers_choices() -> list[tuple[str, str]]:
    """The choices of who may sign, in words."""
    return [
        (Signers.BOTH, _("Organisations and people")),
        (Signers.ORGANISATIONS, _("Organisations only")),
        (Signers.PEOPLE, _("People only")),
    ]


def safety_choices() -> list[tuple[str, str]]:
    """How much is kept of signers, in words."""
    return [
        (Safety.STANDARD, _("Standard")),
        (Safety.HIGH, _("High: a signature could put somebody in prison")),
    ]


def precision_choices() -> list[tuple[str, str]]:
    """How much of a date is known, in words."""
    return [(Precision.DAY, _("day")), (Precision.MONTH, _("month")), (Precision.YEAR, _("year"))]


def change_choices() -> list[tuple[str, str]]:
    """What a later revision does, in words."""
    return [(Change.EDITORIAL, _("Wording only")), (Change.MATERIAL, _("Demands change"))]


def addressee_choices() -> list[tuple[int, str]]:
    """The book of addressees, by name."""
    named = [(addressee.id, label(addressee, language())) for addressee in find_addressees()]
    return [(NOBODY, _("nobody")), *sorted(named, key=lambda pair: pair[1].casefold())]


def topic_choices() -> list[tuple[int, str]]:
    """All topics by name."""
    return [(topic.id, shown(topic, language()).name) for topic in all_topics()]


def text_label(code: str) -> str:
    """The heading of one text block."""
    return _("In another language") if code == OTHER else language_name(code)


def _refuse(field: Any, message: str) -> bool:
    field.errors = [*field.errors, message]
    return False
