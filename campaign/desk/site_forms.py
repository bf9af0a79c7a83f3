"""The forms of the page of site settings, one for each of its sections."""

from __future__ import annotations

from typing import Any, cast

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectField, TextAreaField
from wtforms.validators import StopValidation

from campaign.config import LANGUAGES
from campaign.core.forms import (
    Filled,
    LineField,
    LinesField,
    NoLongerThan,
    PlainText,
    TeamForm,
    YesField,
    address_sentence,
    website_sentence,
)
from campaign.core.integers import whole_number
from campaign.core.long_select import ZoneField
from campaign.core.mail_addresses import AddressRefused, sole_address
from campaign.core.timezones import zone_names
from campaign.core.web_addresses import WebsiteRefused, WebsiteTrouble, website
from campaign.site import colours
from campaign.site.operations import Colours, Contacts, NamesAndLanguages, RetentionDefaults
from campaign.site.queries import Site, SiteWords

_MOST_LINES = 10
_MOST_LINKS = 12


class ContactField(LineField):
    """A mail address or a web address: shown as people write it, kept as a URI."""

    def _value(self) -> str:
        return str(self.data or "").removeprefix("mailto:")

    def pre_validate(self, form: Any) -> None:
        """Bring what was typed into its normal form. Raises StopValidation."""
        typed = str(self.data or "").strip().removeprefix("mailto:")
        if not typed:
            self.data = ""
        elif "@" in typed and "://" not in typed:
            try:
                self.data = f"mailto:{sole_address(typed)}"
            except AddressRefused as refused:
                raise StopValidation(address_sentence(refused)) from None
        else:
            self.data = _web_address(typed)


def _web_address(typed: str) -> str:
    try:
        return website(typed) or ""
    except WebsiteRefused as refused:
        if refused.trouble is WebsiteTrouble.INCOMPLETE:
            raise StopValidation(
                _(
                    "Please enter an e-mail address such as name@example.org, or a web address such as "
                    "https://our-organisation.org."
                )
            ) from None
        raise StopValidation(website_sentence(refused)) from None


