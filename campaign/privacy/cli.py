"""Commands for encryption keys and backups."""

from __future__ import annotations

import time
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from campaign.core.database import writing
from campaign.core.settings import settings
from campaign.extensions import db
from campaign.privacy import backups, key_rotation
from campaign.privacy.backups import BackupRefused
from campaign.privacy.key_destruction import standing_of
from campaign.privacy.leak_check import check_for_leaks as run_drill
from campaign.statements.models import Safety, Statement

keys = AppGroup(
    "keys",
    help="Look after the keys that seal what is personal. They are in the environment only, and never shown.",
)


@keys.command("rotate")
@click.option(
    "--wait", is_flag=True, help="Do it now and show the progress, instead of leaving it to the worker."
)
def rotate(wait: bool) -> None:
    """Seal everything again under the newest of VAULT_KEYS: first add the new one at the end, and restart web
    and worker.
    """
    if len(settings().vault_keys) < 2:
        raise click.ClickException(
            "VAULT_KEYS holds one key: add a new one at its end, separated by a comma, restart web and "
            "worker, and come back."
        )

    with writing() as session:
        total = key_rotation.begin(session).total

    click.echo(f"{total} sealed values are under older keys.")
    while wait and key_rotation.reseal_some():
        _show()
        # Other writers take their turn.
        time.sleep(0)

    _show()
    if not wait:
        click.echo("The worker seals them anew. See how far it is: flask campaign keys status")


@keys.command("status")
def status() -> None:
    """Show how many values are under which key, and whether the older keys can be removed."""
    _show()
    now = key_rotation.rotation_progress(db.session())
    click.echo(
        f"Under the newest key: {now.newest}. Under older keys: {now.older}, of which {now.passing} "
        "belong to imports that end within a day."
    )
    if len(settings().vault_keys) < 2:
        return

    if now.older:
        click.echo("The older keys are still needed.")
    else:
        click.echo(
            "Nothing needs the older keys to be opened. Keep them for 7 days more, for the codes in mails "
            "on their way; papers printed before are "
            "recognised by their number only as long as the key of that time is there. Backups made "
            "before are opened with the older keys alone."
        )


@keys.command("statements")
def statements() -> None:
    """Show when the keys of high-safety statements are destroyed, and from which day on no backup holds
    them.
    """
    for statement in db.session.scalars(
        select(Statement).where(Statement.safety == Safety.HIGH).order_by(Statement.id)
    ).all():
        key = standing_of(db.session(), statement)
        if key.destroyed_at:
            click.echo(
                f"{statement.slug}: destroyed on {key.destroyed_at:%Y-%m-%d}, permanently gone on "
                f"{key.gone_on}."
            )
        else:
            click.echo(
                f"{statement.slug}: "
                + (
                    f"will be destroyed on {key.due_at:%Y-%m-%d}."
                    if key.due_at
                    else "kept while the statement is open."
                )
            )


@click.command("backup")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The file to write; it must not exist.",
)
@click.option(
    "--to", "to", multiple=True, required=True, help="An age public key, age1…; may be given several times."
)
@click.option(
    "--keep-days",
    type=click.IntRange(1, 3650),
    default=30,
    show_default=True,
    help="After how many days you will delete the file.",
)
@with_appcontext
def backup(out: Path, to: tuple[str, ...], keep_days: int) -> None:
    """Write an encrypted backup of the database.

    It holds no keys: keep VAULT_KEYS and SECRET_KEYS elsewhere.
    """
    try:
        chosen = backups.recipients(to)
        # First, so that no key counts as gone while a copy of it exists.
        with writing() as session:
            expires_on = backups.note(session, keep_days).expires_on
        backups.make(out, chosen)
    except FileExistsError:
        raise click.ClickException(f"{out} already exists.") from None
    except BackupRefused as refusal:
        raise click.ClickException(str(refusal)) from None

    click.echo(
        f"Written to {out}. Delete it on {expires_on}: what is erased from now on can be brought back "
        "from it until then."
    )


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--identity",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    required=True,
    help="The key file made by age-keygen.",
)
@click.option("--yes", is_flag=True, help="Replace the contents of the database.")
@with_appcontext
def restore(file: Path, identity: Path, yes: bool) -> None:
    """Restore a backup. Stop web and worker first. Signatures withdrawn since stay withdrawn."""
    try:
        done = backups.restore(file, backups.identities(identity.read_text()), replace=yes)
    except BackupRefused as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(
        f"Restored, as of {done.made_at:%Y-%m-%d %H:%M} UTC. Withdrawn again: {done.withdrawn}. Keys of "
        f"statements destroyed again: {done.keys}."
    )


@click.command("drill")
@with_appcontext
def drill() -> None:
    """Check that a backup reveals nothing without the keys: make one, open it, and search it for every sealed
    address and name.
    """
    found = run_drill()
    click.echo(
        f"Looked for {found.addresses} addresses, {found.names} names and {found.keys} keys in a backup "
        "of this database."
    )
    click.echo(
        f"Readable in the encrypted file: {found.in_encrypted}. Readable once it is opened: "
        f"{found.in_opened}."
    )
    if not found.passed:
        raise click.ClickException("The backup reveals what it must not reveal.")


def _show() -> None:
    db.session.rollback()
    rotation = key_rotation.latest_rotation(db.session())
    if rotation is not None:
        end = f", ended; {rotation.unreadable} can't be opened by any key" if rotation.finished_at else ""
        click.echo(f"Rotation {rotation.id}: {rotation.done} of {rotation.total}{end}.")
