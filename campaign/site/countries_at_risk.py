"""Countries in which signing can be dangerous, and the notice that signers of each are shown.

The list that comes with the product is a beginning: states in which people were imprisoned for what they
signed, wrote or shared. The team adds to it and takes away from it. Which signer chose such a country is
stored nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from campaign.core import edit_lock
from campaign.core.database import insert_unless_taken
from campaign.core.formats import countries
from campaign.core.language import locale_of
from campaign.core.page_cache import FRESH_SECONDS
from campaign.core.remembered import Remembered
from campaign.extensions import db
from campaign.site.risk_models import CountryAtRisk, RiskNotice

# ISO 3166-1 alpha-2.
BUILT_IN = frozenset(
    """
    AE AF AZ BY CN CU EG ER HK IR KP LA MM NI RU SA TJ TM VE VN
    """.split()  # noqa: SIM905  a list with quotes would be harder to read and to extend
)
_HELD: Remembered[str, CountriesAtRisk] = Remembered("countries at risk", seconds=FRESH_SECONDS)
_ALL = "all"


@dataclass(frozen=True, slots=True)
class CountryNotice:
    """A notice, and the countries (ISO 3166-1 alpha-2) for whose signers it is, sorted by name."""

    countries: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class CountriesAtRisk:
    """The list in force. `written` holds the team's notices by country, then by language.

    Equal as long as nobody changes it, so that stored pages can be compared by it.
    """

    codes: frozenset[str]
    written: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __contains__(self, code: object) -> bool:
        return code in self.codes

    def names(self, language: str) -> list[tuple[str, str]]:
        """(code, name) of each country, sorted by name."""
        return [(code, name) for code, name in countries(language) if code in self.codes]

    def examples(self, language: str) -> list[str]:
        """The names of countries that have a notice of their own, else of the first three."""
        shared = built_in_notice("", language)
        names = self.names(language)
        own = [name for code, name in names if self.notice(code, language) != shared]
        return own or [name for _code, name in names[:3]]

    def notice(self, code: str, language: str) -> str:
        """The notice for signers of a country: the team's, else ours."""
        return self.written.get(code, {}).get(language) or built_in_notice(code, language)

    def notices(self, language: str) -> list[CountryNotice]:
        """Every notice once, in a language. The one that many countries share comes last."""
        by_text: dict[str, list[str]] = {}
        for code, _name in self.names(language):
            by_text.setdefault(self.notice(code, language), []).append(code)
        shared = built_in_notice("", language)
        texts = sorted(by_text, key=lambda text: text == shared)
        return [CountryNotice(tuple(by_text[text]), text) for text in texts]


def built_in_notice(code: str, language: str) -> str:
    """The notice that comes with the product."""
    with force_locale(locale_of(language)):
        if code == "BY":
            return str(
                _(
                    "The authorities read public lists, and signing has been prosecuted as cooperation with"
                    " extremists, which is punished with prison."
                )
            )
        if code == "RU":
            return str(
                _(
                    "The authorities read public lists. Signing together with an organisation that was"
                    " declared “undesirable” can be prosecuted as taking part in it: with a fine, and with"
                    " prison the second time."
                )
            )
        return str(
            _("The authorities may read public lists, and people were imprisoned for what they signed.")
        )


def countries_at_risk() -> CountriesAtRisk:
    """The list in force, at most half a second old."""
    return _HELD.get(_ALL) or _HELD.put(_ALL, read_countries(db.session()))


def read_countries(session: Session) -> CountriesAtRisk:
    """The list as the database has it now."""
    decided = dict(session.execute(select(CountryAtRisk.country, CountryAtRisk.listed)).tuples().all())
    written: dict[str, dict[str, str]] = {}
    for row in session.execute(select(RiskNotice.country, RiskNotice.language, RiskNotice.text)):
        written.setdefault(row.country, {})[row.language] = row.text
    listed = {code for code, is_listed in decided.items() if is_listed}
    return CountriesAtRisk(frozenset((BUILT_IN - decided.keys()) | listed), written)


def forget_countries() -> None:
    """Read the list anew with the next page, after it was changed."""
    _HELD.forget()


def enter_country(session: Session, code: str) -> bool:
    """List a country, with the notices that were written for it before. False if it is listed already."""
    return _decide(session, code, listed=True)


def take_off_country(session: Session, code: str) -> bool:
    """Take a country off the list. False if it is not listed."""
    return _decide(session, code, listed=False)


def write_notices(session: Session, code: str, texts: Mapping[str, str], read: str) -> None:
    """Replace the team's notices for a country, by language; where it wrote none, ours is shown.

    `read` is the notice_fingerprint() of those that were there before. Raises EditedMeanwhile.
    """
    _row(session, code, listed=code in read_countries(session))
    edit_lock.refuse_edited(read, notice_fingerprint(read_countries(session), code))
    session.execute(delete(RiskNotice).where(RiskNotice.country == code))
    session.add_all(RiskNotice(country=code, language=one, text=text) for one, text in texts.items() if text)
    session.flush()


def notice_fingerprint(known: CountriesAtRisk, code: str) -> str:
    """The fingerprint of the team's notices for a country."""
    return edit_lock.fingerprint(dict(known.written.get(code, {})))


def _decide(session: Session, code: str, *, listed: bool) -> bool:
    if (code in read_countries(session)) is listed:
        return False
    _row(session, code, listed=listed)
    session.execute(update(CountryAtRisk).where(CountryAtRisk.country == code).values(listed=listed))
    return True


def _row(session: Session, code: str, *, listed: bool) -> None:
    """Make sure that there is a row, and hold it: somebody else may write to it at the same time."""
    insert_unless_taken(
        session,
        CountryAtRisk.__table__,  # type: ignore[arg-type]
        {"country": code, "listed": listed},
        ("country",),
    )
    session.get_one(CountryAtRisk, code, with_for_update=True, populate_existing=True)
