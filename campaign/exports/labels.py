"""The words for the choices of an export and for the columns of a list, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from campaign.core.formats import number
from campaign.exports.vocabulary import Contents, Grouping, Headings, SignatoryOrder
from campaign.organisations.models import UnStatus
from campaign.signatures.models import Provenance, SignatoryKind, Visibility


def contents_words() -> dict[Contents, str]:
    """The lists that can be taken away."""
    return {
        Contents.PUBLIC: _("Public list"),
        Contents.ADDRESSEE: _("List for the addressee"),
        Contents.CONTACTS: _("Contact list"),
    }


def contents_hints() -> dict[Contents, str]:
    """What each of these lists holds."""
    return {
        Contents.PUBLIC: _("Everyone on the list; names that are not shown stay empty. For your own work."),
        Contents.ADDRESSEE: _("Names that are shown, and the number of the others. To be handed over."),
        Contents.CONTACTS: _("E-mail addresses of signatories who asked for news and show their name."),
    }


def order_words() -> dict[SignatoryOrder, str]:
    """The orders."""
    return {
        SignatoryOrder.PAGE: _("as on the page: organisations by name, people as they signed"),
        SignatoryOrder.SIGNED: _("as they signed"),
        SignatoryOrder.NAME: _("by name"),
        SignatoryOrder.COUNTRY: _("by country"),
    }


def grouping_words() -> dict[Grouping, str]:
    """The groupings."""
    return {
        Grouping.NONE: _("not grouped"),
        Grouping.COUNTRY: _("by country"),
        Grouping.KIND: _("organisations and people"),
        Grouping.STATUS: _("by consultative status with ECOSOC"),
    }


def headings_words() -> dict[Headings, str]:
    """The ways in which a table is headed."""
    return {
        Headings.WORDS: _("Words in the language of the file"),
        Headings.NAMES: _("Names of fields, for programs and for importing it again"),
    }


def column_words() -> dict[str, str]:
    """The headings of the columns."""
    return {
        "number": pgettext("column", "No."),
        "group": _("Group"),
        "position": _("Place on the list"),
        "kind": _("Kind"),
        "name": pgettext("signatory", "Name"),
        "organisation": _("Organisation"),
        "title": pgettext("of a representative", "Title"),
        "affiliation": _("Affiliation"),
        "country": _("Country code"),
        "country_name": _("Country"),
        "city": _("City"),
        "website": _("Website"),
        "message": _("Message"),
        "visibility": _("Shown"),
        "signed_on": _("Day"),
        "revision": _("Text"),
        "demands": _("Demands"),
        "provenance": _("Origin"),
        "source": _("Source"),
        "status": _("Consultative status"),
        "email": _("E-mail address"),
        "language": _("Language"),
    }


def group_words() -> dict[str, str]:
    """The names of groups other than countries; the empty one is for signatories without a country."""
    return {
        SignatoryKind.ORGANISATION: _("Organisations"),
        SignatoryKind.PERSON: _("People"),
        UnStatus.GENERAL: _("General consultative status"),
        UnStatus.SPECIAL: _("Special consultative status"),
        UnStatus.ROSTER: _("Roster"),
        UnStatus.NONE: _("Organisations without consultative status"),
        "": _("Country not given"),
    }


def value_words() -> dict[str, dict[str, str]]:
    """The values of columns with a fixed set of them, by column."""
    return {
        "kind": {SignatoryKind.PERSON: _("Person"), SignatoryKind.ORGANISATION: _("Organisation")},
        "visibility": {
            Visibility.PUBLIC: _("On the public list"),
            Visibility.TEAM: _("Only for the campaign team"),
            Visibility.COUNTED: _("Only counted"),
        },
        "provenance": {
            Provenance.WEB: _("Signed here"),
            Provenance.INVITED: _("Invited"),
            Provenance.BY_HAND: _("Entered by hand"),
            Provenance.IMPORTED: _("Imported"),
        },
        "demands": {"current": _("Agreed to the current demands"), "earlier": _("Signed an earlier text")},
        "status": {
            "person": "",
            UnStatus.NONE: _("none"),
            UnStatus.GENERAL: _("General consultative status"),
            UnStatus.SPECIAL: _("Special consultative status"),
            UnStatus.ROSTER: _("Roster"),
        },
    }


def not_named_words(organisations: int, people: int) -> tuple[str, str]:
    """The last line for organisations and for people; empty where all are named."""
    of_organisations = ngettext(
        "and %(number)s organisation that asked not to be named",
        "and %(number)s organisations that asked not to be named",
        organisations,
        number=number(organisations),
    )
    of_people = ngettext(
        "and %(number)s person who asked not to be named",
        "and %(number)s people who asked not to be named",
        people,
        number=number(people),
    )
    return (of_organisations if organisations else "", of_people if people else "")
