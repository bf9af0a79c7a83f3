"""Inviting: contacts are chosen and addresses pasted, checked line by line, and written to with the second
click.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import confined_to, requires
from campaign.circulation import invitations, mails
from campaign.circulation.address_parser import (
    ANEW,
    MOST_LINES,
    LineAnswers,
    parse_addresses,
    too_many,
)
from campaign.circulation.contacts import Contact, on_record
from campaign.circulation.desk import bp
from campaign.circulation.forms import InvitationsForm
from campaign.circulation.invitations import Guest
from campaign.circulation.models import Circulation
from campaign.circulation.pasted_lines import AddressLine
from campaign.circulation.queries import organisations_asked
from campaign.circulation.rights import circulating_in_path
from campaign.core import clock
from campaign.core.database import writing
from campaign.core.language import language, link_as
from campaign.extensions import db
from campaign.organisations.models import Organisation
from campaign.organisations.networks import members_on
from campaign.organisations.queries import all_organisations, display_name, names_by_id
from campaign.statements.models import Statement
from campaign.statements.queries import title_of


@dataclass(frozen=True, slots=True)
class OnRecord:
    """An organisation of the registry that can be chosen, with its contact."""

    organisation: Organisation
    name: str
    email: str
    person: str
    language: str


@dataclass(frozen=True, slots=True)
class MembersAsked:
    """The members of a network: ids of those `offered`, nobody of whom is chosen beforehand; names of those
    without a contact on record, and of those that were invited before.
    """

    offered: list[int]
    without: list[str]
    invited: list[str]


@bp.route("/<slug>/circulation/invite", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENTS, of=circulating_in_path)
def invite(statement: Statement) -> ResponseReturnValue:
    """Choose and paste; then check every line as it was read, and answer what is asked; then `confirm` = y
    sends, once the answers were shown as read too.
    """
    known = _known()
    asked = _members(statement, known) if request.args.get("members") and not request.form else None
    form = InvitationsForm(data={"language": language(), "organisations": []})
    if not form.is_submitted() or "change" in request.form:
        return _page(statement, form, known, asked)
    if too_many(form.pasted.data or ""):
        form.pasted.errors = [_("Please paste at most %(most)s lines at once.", most=MOST_LINES)]
        return _page(statement, form, known), 422
    if not form.validate():
        return _page(statement, form, known), 422

    answers = LineAnswers.of(request.form)
    lines = _understood(statement.id, form, known, answers)
    wanted = [line for line in lines if not line.problem]
    shown = _digest(wanted)
    unseen = bool(answers) and request.form.get("shown") != shown
    if request.form.get("confirm") != "y" or not wanted or unseen:
        example = _example(statement, wanted)
        return render_template(
            "circulation/desk_understood.html",
            statement=statement,
            title=title_of(statement.id, language()),
            form=form,
            lines=lines,
            wanted=wanted,
            shown=shown,
            unseen=unseen and request.form.get("confirm") == "y",
            anew=ANEW,
            mail=example,
        )

    return _send(statement, wanted)


def _send(statement: Statement, wanted: list[AddressLine]) -> ResponseReturnValue:
    guests = [_guest(line) for line in wanted]
    with writing() as session:
        circulation = session.get_one(Circulation, statement.id, with_for_update=True, populate_existing=True)
        invited = invitations.invite_by_team(session, circulation, guests)
    flash(
        ngettext("%(num)s invitation is on its way.", "%(num)s invitations are on their way.", len(invited)),
        "done",
    )
    return redirect(url_for(".index", slug=statement.slug), 303)


def _page(statement: Statement, form: Any, known: list[OnRecord], asked: MembersAsked | None = None) -> str:
    link_as(url_for(".invite", slug=statement.slug))
    network = names_by_id([statement.network_id]) if statement.network_id else {}
    return render_template(
        "circulation/desk_invite.html",
        statement=statement,
        title=title_of(statement.id, language()),
        form=form,
        known=known,
        network=next(iter(network.values()), None),
        asked=asked,
    )


def _members(statement: Statement, known: list[OnRecord]) -> MembersAsked:
    """The present members of the statement's network, each to be asked once."""
    if statement.network_id is None:
        return MembersAsked([], [], [])
    session = db.session()
    members = members_on(session, statement.network_id, clock.today())
    invited = organisations_asked(session, statement.id) & members
    reachable = {one.organisation.id for one in known}
    names = names_by_id(members)
    return MembersAsked(
        sorted((members - invited) & reachable),
        sorted(names[each] for each in members - invited - reachable),
        sorted(names[each] for each in invited),
    )


def _known() -> list[OnRecord]:
    # Members who work for some organisations must not see mail addresses of the whole registry.
    contacts = on_record(db.session()) if confined_to() is None else {}
    organisations = [organisation for organisation in all_organisations() if organisation.id in contacts]

    found = []
    for organisation in organisations:
        contact, said = contacts[organisation.id]
        found.append(
            OnRecord(
                organisation,
                display_name(organisation, language()),
                contact["email"],
                contact["person"],
                said,
            )
        )

    return found


def _understood(
    statement_id: int, form: Any, known: list[OnRecord], answers: LineAnswers
) -> list[AddressLine]:
    """The parsed lines, below the contacts chosen from the registry."""
    above = [
        AddressLine(
            0,
            one.email,
            one.email,
            one.person,
            display_name(one.organisation, one.language),
            one.organisation.id,
            one.organisation.country,
            one.language,
        )
        for one in known
        if one.organisation.id in (form.organisations.data or [])
    ]
    return parse_addresses(
        db.session(), statement_id, form.pasted.data or "", form.language.data, answers=answers, above=above
    )


def _digest(wanted: list[AddressLine]) -> str:
    """A digest of who would be written to, by which the page of a preview is known again."""
    said = "\n".join(f"{line.email} {line.organisation_id} {line.language}" for line in wanted)
    return sha256(said.encode()).hexdigest()


def _guest(line: AddressLine) -> Guest:
    contact = Contact(line.email, line.person, line.organisation, known_as=line.organisation)
    return Guest(contact, line.language, line.organisation_id, line.country)


def _example(statement: Statement, wanted: list[AddressLine]) -> Any:
    if not wanted:
        return None
    circulation = db.session.get_one(Circulation, statement.id)
    return invitations.example_for(circulation, statement, _guest(wanted[0]), mails.invitation)
