"""The site's own description: its name, looks, languages and contacts, who runs it, and its defaults.

What its owners set in the desk goes before what the environment says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, selectinload

from campaign.config import LANGUAGES, Settings
from campaign.core.language import UNCHOSEN, Offer, language
from campaign.core.remembered import Remembered
from campaign.core.settings import settings
from campaign.extensions import db
from campaign.site.models import STEPS, THE_SITE, SiteSettings

# Until when another process may not know of a change.
FRESH_SECONDS = 2.0
CONTACT_DAYS = 90


@dataclass(frozen=True, slots=True)
class SiteWords:
    """What the site says of itself in one language; `about` and `footer` are Markdown."""

    tagline: str = ""
    about: str = ""
    footer: str = ""


@dataclass(frozen=True, slots=True)
class ShownLogo:
    """The logo, as far as a page needs it; `version` stands in the addresses of its files."""

    width: int
    height: int
    description: str
    version: str


@dataclass(frozen=True, slots=True)
class Setup:
    """The setting up of the site by its first owner: the steps that were saved, and whether it is over."""

    steps: int = 0
    over: bool = False

    @property
    def next_step(self) -> int:
        """The step that is due, from 1."""
        return min(self.steps + 1, STEPS)


@dataclass(frozen=True, slots=True)
class Site:
    """The description of the site.

    Contacts are `mailto:` or web addresses, empty where none was given.
    """

    name: str
    # Name and address of the person or body responsible for the data, in lines.
    operator: tuple[str, ...]
    privacy_contact: str
    security_contact: str
    # Where relatives of prisoners find help: no help itself passes through this site.
    relatives_channels: tuple[str, ...]
    undo_days: int
    log_times_days: int
    # Names of the languages offered by code, each in itself, in their order; pages in the default one have no
    # prefix in addresses.
    languages: Mapping[str, str] = field(default_factory=lambda: UNCHOSEN.languages)
    default_language: str = UNCHOSEN.default
    contact: str = ""
    press_contact: str = ""
    # Before the sender's address in mails to the team.
    sender_name: str = ""
    social_links: tuple[str, ...] = ()
    # As #rrggbb, on light and on dark paper; empty for the house's red.
    accent: str = ""
    accent_dark: str = ""
    # What new statements begin with.
    time_zone: str = "UTC"
    contact_days: int = CONTACT_DAYS
    logo: ShownLogo | None = None
    words: Mapping[str, SiteWords] = field(default_factory=dict)
    setup: Setup = Setup()
    version: int = 0

    def words_in(self, code: str) -> SiteWords:
        """What the site says of itself in a language, each part else in the default one."""
        own, main = self.words.get(code, SiteWords()), self.words.get(self.default_language, SiteWords())
        return SiteWords(own.tagline or main.tagline, own.about or main.about, own.footer or main.footer)

    @property
    def looks(self) -> str:
        """The address of the style sheet with the site's colours, empty for those of the house."""
        return f"/looks.css?v={(self.accent + self.accent_dark).replace('#', '')}" if self.accent else ""

    @property
    def tagline(self) -> str:
        """The tagline in the reader's language."""
        return self.words_in(language()).tagline


_SITE: Remembered[str, Site] = Remembered("site", seconds=FRESH_SECONDS)


def this_site() -> Site:
    """The running site. While the database can't be reached, as it was last, or as the environment says.

    It is read on a connection of its own: a failure here must not end the transaction of a request.
    """
    known = _SITE.get("site")
    return _SITE.put("site", _asked()) if known is None else known


def forget_site() -> None:
    """Let this process see a change at once, after its commit."""
    _SITE.forget()


def site_version() -> int:
    """The version of the settings."""
    return this_site().version


def offer_of_site() -> Offer:
    """The languages that the site offers."""
    site = this_site()
    return Offer(site.languages, site.default_language)


def _asked() -> Site:
    try:
        with Session(db.engine) as session:
            chosen = session.scalar(select(SiteSettings).options(selectinload("*")))
            return site_from(settings()) if chosen is None else site_of(settings(), chosen)
    except SQLAlchemyError:
        return _SITE.stale("site") or site_from(settings())


def site_from(given: Settings) -> Site:
    """The site as the environment sets it."""
    return Site(
        name=given.site_name,
        operator=given.operator,
        privacy_contact=given.privacy_contact,
        security_contact=given.security_contact,
        relatives_channels=given.relatives_channels,
        undo_days=given.undo_days,
        log_times_days=given.log_times_days,
    )


def site_of(given: Settings, chosen: SiteSettings) -> Site:
    """The site as the environment sets it, and its owners after that."""
    base, logo = site_from(given), chosen.logo
    # A catalogue may have been taken away since.
    codes = [code for code in (chosen.languages or "").split(",") if code in LANGUAGES]
    main = chosen.default_language if chosen.default_language in codes else next(iter(codes), None)
    privacy = chosen.privacy_contact or base.privacy_contact
    return replace(
        base,
        name=chosen.name or base.name,
        operator=lines_of(chosen.operator) or base.operator,
        privacy_contact=privacy,
        security_contact=base.security_contact or privacy,
        undo_days=chosen.undo_days or base.undo_days,
        log_times_days=chosen.log_times_days or base.log_times_days,
        languages={code: LANGUAGES[code] for code in codes} if main else base.languages,
        default_language=main or base.default_language,
        contact=chosen.contact or "",
        press_contact=chosen.press_contact or "",
        sender_name=chosen.sender_name or "",
        social_links=lines_of(chosen.social_links),
        accent=chosen.accent or "",
        accent_dark=chosen.accent_dark or "",
        time_zone=chosen.time_zone or base.time_zone,
        contact_days=chosen.contact_days or base.contact_days,
        logo=ShownLogo(logo.width, logo.height, logo.description, logo.sha256[:10]) if logo else None,
        words={text.language: SiteWords(text.tagline, text.about, text.footer) for text in chosen.texts},
        setup=Setup(chosen.setup_steps, chosen.setup_over),
        version=chosen.version,
    )


def lines_of(text: str | None) -> tuple[str, ...]:
    """The lines of a text."""
    return tuple((text or "").splitlines())


def chosen_settings(session: Session) -> SiteSettings | None:
    """What the owners have set, None before they set anything."""
    return session.get(SiteSettings, THE_SITE)


def logo_file(name: str) -> bytes | None:
    """A file of the logo: `png`, `icon_png` or `icon_ico`; None without a logo."""
    chosen = chosen_settings(db.session())
    return getattr(chosen.logo, name) if chosen is not None and chosen.logo is not None else None
