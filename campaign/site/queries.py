"""The site's own description: its name, who runs it, how to reach them, and its languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from campaign.config import LANGUAGES, Settings
from campaign.core.settings import settings


@dataclass(frozen=True, slots=True)
class Site:
    """The description of the site.

    Contacts are `mailto:` or web addresses, empty where the operator gave none.
    """

    name: str
    # Name and address of the person or body responsible for the data, in lines.
    operator: tuple[str, ...]
    privacy_contact: str
    security_contact: str
    # Where relatives of prisoners find help: no help itself passes through this site.
    relatives_channels: tuple[str, ...]
    # Names of the interface's languages by code, each in itself; the first has no prefix in addresses.
    languages: Mapping[str, str]


def this_site() -> Site:
    """The running site."""
    return site_from(settings())


def site_from(given: Settings) -> Site:
    """The site as the environment sets it."""
    return Site(
        name=given.site_name,
        operator=given.operator,
        privacy_contact=given.privacy_contact,
        security_contact=given.security_contact,
        relatives_channels=given.relatives_channels,
        languages=LANGUAGES,
    )
