"""The form for an entry of the address book."""

from __future__ import annotations

import re
from typing import Any

from babel import localedata
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import StopValidation

from campaign.config import LANGUAGES
from campaign.core.formats import country_codes
from campaign.core.forms import LineField, MailField, NoLongerThan, PlainName, PlainText, TeamForm
from campaign.core.long_select import KnownCountryField
from campaign.core.names import NameKind
from campaign.statements.addressees import AddresseeContent, AddresseeNames
from campaign.statements.models import Addressee

PARTS = ("name", "role", "institution")


def naming_fields(code: str) -> dict[str, LineField]:
    """Name, role and institution in one language: the fields `name_<code>`, `role_<code>`,
    `institution_<code>`.
    """
    labels = {
        "name": _l("Name of the addressee"),
        "role": _l("Post or role"),
        "institution": _l("Institution"),
    }
    return {
        f"{part}_{code}": LineField(labels[part], [NoLongerThan(200), PlainName(NameKind.ORGANISATION)])
        for part in PARTS
    }


class _AddresseeForm(TeamForm):
    country = KnownCountryField(_l("Country"))
    address = TextAreaField(_l("Postal address (optional)"), [NoLongerThan(1_000), PlainText(lines=True)])
    email = MailField(_l("E-mail address (optional)"), [NoLongerThan(200)])
    writes_in = LineField(_l("Languages to write to them in (optional)"), [NoLongerThan(100)])

    def validate_country(self, field: SelectField) -> None:
        if field.data and field.data not in country_codes():
            raise StopValidation(_("Please choose a country from the list."))

    def validate_writes_in(self, field: LineField) -> None:
        codes = re.split(r"[\s,;]+", (field.data or "").lower())
        unknown = [
            code
            for code in codes
            if code and not (re.fullmatch(r"[a-z]{2,3}", code) and localedata.exists(code))
        ]
        if unknown:
            raise StopValidation(
                _("We do not know the language “%(code)s”. Please use codes such as be, ru.", code=unknown[0])
            )
        field.data = ", ".join(dict.fromkeys(code for code in codes if code))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, then that there is a name wherever anything else was typed, and at all."""
        passed = bool(super().validate(extra_validators))
        nameless = [
            code
            for code in LANGUAGES
            if not self[f"name_{code}"].data
            and (self[f"role_{code}"].data or self[f"institution_{code}"].data)
        ]
        for code in nameless:
            self._refuse(
                code, _("There is a role or an institution here but no name. Please enter the name.")
            )
        if not nameless and not any(self[f"name_{code}"].data for code in LANGUAGES):
            self._refuse(next(iter(LANGUAGES)), _("Please enter the name in at least one language."))
            return False

        return passed and not nameless

    def entry(self, before: AddresseeContent | None = None) -> AddresseeContent:
        """The entry as typed. Names in languages that the form does not show stay as they were `before`."""
        kept = {
            code: said for code, said in (before.names if before else {}).items() if code not in LANGUAGES
        }
        typed = {
            code: AddresseeNames(*(self[f"{part}_{code}"].data or "" for part in PARTS)) for code in LANGUAGES
        }
        names = {code: said for code, said in typed.items() if said.name} | kept
        lines = [line.strip() for line in (self.address.data or "").splitlines()]
        codes = tuple((self.writes_in.data or "").split(", ")) if self.writes_in.data else ()

        return AddresseeContent(
            names,
            self.country.data or None,
            "\n".join(line for line in lines if line),
            self.email.data or "",
            codes,
        )

    def _refuse(self, code: str, message: str) -> None:
        field = self[f"name_{code}"]
        field.errors = [*field.errors, message]


# Three fields per language of the interface; FormMeta collects them as if they stood in the class.
AddresseeForm = type(
    "AddresseeForm",
    (_AddresseeForm,),
    {name: field for code in LANGUAGES for name, field in naming_fields(code).items()},
)


def addressee_form_values(addressee: Addressee) -> dict[str, Any]:
    """The values of the form for an entry, by field name."""
    values: dict[str, Any] = {
        "country": addressee.country or "",
        "address": addressee.address,
        "email": addressee.email,
    }
    values["writes_in"] = addressee.languages.replace(",", ", ")

    for row in addressee.names:
        values |= {
            f"name_{row.language}": row.name,
            f"role_{row.language}": row.role,
            f"institution_{row.language}": row.institution,
        }

    return values
