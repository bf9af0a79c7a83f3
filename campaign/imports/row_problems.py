"""What can be wrong with a row, kept as a code and said in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from campaign.imports.column_vocabulary import Field, field_names


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row can't be imported, or what a person should look at. `row` counts as a spreadsheet does."""

    row: int
    code: str
    about: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence, in the language of the interface."""
        about = dict(self.about)
        if "field" in about:
            about["field"] = field_names()[Field(about["field"])]
        return _sentence(self.code, about)

    def as_json(self) -> list[Any]:
        """To be kept between two steps."""
        return [self.row, self.code, self.about]


def _sentence(code: str, about: dict[str, Any]) -> str:
    sentences = {
        "kind": _("The row does not say whether this is a person or an organisation."),
        "no name": _("The name is empty."),
        "no organisation": _("The name of the organisation is empty."),
        "person": _("“%(field)s” must be empty for a person.", field=about.get("field", "")),
        "signers": _("Only organisations can sign this statement.")
        if about.get("only") == "organisations"
        else _("Only people can sign this statement."),
        "longer": _("This row has more cells than there are column names."),
        "long": _("%(field)s: %(length)s characters; at most %(most)s are allowed.", **{"field": "", "length": 0, "most": 0} | about),
        "hidden": _("%(field)s: it contains invisible characters.", field=about.get("field", "")),
        "web": _("%(field)s: it contains a web address.", field=about.get("field", "")),
        "formula": _("%(field)s: it contains a formula instead of text.", field=about.get("field", "")),
        "letters": _("%(field)s: it contains no letters.", field=about.get("field", "")),
        "country": _("“%(cell)s” is not a country that we know. Please enter its name or its code, such as PL.", cell=about.get("cell", "")),
        "website": _("The website must be an address such as https://example.org."),
        "email": _("Asked for updates, but “%(cell)s” is not an e-mail address.", cell=about.get("cell", "")),
        "no email": _("Asked for updates, but there is no e-mail address."),
        "signed": _("This organisation has already signed."),
        "twice": _("This organisation is also in row %(first)s.", first=about.get("first", 0)),
        "unclear": _("Several organisations in the registry have this name."),
        "on list": _("Somebody with this name and place is already on the list."),
        "mailbox": _("Somebody has already signed with this e-mail address."),
        "same": _("Same name and place as in row %(first)s.", first=about.get("first", 0)),
        "similar": _("The registry has a similar name: %(name)s.", name=about.get("name", "")),
    }
    return str(sentences[code])