class DaysField(LineField):
    """A number of days from 1 to `most`; empty where the environment decides."""

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = most

    @property
    def days(self) -> int | None:
        """The number."""
        return whole_number(str(self.data or ""), self.most)

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no such number. Raises StopValidation."""
        if self.data and not self.days:
            raise StopValidation(_("Please enter a whole number of days from 1 to %(most)s.", most=self.most))


class _NamesForm(TeamForm):
    """Name, time zone, and the languages with their order."""

    name = LineField(
        _l("Name of the site"),
        [Filled(_l("Please enter the name of the site.")), NoLongerThan(200), PlainText()],
    )
    default_language = SelectField(
        _l("Default language"), choices=list(LANGUAGES.items()), validate_choice=False
    )
    time_zone = ZoneField(_l("Time zone"))

    def offered(self) -> tuple[str, ...]:
        """The ticked languages in their order: by their numbers, otherwise as they stand."""
        ticked = [code for code in LANGUAGES if self[f"offer_{code}"].data]
        places = {code: whole_number(str(self[f"place_{code}"].data or ""), 999) for code in ticked}
        return tuple(
            sorted(ticked, key=lambda code: 1_000 if places[code] is None else cast(int, places[code]))
        )

    def rows(self) -> list[tuple[str, str, Any, Any]]:
        """Code, name and the two fields of each language."""
        return [
            (code, name, self[f"offer_{code}"], self[f"place_{code}"]) for code, name in LANGUAGES.items()
        ]

    def validate_default_language(self, field: SelectField) -> None:
        """Check that some language is offered, and the default one among them."""
        if not self.offered():
            raise StopValidation(_("Please tick at least one language."))
        if field.data not in LANGUAGES:
            raise StopValidation(_("Please choose the default language from the list."))
        if field.data not in self.offered():
            raise StopValidation(
                _(
                    "%(language)s is the default language, but is not ticked. Please tick it, or choose "
                    "another default language.",
                    language=LANGUAGES[field.data],
                )
            )

    def validate_time_zone(self, field: SelectField) -> None:
        """Check that the zone is known."""
        if field.data not in zone_names():
            raise StopValidation(_("Please choose a time zone from the list."))

    def section(self) -> NamesAndLanguages:
        """What was typed, for the operation."""
        return NamesAndLanguages(
            self.name.data or "", self.offered(), self.default_language.data, self.time_zone.data
        )


def _language_fields(code: str, name: str) -> dict[str, Any]:
    return {
        f"offer_{code}": YesField(name),
        f"place_{code}": LineField(_l("Place of %(language)s in the list", language=name)),
    }


NamesForm: Any = type(
    "NamesForm",
    (_NamesForm,),
    {key: field for code, name in LANGUAGES.items() for key, field in _language_fields(code, name).items()},
)


class LookForm(TeamForm):
    """The accent colour."""

    accent = LineField(_l("Accent colour"))
    accent_dark = LineField(_l("Accent colour in dark mode (optional)"))

    def validate_accent(self, field: LineField) -> None:
        """Check that words in the colour can be read on light paper."""
        field.data = _readable(field.data, colours.LIGHT)

    def validate_accent_dark(self, field: LineField) -> None:
        """The same on dark paper; without a colour it is made from the other one."""
        if field.data and not self.accent.data:
            raise StopValidation(_("Please enter the accent colour too, or leave both fields empty."))
        field.data = _readable(field.data, colours.DARK)

    def section(self) -> Colours:
        """What was typed, for the operation."""
        accent = self.accent.data or ""
        dark = self.accent_dark.data or (colours.nearest_readable(accent, colours.DARK) if accent else "")
        return Colours(accent, dark)


def _readable(typed: str | None, on: colours.Ground) -> str:
    if not typed:
        return ""
    try:
        colour = colours.normal_colour(typed)
    except colours.NoColour:
        raise StopValidation(
            _("“%(typed)s” is not a colour. Please write it as #0055aa.", typed=typed[:20])
        ) from None
    said = colours.palette(colour, on)
    if not said.is_readable:
        raise StopValidation(
            _(
                "Words in %(colour)s would be hard to read: the contrast with the page is %(ratio)s : 1, and "
                "at least 4.5 : 1 is needed. The nearest colour that can be read is %(nearest)s.",
                colour=colour,
                ratio=format_decimal(said.contrast),
                nearest=colours.nearest_readable(colour, on),
            )
        )
    return colour


class SiteLogoForm(TeamForm):
    """A picture, and its description for screen readers."""

    picture = FileField(_l("Picture"))
    description = LineField(_l("Description (optional)"), [NoLongerThan(200), PlainText()])


class ContactsForm(TeamForm):
    """Who is behind the site, and how to reach them."""

    operator = LinesField(_l("Organisation behind the site"))
    contact = ContactField(_l("Contact"), [NoLongerThan(300)])
    press_contact = ContactField(_l("Press contact"), [NoLongerThan(300)])
    privacy_contact = ContactField(_l("Contact for questions about data"), [NoLongerThan(300)])
    sender_name = LineField(_l("Sender name"), [NoLongerThan(120), PlainText()])
    social_links = LinesField(_l("Social media"))

    def validate_operator(self, field: LinesField) -> None:
        """Check the number and length of lines."""
        _refuse_long(field.data, _MOST_LINES)

    def validate_sender_name(self, field: LineField) -> None:
        """Refuse an address in place of a name: mail programs would show it as the sender."""
        if "@" in (field.data or ""):
            raise StopValidation(
                _("Please enter a name, not an address: the address is set by the operator (MAIL_SENDER).")
            )

    def validate_social_links(self, field: LinesField) -> None:
        """Bring each address into its normal form."""
        _refuse_long(field.data, _MOST_LINKS)
        field.data = [address for line in field.data or [] if (address := _website(line))]

    def section(self) -> Contacts:
        """What was typed, for the operation."""
        return Contacts(
            tuple(self.operator.data or ()),
            self.contact.data or "",
            self.press_contact.data or "",
            self.privacy_contact.data or "",
            self.sender_name.data or "",
            tuple(self.social_links.data or ()),
        )


def _website(line: str) -> str:
    try:
        return website(line) or ""
    except WebsiteRefused as refused:
        raise StopValidation(f"“{line[:60]}”: {website_sentence(refused)}") from None


def _refuse_long(lines: list[str] | None, most: int) -> None:
    if len(lines or ()) > most:
        raise StopValidation(_("Please enter at most %(most)s lines.", most=most))
    if any(len(line) > 200 for line in lines or ()):
        raise StopValidation(_("Please make each line at most 200 characters long."))


class RetentionForm(TeamForm):
    """For how long things are kept where nobody says otherwise."""

    contact_days = DaysField(_l("Addresses of people who asked for news, after the handover"), most=730)
    undo_days = DaysField(_l("Rejected signatures, until their names are erased"), most=365)
    log_times_days = DaysField(_l("Times of day in the log of the team"), most=365)

    def section(self) -> RetentionDefaults:
        """What was typed, for the operation."""
        return RetentionDefaults(self.contact_days.days, self.undo_days.days, self.log_times_days.days)


class _TextsForm(TeamForm):
    """Tagline, about and footer in each language."""

    def languages(self, site: Site) -> list[tuple[str, str, Any, Any, Any]]:
        """The fields of the languages offered, and of others in which something was said before."""
        shown = [*site.languages, *(code for code in site.words if code not in site.languages)]
        return [
            (code, LANGUAGES[code], self[f"tagline_{code}"], self[f"about_{code}"], self[f"footer_{code}"])
            for code in shown
            if code in LANGUAGES
        ]

    def words(self, sent: Any) -> dict[str, SiteWords]:
        """What was typed, by language: only of those whose fields were on the page."""
        return {
            code: SiteWords(
                self[f"tagline_{code}"].data or "",
                (self[f"about_{code}"].data or "").strip(),
                (self[f"footer_{code}"].data or "").strip(),
            )
            for code in LANGUAGES
            if f"tagline_{code}" in sent
        }


def _text_fields(code: str) -> dict[str, Any]:
    return {
        f"tagline_{code}": LineField(_l("Tagline"), [NoLongerThan(200), PlainText()]),
        f"about_{code}": TextAreaField(_l("About"), [NoLongerThan(20_000), PlainText(lines=True)]),
        f"footer_{code}": TextAreaField(_l("Footer"), [NoLongerThan(2_000), PlainText(lines=True)]),
    }


TextsForm: Any = type(
    "TextsForm",
    (_TextsForm,),
    {key: field for code in LANGUAGES for key, field in _text_fields(code).items()},
)


def names_form(site: Site, **sent: Any) -> Any:
    """The form of the first section, with what is in force."""
    places = {code: place for place, code in enumerate(site.languages, 1)}
    values: dict[str, Any] = {f"offer_{code}": code in places for code in LANGUAGES}
    values |= {f"place_{code}": str(places.get(code, "")) for code in LANGUAGES}
    values |= {"name": site.name, "default_language": site.default_language, "time_zone": site.time_zone}
    return NamesForm(data=values, **sent)


def look_form(site: Site, **sent: Any) -> LookForm:
    """The form of the colours, with what is in force."""
    return LookForm(data={"accent": site.accent, "accent_dark": site.accent_dark}, **sent)


def logo_form(site: Site, **sent: Any) -> SiteLogoForm:
    """The form of the logo."""
    return SiteLogoForm(data={"description": site.logo.description if site.logo else ""}, **sent)


def contacts_form(site: Site, **sent: Any) -> ContactsForm:
    """The form of the contacts, with what is in force."""
    values = {
        "operator": list(site.operator),
        "contact": site.contact,
        "press_contact": site.press_contact,
        "privacy_contact": site.privacy_contact,
        "sender_name": site.sender_name,
        "social_links": list(site.social_links),
    }
    return ContactsForm(data=values, **sent)


def retention_form(site: Site, **sent: Any) -> RetentionForm:
    """The form of the retention defaults, with what is in force."""
    values = {name: str(getattr(site, name)) for name in ("contact_days", "undo_days", "log_times_days")}
    return RetentionForm(data=values, **sent)


def texts_form(site: Site, **sent: Any) -> Any:
    """The form of the texts, with what is in force."""
    values = {
        f"{part}_{code}": getattr(said, part)
        for code, said in site.words.items()
        for part in ("tagline", "about", "footer")
    }
    return TextsForm(data=values, **sent)
