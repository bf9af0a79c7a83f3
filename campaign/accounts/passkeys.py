"""Passkeys (WebAuthn): keys that stay on a member's device and open the account on one address of the site.

A challenge is random, kept here, signed once and within some minutes. What a device says of its maker
(attestation) is neither asked for nor read.
"""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import request
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import options_to_json_dict, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from campaign.accounts import second_factor
from campaign.accounts.audit import record_for
from campaign.accounts.audit_actions import AccountAction
from campaign.accounts.models import Passkey, PasskeyChallenge, PasskeyUse, TeamMember
from campaign.config import Settings, is_loopback, origin_of
from campaign.core import clock
from campaign.core.database import changed_rows, writing
from campaign.core.ids import new_id
from campaign.core.settings import settings
from campaign.core.vault import vault
from campaign.extensions import db
from campaign.site.queries import this_site

CHALLENGE_LASTS = dt.timedelta(minutes=5)
MOST = 20
LONGEST_NAME = 60
# No answer of a device is longer.
LONGEST_ANSWER = 20_000
_MILLISECONDS = 1000


class PasskeyRefused(Exception):
    """The answer of the device opens nothing: another key, another site, too late, or sent again."""


class TooManyPasskeys(Exception):
    """The member has as many passkeys as anybody may have."""


