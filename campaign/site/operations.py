"""Changes of the site's settings by its owners.

The desk records them: this room knows no team.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from campaign.core import clock
from campaign.site.logos import DrawnSiteLogo
from campaign.site.models import STEPS, SiteLogo, SiteSettings, SiteText
from campaign.site.queries import SiteWords, chosen_settings


class NotOffered(ValueError):
    """The default language is not among those that are offered, or none is offered."""


@dataclass(frozen=True, slots=True)
class NamesAndLanguages:
    """The first section: empty values are as the environment says."""

    name: str
    languages: tuple[str, ...]
    default_language: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Colours:
    """The accent on light and on dark paper; both empty for the house's red."""

    accent: str
    accent_dark: str


@dataclass(frozen=True, slots=True)
class Contacts:
    """Who is behind the site, and how to reach them. Contacts are `mailto:` or web addresses."""

    operator: tuple[str, ...]
    contact: str
    press_contact: str
    privacy_contact: str
    sender_name: str
    social_links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RetentionDefaults:
    """For how many days things are kept where nobody says otherwise."""

    contact_days: int | None
    undo_days: int | None
    log_times_days: int | None


Section = NamesAndLanguages | Colours | Contacts | RetentionDefaults


def change_section(session: Session, section: Section) -> list[str]:
    """Save one section. Returns the names of the fields that changed. Raises NotOffered."""
    if isinstance(section, NamesAndLanguages) and section.default_language not in section.languages:
        raise NotOffered
    chosen, changed = _begun(session), []
    for name, value in asdict(section).items():
        stored = _stored(name, value)
        if getattr(chosen, name) != stored:
            setattr(chosen, name, stored)
            changed.append(name)
    _touch(session, chosen, changed)
    return changed


def change_words(session: Session, words: Mapping[str, SiteWords]) -> list[str]:
    """Save what the site says of itself in these languages. Returns what changed, such as `about (be)`."""
    chosen, changed = _begun(session), []
    before = {text.language: text for text in chosen.texts}
    for code, said in words.items():
        text = before.get(code)
        if text is None:
            if said == SiteWords():
                continue
            text = SiteText(language=code, tagline="", about="", footer="")
            chosen.texts.append(text)
        for name, value in asdict(said).items():
            if getattr(text, name) != value:
                setattr(text, name, value)
                changed.append(f"{name} ({code})")
        if said == SiteWords():
            chosen.texts.remove(text)
    _touch(session, chosen, changed)
    return changed


def change_logo(session: Session, drawn: DrawnSiteLogo | None, description: str) -> list[str]:
    """Show this logo in place of the one before; without one only its description is changed."""
    chosen, changed = _begun(session), []
    if drawn is not None:
        logo = chosen.logo or SiteLogo(description="")
        logo.png, logo.width, logo.height, logo.sha256 = drawn.png, drawn.width, drawn.height, drawn.sha256
        logo.icon_ico, logo.icon_png = drawn.icon_ico, drawn.icon_png
        chosen.logo = logo
        changed.append("logo")
    if chosen.logo is not None and chosen.logo.description != description:
        chosen.logo.description = description
        changed.append("logo description")
    _touch(session, chosen, changed)
    return changed


def remove_logo(session: Session) -> list[str]:
    """Show the name alone again, and the house's icon. Repeating it is no error."""
    chosen = _begun(session)
    changed = ["logo"] if chosen.logo is not None else []
    chosen.logo = None
    _touch(session, chosen, changed)
    return changed


def note_step(session: Session, step: int) -> None:
    """Note that a step of the setting up has been saved, or passed over."""
    chosen = _begun(session)
    chosen.setup_steps = min(max(chosen.setup_steps, step), STEPS)
    session.flush()


def end_setup(session: Session) -> bool:
    """End the setting up, finished or skipped. False where it was over."""
    chosen = _begun(session)
    was_over, chosen.setup_over = chosen.setup_over, True
    session.flush()
    return not was_over


def _begun(session: Session) -> SiteSettings:
    chosen = chosen_settings(session)
    if chosen is None:
        chosen = SiteSettings(version=1, changed_at=clock.now(), setup_steps=0, setup_over=False)
        session.add(chosen)
        session.flush()
    return chosen


def _stored(name: str, value: object) -> object:
    """A value as its column has it: lines and codes joined, nothing in place of an empty one."""
    if isinstance(value, (tuple, list)):
        joined: Sequence[str] = value
        return ("," if name == "languages" else "\n").join(joined) or None
    return value or None


def _touch(session: Session, chosen: SiteSettings, changed: list[str]) -> None:
    if changed:
        chosen.version += 1
        chosen.changed_at = clock.now()
    session.flush()
