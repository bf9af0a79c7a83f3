"""Nothing in the outbox joins a mail to what it is about: template, language, expiry and Message-ID are sealed with the content. Members of the
team are sealed, and the log can forget times of day.

A mail that waits gets another row, whose id is not its Message-ID; the id that its sender kept is the handle by which it finds the mail again. Ended
rows get other ids too, and lose their seconds. The log is chained anew, as far as it holds.

Revision ID: 0014
Revises: 0013
"""

import datetime as dt
import json
import os
import uuid

import sqlalchemy as sa
from alembic import op

from campaign.core.vault import SealBroken, digest, vault

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_PADDED_TO = 2_048
_WAITING = ("queued", "sending")
outbox = sa.table(
    "outbox",
    sa.column("id", sa.Uuid()),
    sa.column("template", sa.String()),
    sa.column("language", sa.String()),
    sa.column("sealed", sa.LargeBinary()),
    sa.column("state", sa.String()),
    sa.column("due_at", sa.DateTime(timezone=True)),
    sa.column("expires_at", sa.DateTime(timezone=True)),
    sa.column("ended_at", sa.DateTime(timezone=True)),
    sa.column("handle_index", sa.LargeBinary()),
)
submissions = sa.table("submissions", sa.column("id", sa.Uuid()), sa.column("expires_at", sa.DateTime(timezone=True)))
questions = sa.table("review_questions", sa.column("id", sa.Integer()), sa.column("asked_at", sa.DateTime(timezone=True)))

members = sa.table(
    "team_members",
    sa.column("id", sa.Integer()),
    sa.column("email", sa.String()),
    sa.column("name", sa.String()),
    sa.column("sealed", sa.LargeBinary()),
    sa.column("email_index", sa.LargeBinary()),
)
entries = sa.table(
    "audit_entries",
    sa.column("id", sa.Integer()),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("time_salt", sa.LargeBinary()),
    sa.column("time_mark", sa.String()),
    sa.column("member_id", sa.Integer()),
    sa.column("action", sa.String()),
    sa.column("subject", sa.String()),
    sa.column("details", sa.Text()),
    sa.column("previous", sa.String()),
    sa.column("digest", sa.String()),
)


