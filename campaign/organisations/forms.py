"""The shape of an entry in the registry."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import StopValidation

from campaign.config import LANGUAGES
from campaign.core.formats import countries, country_codes
from campaign.core.forms import LineField, LinesField, NoLongerThan, PlainName, PlainText, TeamForm
from campaign.core.language import language
from campaign.core.text import clean_line
from campaign.organisations.domains import own_domain
from campaign.organisations.errors import DomainRefused

LONGEST_NAME = 200
MOST_LINES = 50


class _OrganisationForm(TeamForm):
    aliases = LinesField(_l("Other names, one per line"))
    country = SelectField(_l("Country"), choices=lambda: [("", _("not known")), *countries(language())], validate_choice=False)
    website = StringField(_l("Website"), [NoLongerThan(500), PlainText()], filters=[lambda value: clean_line(value or "")])
    domains = LinesField(_l("Own mail domains, one per line"))

    def validate_aliases(self, field: LinesField) -> None:
        _refuse_too_many(field)
        for name in field.data:
            if len(name) > LONGEST_NAME:
                raise StopValidation(_("One of these names is longer than %(most)s characters.", most=LONGEST_NAME))
            _check_name(self, name)

    def validate_country(self, field: SelectField) -> None:
        if field.data and field.data not in country_codes():
            raise StopValidation(_("Please choose a country from the list."))

    def validate_website(self, field: StringField) -> None:
        if field.data and "://" not in field.data:
            field.data = f"https://{field.data}"
        if field.data and (not field.data.startswith(("http://", "https://")) or " " in field.data or "." not in field.data):
            raise StopValidation(_("Please write a web address such as https://our-organisation.org."))

    def validate_domains(self, field: LinesField) -> None:
        _refuse_too_many(field)
        field.data = list(dict.fromkeys(_own_domain(typed) for typed in field.data))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, then that there is a name at all."""
        passed = bool(super().validate(extra_validators))
        if self.names():
            return passed
        first = self[f"name_{next(iter(LANGUAGES))}"]
        first.errors = [*first.errors, _("Please write the name in at least one language.")]
        return False

    def names(self) -> dict[str, str]:
        """Language to name, where one was typed."""
        typed = {code: self[f"name_{code}"].data for code in LANGUAGES}
        return {code: name for code, name in typed.items() if name}

    def other_names(self, names: Iterable[str]) -> list[str]:
        """The aliases that are not `names` themselves."""
        return [alias for alias in self.aliases.data if alias not in set(names)]

    def language_fields(self) -> list[Any]:
        """The fields of the names, for the template."""
        return [self[f"name_{code}"] for code in LANGUAGES]


def _name_field(code: str) -> LineField:
    return LineField(_l("Name: %(language)s", language=LANGUAGES[code]), [NoLongerThan(LONGEST_NAME), PlainName()])


# One field per language of the interface; FormMeta collects them as if they stood in the class.
OrganisationForm = type("OrganisationForm", (_OrganisationForm,), {f"name_{code}": _name_field(code) for code in LANGUAGES})


def _check_name(form: _OrganisationForm, name: str) -> None:
    PlainName()(form, SimpleNamespace(data=name))


def _refuse_too_many(field: LinesField) -> None:
    if len(field.data) > MOST_LINES:
        raise StopValidation(_("Please write at most %(most)s lines.", most=MOST_LINES))


def _own_domain(typed: str) -> str:
    try:
        return own_domain(typed)
    except DomainRefused as refused:
        if refused.shared:
            message = _("Everyone can have a mailbox at %(domain)s. Please write a domain that only the organisation has.", domain=refused.domain)
            raise StopValidation(message) from None
        raise StopValidation(_("“%(domain)s” is not a mail domain. It should read like our-organisation.org.", domain=refused.domain)) from None
