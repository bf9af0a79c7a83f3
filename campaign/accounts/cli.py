"""The command that adds someone to the team, first of all the owner."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from campaign.accounts import invitations, operations, passwords
from campaign.accounts.common_passwords import is_common
from campaign.accounts.errors import AddressTaken
from campaign.accounts.grants import ROLES
from campaign.core.database import writing

team = AppGroup("team", help="Look after the team.")


@team.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The name that the team sees.")
@click.option("--role", type=click.Choice(list(ROLES)), required=True)
@click.option(
    "--password-stdin",
    is_flag=True,
    help="Read the password from standard input instead of printing an invitation.",
)
def add(email: str, name: str, role: str, password_stdin: bool) -> None:
    """Add a member, and print the link to set a password: it works once and is valid for 7 days."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    if password is not None and not passwords.SHORTEST <= len(password) <= passwords.LONGEST:
        raise click.ClickException(
            f"The password needs at least {passwords.SHORTEST} characters (and at most {passwords.LONGEST})."
        )

    if password is not None and is_common(password, passwords.known_to_all(email, name)):
        raise click.ClickException("The password is too easy to guess: choose another one.")

    try:
        with writing() as session:
            member = operations.add_member(session, email, name, role, password)
            link = None if password else invitations.invite(session, member.id)
    except AddressTaken:
        raise click.ClickException("Somebody on the team already has this address.") from None
    except ValueError:
        raise click.ClickException("This is not a complete e-mail address.") from None

    click.echo(link or "Added. They can sign in at /desk/sign-in.")
