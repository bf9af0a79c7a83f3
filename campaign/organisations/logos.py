"""Logos: an upload is drawn anew, so that nothing but pixels of a bounded size is kept and shown."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from campaign.core import clock, pictures
from campaign.core.registration import Registry
from campaign.organisations.models import Organisation, OrganisationLogo
from campaign.organisations.signals import organisation_changed

# Twice as many pixels as the largest place in which a logo is shown, for sharp screens.
LONGEST_SIDE = 320
_PICTURE = ("png", "width", "height", "sha256", "description")
# The moments at which lists ended that an organisation, by its id, is on.
closed_lists: Registry[Callable[[Session, int], Iterable[dt.datetime]]] = Registry(
    "closed lists of an organisation"
)


@dataclass(frozen=True, slots=True)
class DrawnLogo:
    """A logo ready to be stored. `png` has no other chunks than those of the picture itself."""

    png: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        """The digest of the file, in hexadecimal."""
        return hashlib.sha256(self.png).hexdigest()


def draw(uploaded: bytes) -> DrawnLogo:
    """PNG, JPEG or WebP as a PNG of at most 320 × 320 pixels. Raises PictureRefused."""
    clean, file = pictures.draw(uploaded, LONGEST_SIDE), io.BytesIO()
    clean.save(file, "PNG", optimize=True)
    return DrawnLogo(file.getvalue(), *clean.size)


def change_logo(session: Session, organisation: Organisation, drawn: DrawnLogo, description: str) -> None:
    """Show this logo from now on. Lists that have closed keep the one of their time."""
    present = organisation.logo
    if present is not None and present.sha256 == drawn.sha256:
        describe_logo(session, organisation, description)
        return
    now = clock.now()
    _end_present(session, organisation, now)
    organisation.logos.append(
        OrganisationLogo(
            png=drawn.png,
            width=drawn.width,
            height=drawn.height,
            sha256=drawn.sha256,
            description=description,
            shown_from=now,
        )
    )
    session.flush()
    organisation_changed.send(session, organisation_id=organisation.id)


def describe_logo(session: Session, organisation: Organisation, description: str) -> None:
    """Change the description of the logo. Without a logo nothing happens."""
    if organisation.logo is not None:
        organisation.logo.description = description
        session.flush()
        organisation_changed.send(session, organisation_id=organisation.id)


def remove_logo(session: Session, organisation: Organisation, *, everywhere: bool = False) -> None:
    """Show initials again, on closed lists only with `everywhere`. Repeating it is no error."""
    if everywhere:
        organisation.logos.clear()
    else:
        _end_present(session, organisation, clock.now())
    session.flush()
    organisation_changed.send(session, organisation_id=organisation.id)


def hand_over_logos(session: Session, goes: Organisation, stays: Organisation) -> None:
    """Let `stays`, into which `goes` is merged, have the logos that closed lists show beside the names with
    which `goes` signed, and the one of today where it has none. To be called while the signatures are still
    those of `goes`.
    """
    present, now = goes.logo, clock.now()
    if present is not None and stays.logo is None:
        kept = {field: getattr(present, field) for field in _PICTURE}
        stays.logos.append(OrganisationLogo(**kept, shown_from=now))
    _end_present(session, goes, now)
    of_it = update(OrganisationLogo).where(OrganisationLogo.organisation_id == goes.id)
    session.execute(
        of_it.values(organisation_id=stays.id, from_merged=True),
        execution_options={"synchronize_session": False},
    )


def _end_present(session: Session, organisation: Organisation, now: dt.datetime) -> None:
    """Make the logo of today a former one where a closed list shows it; else delete it."""
    present = organisation.logo
    if present is None:
        return
    closed = (moment for answer in closed_lists.answers() for moment in answer(session, organisation.id))
    if any(present.shown_from is None or present.shown_from <= moment for moment in closed):
        present.shown_until = now
    else:
        organisation.logos.remove(present)
    session.flush()
