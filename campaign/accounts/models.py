"""Team members: their roles, organisations, sessions and invitations, and the audit log."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.core.base import PERSONAL, Base, IntPk, LanguageCode, RandomPk, one_of
from campaign.core.vault import SealBroken, vault

member_roles = Table(
    "member_roles",
    Base.metadata,
    Column("member_id", ForeignKey("team_members.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("team_roles.id"), primary_key=True),
)


# The roles that a member may have for an organisation or on a statement.
PART_ROLES = ("editor", "moderator", "exporter", "reader")


class TeamRole(Base):
    """A named set of permissions; the sets are in `permissions.py`."""

    __tablename__ = "team_roles"

    id: Mapped[IntPk]
    name: Mapped[str] = mapped_column(String(40), unique=True)


class TeamMember(Base):
    """A member of the campaign team. Without a password the invitation is still open.

    `sealed` holds address and name (JSON); `email_index` finds a member by the address, and names nobody
    without its key.
    """

    __tablename__ = "team_members"

    id: Mapped[IntPk]
    sealed: Mapped[bytes] = mapped_column(info=PERSONAL)
    email_index: Mapped[bytes] = mapped_column(unique=True, info=PERSONAL)
    language: Mapped[LanguageCode] = mapped_column(default="en")
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    # The member works for some organisations and statements alone, even where these are none any more:
    # nothing that is deleted widens anybody's rights.
    confined: Mapped[bool] = mapped_column(default=False)
    # Random: the address of the member's calendar is made of it.
    calendar_key: Mapped[str] = mapped_column(String(64), unique=True)
    # The secret shared with an app on another device, and the last of its half minutes that was used: each
    # code works once.
    sealed_second_factor: Mapped[bytes | None] = mapped_column(info=PERSONAL)
    second_factor_step: Mapped[int | None]
    created_at: Mapped[dt.datetime]
    roles: Mapped[list[TeamRole]] = relationship(secondary=member_roles, lazy="selectin")

    @property
    def email(self) -> str:
        """The address; empty once its key is gone."""
        return self._opened().get("email", "")

    @property
    def name(self) -> str:
        """The name that the team sees; empty once its key is gone."""
        return self._opened().get("name", "")

    def _opened(self) -> dict[str, str]:
        try:
            return vault().unseal_json(self.sealed, "team_members", "sealed", self.id)
        except SealBroken:
            return {}


class Membership(Base):
    """An organisation for which a member works, in a role of their own there or in that which they have.

    Such a member (`TeamMember.confined`) touches nothing that belongs to others alone. An organisation can't
    be deleted while somebody works for it.
    """

    __tablename__ = "memberships"

    member_id: Mapped[int] = mapped_column(
        ForeignKey("team_members.id", ondelete="CASCADE"), primary_key=True
    )
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True, index=True)
    role: Mapped[str | None] = mapped_column(String(40))

    __table_args__ = (CheckConstraint(one_of("role", PART_ROLES), name="role"),)


class StatementRole(Base):
    """The role of a member on one statement."""

    __tablename__ = "statement_roles"

    member_id: Mapped[int] = mapped_column(
        ForeignKey("team_members.id", ondelete="CASCADE"), primary_key=True
    )
    statement_id: Mapped[int] = mapped_column(
        ForeignKey("statements.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[str] = mapped_column(String(40))

    __table_args__ = (CheckConstraint(one_of("role", PART_ROLES), name="role"),)


class TeamSession(Base):
    """One sign-in of one member.

    The cookie carries a random value, the row its SHA-256; ended rows open nothing.
    """

    __tablename__ = "team_sessions"

    id: Mapped[RandomPk]
    member_id: Mapped[int] = mapped_column(ForeignKey("team_members.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    begun_at: Mapped[dt.datetime]
    # When the member last proved who they are in this session; None: when it began.
    proved_at: Mapped[dt.datetime | None]
    expires_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]

    __table_args__ = (CheckConstraint("expires_at > begun_at", name="expires_after_begin"),)


class RecoveryCode(Base):
    """A recovery code of a member for the day on which the device with the second factor is gone: the SHA-256
    of random letters, usable once.
    """

    __tablename__ = "recovery_codes"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("team_members.id", ondelete="CASCADE"), index=True)


class Passkey(Base):
    """A passkey of a member: the public half of a key that stays on their device (WebAuthn).

    It works on one address of the site alone, `rp_id`: the onion address is another one.
    """

    __tablename__ = "passkeys"

    id: Mapped[RandomPk]
    member_id: Mapped[int] = mapped_column(ForeignKey("team_members.id", ondelete="CASCADE"), index=True)
    rp_id: Mapped[str] = mapped_column(String(255))
    # As the device names the key, and the key as COSE writes it.
    credential_id: Mapped[bytes] = mapped_column(unique=True, info=PERSONAL)
    public_key: Mapped[bytes] = mapped_column(info=PERSONAL)
    # What the device counted at its last signature; 0 for those that do not count.
    sign_count: Mapped[int]
    # The name that the member gave it.
    sealed_name: Mapped[bytes] = mapped_column(info=PERSONAL)
    added_at: Mapped[dt.datetime]

    __table_args__ = (CheckConstraint("sign_count >= 0", name="sign_count"),)

    @property
    def name(self) -> str:
        """The name that the member gave it; empty once its key is gone."""
        try:
            return vault().unseal_text(self.sealed_name, "passkeys", "sealed_name", self.id)
        except SealBroken:
            return ""


class PasskeyUse(StrEnum):
    """What a passkey is asked for."""

    REGISTER = "register"
    SIGN_IN = "sign in"
    PROVE = "prove"


class PasskeyChallenge(Base):
    """Random bytes that a passkey is to sign, once and soon. Who signs in is nobody yet."""

    __tablename__ = "passkey_challenges"

    id: Mapped[RandomPk]
    use: Mapped[str] = mapped_column(String(10))
    member_id: Mapped[int | None] = mapped_column(
        ForeignKey("team_members.id", ondelete="CASCADE"), index=True
    )
    rp_id: Mapped[str] = mapped_column(String(255))
    challenge: Mapped[bytes]
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)

    __table_args__ = (
        CheckConstraint(one_of("use", PasskeyUse), name="use"),
        CheckConstraint("(use = 'sign in') = (member_id IS NULL)", name="member_unless_sign_in"),
    )


class TeamInvitation(Base):
    """A one-time link with which a member sets a password."""

    __tablename__ = "team_invitations"

    id: Mapped[RandomPk]
    member_id: Mapped[int] = mapped_column(ForeignKey("team_members.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]
    # When somebody with the expired link asked for a new one.
    asked_again_at: Mapped[dt.datetime | None]


class PasswordReset(Base):
    """A request for a new password: first the address as it was typed, sealed, about which nothing was asked;
    then, for the address of a member, a one-time link.
    """

    __tablename__ = "password_resets"

    id: Mapped[RandomPk]
    language: Mapped[LanguageCode]
    sealed: Mapped[bytes | None] = mapped_column(info=PERSONAL)
    member_id: Mapped[int | None] = mapped_column(
        ForeignKey("team_members.id", ondelete="CASCADE"), index=True
    )
    expires_at: Mapped[dt.datetime] = mapped_column(index=True)
    used_at: Mapped[dt.datetime | None]

    __table_args__ = (
        CheckConstraint("(sealed IS NULL) = (member_id IS NOT NULL)", name="address_until_answered"),
        CheckConstraint("used_at IS NULL OR member_id IS NOT NULL", name="used_by_member"),
    )


class AuditEntry(Base):
    """One entry of the audit log.

    Each row carries the digest of the row before it: a removed row breaks the chain. After some weeks only
    the day is kept: `at` is then its midnight, and the salt is gone, without which `time_mark`, the digest of
    the exact time in the chain, tells nobody what it was.
    """

    __tablename__ = "audit_entries"

    id: Mapped[IntPk]
    at: Mapped[dt.datetime]
    time_salt: Mapped[bytes | None]
    time_mark: Mapped[str] = mapped_column(String(64))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("team_members.id"))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(160))
    # JSON of facts without personal data.
    details: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64), unique=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
