"""Commands for the keys of the house."""

from __future__ import annotations

import time

import click
from flask.cli import AppGroup

from campaign.core.cli import campaign
from campaign.core.database import writing
from campaign.core.http import settings
from campaign.extensions import db
from campaign.privacy import resealing

keys = AppGroup("keys", help="Look after the keys that seal what is personal. They are in the environment only, and never shown.")
campaign.add_command(keys)


@keys.command("rotate")
@click.option("--wait", is_flag=True, help="Do it here and now, and show how far it is, instead of leaving it to the worker.")
def rotate(wait: bool) -> None:
    """Seal everything anew under the newest of VAULT_KEYS: first add the new one at the end, and restart web and worker."""
    if len(settings().vault_keys) < 2:
        raise click.ClickException("VAULT_KEYS holds one key: add a new one at its end, separated by a comma, restart web and worker, and come back.")
    with writing() as session:
        total = resealing.begin(session).total
    click.echo(f"{total} sealed values are under older keys.")
    while wait and resealing.reseal_some():
        _show()
        # Others write in between.
        time.sleep(0)
    _show()
    if not wait:
        click.echo("The worker seals them anew. See how far it is: flask --app wsgi campaign keys status")


@keys.command("status")
def status() -> None:
    """How many values are under which key, and whether the older keys can go."""
    _show()
    now = resealing.standing(db.session())
    click.echo(f"Under the newest key: {now.newest}. Under older keys: {now.older}, of which {now.passing} belong to imports that end within a day.")
    if len(settings().vault_keys) < 2:
        return
    if now.older:
        click.echo("The older keys are still needed.")
    else:
        click.echo(
            "Nothing needs the older keys to be opened. Keep them for 7 days more, for the codes in mails on their way; papers printed before are "
            "recognised by their number only as long as the key of that time is there. Backups made before are opened with the older keys alone."
        )


def _show() -> None:
    db.session.rollback()
    rotation = resealing.latest_rotation(db.session())
    if rotation is not None:
        end = f", ended; {rotation.unreadable} can't be opened by any key" if rotation.finished_at else ""
        click.echo(f"Rotation {rotation.id}: {rotation.done} of {rotation.total}{end}.")
