"""The command that runs the local mailbox."""

from __future__ import annotations

import signal
import threading

import click
from flask.cli import with_appcontext

from campaign.core.settings import settings
from campaign.mailing import mailbox


@click.command("mailbox")
@with_appcontext
def run_mailbox() -> None:
    """Receive e-mail on MAIL_PORT of this machine and keep it as files for /mailbox."""
    if not settings().local_mailbox:
        raise click.ClickException(
            "LOCAL_MAILBOX is not set: the mailbox is for trying things out on one's own machine."
        )

    server = mailbox.controller(settings().instance_path, settings().mail_port)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())

    server.start()
    click.echo(f"The mailbox listens on port {settings().mail_port}.")
    stop.wait()
    server.stop()
