"""The site's own settings, as its owners chose them: one row, with its texts by language and its logo.

What is empty here is as the environment says (config.py).
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.core.base import Base, LanguageCode, ShortText, WebAddress

THE_SITE = 1
# The steps in which the first owner sets the site up (desk/): names, look, contacts, safety, preview.
STEPS = 5


class SiteSettings(Base):
    """The settings of the site. `version` grows with every change."""

    __tablename__ = "site_settings"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=THE_SITE)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[dt.datetime]
    # How many steps of the setting up have been saved, and whether it is over: finished, or skipped.
    setup_steps: Mapped[int] = mapped_column(default=0)
    setup_over: Mapped[bool] = mapped_column(default=False)

    name: Mapped[ShortText | None]
    # Codes of the languages offered, in their order, with commas between them.
    languages: Mapped[str | None] = mapped_column(String(400))
    default_language: Mapped[LanguageCode | None]
    # The body behind the site, its name and address in lines; it answers for the data.
    operator: Mapped[str | None] = mapped_column(Text)
    # Contacts: `mailto:` or web addresses.
    contact: Mapped[WebAddress | None]
    press_contact: Mapped[WebAddress | None]
    privacy_contact: Mapped[WebAddress | None]
    sender_name: Mapped[str | None] = mapped_column(String(120))
    # Web addresses in lines.
    social_links: Mapped[str | None] = mapped_column(Text)
    # As #rrggbb, on light and on dark paper.
    accent: Mapped[str | None] = mapped_column(String(7))
    accent_dark: Mapped[str | None] = mapped_column(String(7))
    # An IANA name.
    time_zone: Mapped[str | None] = mapped_column(String(64))
    contact_days: Mapped[int | None]
    undo_days: Mapped[int | None]
    log_times_days: Mapped[int | None]

    texts: Mapped[list[SiteText]] = relationship(cascade="all, delete-orphan")
    logo: Mapped[SiteLogo | None] = relationship(cascade="all, delete-orphan")

    __table_args__ = (
        CheckConstraint(f"id = {THE_SITE}", name="one_row"),
        CheckConstraint(f"setup_steps BETWEEN 0 AND {STEPS}", name="setup_steps"),
        CheckConstraint("(languages IS NULL) = (default_language IS NULL)", name="languages"),
        CheckConstraint(
            "replace(',' || languages || ',', ',' || default_language || ',', '') <> ',' || languages || ','",
            name="default_offered",
        ),
        CheckConstraint("(accent IS NULL) = (accent_dark IS NULL)", name="accents"),
        CheckConstraint("contact_days BETWEEN 1 AND 730", name="contact_days"),
        CheckConstraint("undo_days BETWEEN 1 AND 365", name="undo_days"),
        CheckConstraint("log_times_days BETWEEN 1 AND 365", name="log_times_days"),
    )


class SiteText(Base):
    """What the site says of itself in one language; empty where it says nothing."""

    __tablename__ = "site_texts"

    site_id: Mapped[int] = mapped_column(ForeignKey("site_settings.id"), primary_key=True, default=THE_SITE)
    language: Mapped[str] = mapped_column(String(12), primary_key=True)
    tagline: Mapped[str] = mapped_column(String(200), default="")
    # Markdown.
    about: Mapped[str] = mapped_column(Text, default="")
    footer: Mapped[str] = mapped_column(Text, default="")


class SiteLogo(Base):
    """The logo as drawn anew from the upload, and the icons made of it: pixels alone, none of the file's
    other contents.
    """

    __tablename__ = "site_logos"

    site_id: Mapped[int] = mapped_column(ForeignKey("site_settings.id"), primary_key=True, default=THE_SITE)
    png: Mapped[bytes] = mapped_column(deferred=True)
    width: Mapped[int]
    height: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    description: Mapped[ShortText] = mapped_column(default="")
    # For the tab of a browser (16, 32 and 48 pixels), and for a telephone's screen (180).
    icon_ico: Mapped[bytes] = mapped_column(deferred=True)
    icon_png: Mapped[bytes] = mapped_column(deferred=True)