def upgrade() -> None:
    with op.batch_alter_table("outbox") as table:
        table.add_column(sa.Column("handle_index", sa.LargeBinary(), nullable=True))
    _seal_mails()
    with op.batch_alter_table("outbox") as table:
        table.drop_column("template")
        table.drop_column("language")
        table.drop_column("expires_at")
        table.create_check_constraint(op.f("ck_outbox_sent_is_bare"), "state <> 'sent' OR handle_index IS NULL")
    op.create_index(op.f("ix_outbox_handle_index"), "outbox", ["handle_index"])
    _forget_moments()

    with op.batch_alter_table("team_members") as table:
        table.add_column(sa.Column("sealed", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("email_index", sa.LargeBinary(), nullable=True))
    _seal_members()
    with op.batch_alter_table("team_members") as table:
        table.drop_constraint(op.f("uq_team_members_email"), type_="unique")
        table.drop_column("email")
        table.drop_column("name")
        table.alter_column("sealed", existing_type=sa.LargeBinary(), nullable=False)
        table.alter_column("email_index", existing_type=sa.LargeBinary(), nullable=False)
        table.create_unique_constraint(op.f("uq_team_members_email_index"), ["email_index"])

    with op.batch_alter_table("audit_entries") as table:
        table.add_column(sa.Column("time_salt", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("time_mark", sa.String(64), nullable=True))
    _chain(upgrading=True)
    with op.batch_alter_table("audit_entries") as table:
        table.alter_column("time_mark", existing_type=sa.String(64), nullable=False)


def downgrade() -> None:
    _chain(upgrading=False)
    with op.batch_alter_table("audit_entries") as table:
        table.drop_column("time_mark")
        table.drop_column("time_salt")

    with op.batch_alter_table("team_members") as table:
        table.drop_constraint(op.f("uq_team_members_email_index"), type_="unique")
        table.add_column(sa.Column("email", sa.String(254), nullable=True))
        table.add_column(sa.Column("name", sa.String(200), nullable=True))
    _open_members()
    with op.batch_alter_table("team_members") as table:
        table.drop_column("sealed")
        table.drop_column("email_index")
        table.alter_column("email", existing_type=sa.String(254), nullable=False)
        table.alter_column("name", existing_type=sa.String(200), nullable=False)
        table.create_unique_constraint(op.f("uq_team_members_email"), ["email"])

    op.drop_index(op.f("ix_outbox_handle_index"), "outbox")
    with op.batch_alter_table("outbox") as table:
        table.drop_constraint(op.f("ck_outbox_sent_is_bare"), type_="check")
        table.add_column(sa.Column("template", sa.String(60), nullable=True))
        table.add_column(sa.Column("language", sa.String(12), nullable=True))
        table.add_column(sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    _open_mails()
    with op.batch_alter_table("outbox") as table:
        table.alter_column("template", existing_type=sa.String(60), nullable=False)
        table.alter_column("language", existing_type=sa.String(12), nullable=False)
        table.alter_column("expires_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        table.drop_column("handle_index")


def _seal_mails() -> None:
    bind, columns = op.get_bind(), outbox.c
    for row in bind.execute(sa.select(outbox)).all():
        another = uuid.uuid4()
        values: dict[str, object] = {"id": another}
        if row.ended_at is not None:
            values["ended_at"] = row.ended_at.replace(second=0, microsecond=0)
        if row.state in _WAITING:
            content = _opened(row)
            if content is not None:
                until = row.expires_at if row.expires_at.tzinfo else row.expires_at.replace(tzinfo=dt.UTC)
                said = {
                    "template": row.template,
                    "language": row.language,
                    # It may be with the server already, and must not come twice.
                    "message_id": row.id.hex,
                    "handle": row.id.hex,
                    "until": until.isoformat(),
                }
                values["sealed"] = _sealed(said | content, another)
        if row.state != "sent":
            values["handle_index"] = vault().index("handle of a mail", row.id.hex)
        bind.execute(sa.update(outbox).where(columns.id == row.id).values(values))


def _open_mails() -> None:
    """Give the waiting mails their columns back; ended ones have nothing that could go there."""
    bind, columns = op.get_bind(), outbox.c
    blank = {"template": "", "language": "en", "expires_at": columns.due_at}
    bind.execute(sa.update(outbox).values(blank))
    for row in bind.execute(sa.select(columns.id, columns.sealed, columns.state).where(columns.state.in_(_WAITING))).all():
        content = _opened(row)
        if content is None:
            continue
        before = {name: content.pop(name) for name in ("template", "language", "until", "message_id", "handle")}
        handle = uuid.UUID(before["handle"])
        values = {
            "id": handle,
            "template": before["template"],
            "language": before["language"],
            "expires_at": dt.datetime.fromisoformat(before["until"]).astimezone(dt.UTC),
            "sealed": vault().seal_json(content, "outbox", "sealed", handle),
        }
        bind.execute(sa.update(outbox).where(columns.id == row.id).values(values))


def _opened(row: sa.Row) -> dict | None:
    try:
        return vault().unseal_json(row.sealed, "outbox", "sealed", row.id)
    except SealBroken:
        # The worker ends it as unreadable.
        return None


def _sealed(content: dict, row_id: uuid.UUID) -> bytes:
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return vault().seal(plain + b" " * (-len(plain) % _PADDED_TO), "outbox", "sealed", row_id)


def _forget_moments() -> None:
    """Round the expiry of submissions to the hour, and questions to the day: they would tell when the mail was sent."""
    bind, columns = op.get_bind(), submissions.c
    for row in bind.execute(sa.select(submissions).execution_options(yield_per=1_000)).all():
        hour = row.expires_at.replace(minute=0, second=0, microsecond=0)
        if hour != row.expires_at:
            bind.execute(sa.update(submissions).where(columns.id == row.id).values(expires_at=hour))
    for asked in bind.execute(sa.select(questions)).all():
        day = asked.asked_at.astimezone(dt.UTC) if asked.asked_at.tzinfo else asked.asked_at
        midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
        bind.execute(sa.update(questions).where(questions.c.id == asked.id).values(asked_at=midnight))


def _seal_members() -> None:
    bind, columns = op.get_bind(), members.c
    for row in bind.execute(sa.select(columns.id, columns.email, columns.name)).all():
        values = {
            "sealed": vault().seal_json({"email": row.email, "name": row.name}, "team_members", "sealed", row.id),
            "email_index": vault().index("address of a member", row.email),
        }
        bind.execute(sa.update(members).where(columns.id == row.id).values(values))


def _open_members() -> None:
    bind, columns = op.get_bind(), members.c
    for row in bind.execute(sa.select(columns.id, columns.sealed)).all():
        said = vault().unseal_json(row.sealed, "team_members", "sealed", row.id)
        bind.execute(sa.update(members).where(columns.id == row.id).values(said))


def _chain(*, upgrading: bool) -> None:
    """Chain the log in the other way, as far as it holds. From where it is broken on, it stays as it is: nothing is mended by this."""
    bind, columns = op.get_bind(), entries.c
    before = after = "0" * 64
    holds = True
    for row in bind.execute(sa.select(entries).order_by(columns.id)).all():
        at = (row.at if row.at.tzinfo else row.at.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
        rest = ("" if row.member_id is None else str(row.member_id), row.action, row.subject, row.details)
        salt = os.urandom(16)
        mark = digest(salt.hex(), at.isoformat()) if upgrading else row.time_mark
        exact, by_day = (at.isoformat(),), (at.date().isoformat(), mark)
        old, new = (exact, by_day) if upgrading else (by_day, exact)
        holds = holds and row.previous == before and row.digest == digest(before, *old, *rest)
        values = {"time_salt": salt, "time_mark": mark} if upgrading else {}
        if holds:
            before = row.digest
            values |= {"previous": after, "digest": (after := digest(after, *new, *rest))}
        if values:
            bind.execute(sa.update(entries).where(columns.id == row.id).values(values))
