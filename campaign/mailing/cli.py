"""The commands that run the local mailbox and read bounces."""

from __future__ import annotations

import signal
import sys
import threading

import click
from flask.cli import with_appcontext

from campaign.core.database import writing
from campaign.core.mail_addresses import AddressRefused, plain_address
from campaign.core.settings import settings
from campaign.mailing import bounces, mailbox, suppression

_MOST_BYTES = 100_000_000
_SAID = {
    bounces.Verdict.BOUNCED: "bounced for good: noted",
    bounces.Verdict.DELAYED: "delayed or delivered: nothing to do",
    bounces.Verdict.STRANGE: "about a mail that is not ours, or was noted before: ignored",
    bounces.Verdict.NO_REPORT: "no report of a mail server: ignored",
}


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


@click.command("bounces")
@click.option("--release", is_flag=True, help="Send to an address again, which is asked for.")
@with_appcontext
def read_bounces(release: bool) -> None:
    """Read bounces from standard input: one e-mail, or an mbox."""
    if release:
        _release(click.prompt("Address", hide_input=True))
        return
    content = sys.stdin.buffer.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise click.ClickException("That is more than 100 MB: please split the mbox.")
    found = bounces.read_bounces(bounces.split_mbox(content))
    if not found:
        raise click.ClickException("There is no e-mail on standard input.")
    for verdict, said in _SAID.items():
        if found[verdict]:
            click.echo(f"{found[verdict]} {said}.")


def _release(typed: str) -> None:
    try:
        address = plain_address(typed.strip())
    except AddressRefused:
        raise click.ClickException("That is no e-mail address.") from None
    with writing() as session:
        known = suppression.release(session, address)
    click.echo("E-mails are sent to it again." if known else "Nothing was held back from it.")