@dataclass(frozen=True, slots=True)
class Place:
    """An address of the site, to which passkeys are bound: `rp_id` is its name, `origin` what the browser
    says of the page.
    """

    rp_id: str
    origin: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The member whose passkey has just signed. `verified`: the device asked for a PIN, a finger or a face,
    so that the passkey is both factors.
    """

    member_id: int
    verified: bool


def place_of_request() -> Place | None:
    """The address under which this page was opened; None where no passkey can work: under a bare number of a
    machine, or another name of it.
    """
    name = Settings.host_of(f"//{request.host}")
    if name == "localhost" and is_loopback(settings().site_url):
        # A site on one's own machine answers under each of its names.
        return Place(name, f"{request.scheme}://{request.host}")
    for url in (settings().site_url, settings().onion_url):
        if url and name == settings().host_of(url) and _can_have_passkeys(name):
            # Browsers leave out the port that goes with the scheme, and write other letters as IDNA.
            return Place(name, origin_of(url).replace(urlsplit(url).hostname or "", name))
    return None


def passkeys_of(member_id: int) -> list[Passkey]:
    """The passkeys of a member, oldest first."""
    return list(
        db.session.scalars(select(Passkey).where(Passkey.member_id == member_id).order_by(Passkey.added_at))
    )


def registration(session: Session, member: TeamMember, place: Place) -> tuple[uuid.UUID, dict[str, Any]]:
    """A challenge to make a new passkey with: its id, and what the browser asks the device."""
    held = [_descriptor(key) for key in passkeys_of(member.id) if key.rp_id == place.rp_id]
    challenge = _begin(session, PasskeyUse.REGISTER, place, member.id)
    asked = generate_registration_options(
        rp_id=place.rp_id,
        rp_name=this_site().name,
        user_name=member.email,
        user_display_name=member.name,
        user_id=vault().index("passkeys of member", str(member.id)),
        challenge=challenge.challenge,
        timeout=int(CHALLENGE_LASTS.total_seconds()) * _MILLISECONDS,
        # Found by the device itself, so that nobody types an address.
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=held,
    )
    return challenge.id, options_to_json_dict(asked)


def assertion(
    session: Session, use: PasskeyUse, place: Place, member_id: int | None = None
) -> tuple[uuid.UUID, dict[str, Any]]:
    """A challenge for a passkey that exists: its id, and what the browser asks the device. Who signs in is
    nobody yet, and no passkey is named to them.
    """
    allowed = [_descriptor(key) for key in passkeys_of(member_id or 0) if key.rp_id == place.rp_id]
    challenge = _begin(session, use, place, member_id)
    asked = generate_authentication_options(
        rp_id=place.rp_id,
        challenge=challenge.challenge,
        timeout=int(CHALLENGE_LASTS.total_seconds()) * _MILLISECONDS,
        allow_credentials=allowed,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return challenge.id, options_to_json_dict(asked)


def register(
    challenge_id: uuid.UUID | None, member_id: int, place: Place, answer: str, name: str
) -> uuid.UUID:
    """Keep the passkey that the device has made. Returns its id. Raises PasskeyRefused, TooManyPasskeys."""
    challenge = _taken(challenge_id, PasskeyUse.REGISTER, place, member_id)
    try:
        made = verify_registration_response(
            credential=answer[:LONGEST_ANSWER],
            expected_challenge=challenge,
            expected_rp_id=place.rp_id,
            expected_origin=place.origin,
        )
    except _NOT_READABLE as error:
        raise PasskeyRefused from error

    key = Passkey(
        id=new_id(),
        member_id=member_id,
        rp_id=place.rp_id,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        added_at=clock.now(),
    )
    key.sealed_name = _sealed(name, key.id)
    try:
        with writing() as session:
            # The member is the lock: of two at once both count what the other has added.
            session.get_one(TeamMember, member_id, with_for_update=True)
            if len(passkeys_of(member_id)) >= MOST:
                raise TooManyPasskeys
            session.add(key)
            session.flush()
            record_for(session, member_id, AccountAction.PASSKEY_ADDED, f"member {member_id}")
            return key.id
    except IntegrityError as error:
        raise PasskeyRefused from error


def shown(
    challenge_id: uuid.UUID | None, use: PasskeyUse, place: Place, answer: str, member_id: int | None = None
) -> Shown:
    """The member whose passkey has signed the challenge. Raises PasskeyRefused.

    The challenge is used up whatever comes of it.
    """
    challenge = _taken(challenge_id, use, place, member_id)
    try:
        read = parse_authentication_credential_json(answer[:LONGEST_ANSWER])
        held = _held(read.raw_id, place, member_id)
    except _NOT_READABLE as error:
        raise PasskeyRefused from error

    key_id, counted, owner = held.id, held.sign_count, held.member_id
    try:
        # The counter is compared below, where a copied device is also recorded.
        signed = verify_authentication_response(
            credential=read,
            expected_challenge=challenge,
            expected_rp_id=place.rp_id,
            expected_origin=place.origin,
            credential_public_key=held.public_key,
            credential_current_sign_count=0,
        )
    except _NOT_READABLE as error:
        raise PasskeyRefused from error

    if not _counted_on(key_id, owner, counted, signed.new_sign_count):
        raise PasskeyRefused
    return Shown(owner, signed.user_verified)


def rename(session: Session, member_id: int, passkey_id: uuid.UUID, name: str) -> None:
    """Give a passkey of a member another name; one of anybody else is left alone."""
    key = _own(session, member_id, passkey_id)
    if key is not None:
        key.sealed_name = _sealed(name, key.id)


def remove(session: Session, member_id: int, passkey_id: uuid.UUID) -> None:
    """Remove a passkey of a member; one of anybody else is left alone. Repeating it is no error."""
    key = _own(session, member_id, passkey_id)
    if key is None:
        return
    session.delete(key)
    session.flush()
    second_factor.drop_needless_codes(session, session.get_one(TeamMember, member_id, with_for_update=True))
    record_for(session, member_id, AccountAction.PASSKEY_REMOVED, f"member {member_id}")


def purge_challenges() -> int:
    """Delete the challenges that are over."""
    over = delete(PasskeyChallenge).where(PasskeyChallenge.expires_at < clock.now())
    return changed_rows(db.session.execute(over))


# Whatever a stranger sends in place of a device's answer: the library does not wrap all that it meets.
_NOT_READABLE = (
    WebAuthnException,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RecursionError,
    OverflowError,
)


def _can_have_passkeys(name: str) -> bool:
    """A name, not the number of a machine."""
    return not name.replace(".", "").isdecimal() and ":" not in name


def _descriptor(key: Passkey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(id=key.credential_id)


def _begin(session: Session, use: PasskeyUse, place: Place, member_id: int | None) -> PasskeyChallenge:
    challenge = PasskeyChallenge(
        id=new_id(),
        use=use,
        member_id=member_id,
        rp_id=place.rp_id,
        challenge=secrets.token_bytes(32),
        expires_at=clock.now() + CHALLENGE_LASTS,
    )
    session.add(challenge)
    session.flush()
    return challenge


def _taken(challenge_id: uuid.UUID | None, use: PasskeyUse, place: Place, member_id: int | None) -> bytes:
    """The challenge, which nobody can use again: its row is gone before anything is compared."""
    if challenge_id is None:
        raise PasskeyRefused
    with writing() as session:
        taken = session.execute(
            delete(PasskeyChallenge)
            .where(PasskeyChallenge.id == challenge_id)
            .returning(
                PasskeyChallenge.challenge,
                PasskeyChallenge.use,
                PasskeyChallenge.rp_id,
                PasskeyChallenge.member_id,
                PasskeyChallenge.expires_at,
            )
        ).one_or_none()
    if taken is None or taken[1:4] != (use, place.rp_id, member_id) or taken.expires_at <= clock.now():
        raise PasskeyRefused
    return bytes(taken.challenge)


def _held(credential_id: bytes, place: Place, member_id: int | None) -> Passkey:
    """The passkey of this address; with `member_id`, of this member."""
    found = db.session.scalar(
        select(Passkey).where(Passkey.credential_id == credential_id, Passkey.rp_id == place.rp_id)
    )
    if found is None or member_id not in (None, found.member_id):
        raise PasskeyRefused
    return found


def _counted_on(key_id: uuid.UUID, member_id: int, before: int, now: int) -> bool:
    """Keep what the device counts. False, and recorded, where it has not counted on: somebody may have a copy
    of it.
    """
    fits = now > before or now == before == 0
    with writing() as session:
        if fits:
            moved = session.execute(
                update(Passkey)
                .where(Passkey.id == key_id, Passkey.sign_count == before)
                .values(sign_count=now)
            )
            return changed_rows(moved) == 1
        record_for(session, None, AccountAction.PASSKEY_COUNTED_BACK, f"member {member_id}")
    return False


def _own(session: Session, member_id: int, passkey_id: uuid.UUID) -> Passkey | None:
    return session.scalar(
        select(Passkey).where(Passkey.id == passkey_id, Passkey.member_id == member_id).with_for_update()
    )


def _sealed(name: str, passkey_id: uuid.UUID) -> bytes:
    return vault().seal_text(name, "passkeys", "sealed_name", passkey_id)
