"""The drive for signatures, for the team: start it, invite, see who answers, remind, record answers,
publish.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import requires
from campaign.circulation import answers, circulated_texts, invitations, jobs, mails, publication, suggestions
from campaign.circulation.contacts import Contact, contact_of, inviter_of
from campaign.circulation.errors import (
    AnsweredAlready,
    DecidedAlready,
    InvitationOver,
    ListedAlready,
    NotSentRound,
    TextMoved,
)
from campaign.circulation.forms import ByHandForm, RoundForm, TermsForm
from campaign.circulation.invitations import GuestMail, Terms
from campaign.circulation.models import Answer, Circulation, Invitation, Suggestion
from campaign.circulation.queries import InvitationStanding, circulation_of, drive_of
from campaign.circulation.rights import circulating_in_path, invitation_in_path, suggestion_in_path
from campaign.core import clock
from campaign.core.database import writing
from campaign.core.formats import number
from campaign.core.language import language, link_as
from campaign.core.query_parameters import one_of_kinds
from campaign.core.timezones import in_zone
from campaign.extensions import db
from campaign.mailing.operations import Inviter
from campaign.organisations.queries import all_organisations, display_name
from campaign.signatories.organisation_question import names_known_to_team
from campaign.statements.errors import NotFromHere, NothingToPublish
from campaign.statements.models import Change, Statement, Status
from campaign.statements.queries import title_of
from campaign.statements.rights import statement_in_path

bp = Blueprint("circulation_desk", __name__, url_prefix="/desk/statements")


@bp.get("/<slug>/circulation")
@requires(Permission.WRITE_STATEMENTS, of=statement_in_path)
def index(statement: Statement) -> ResponseReturnValue:
    """The page of the drive; before it has begun, the form that starts it."""
    return _page(statement)


@bp.post("/<slug>/circulation/start")
@requires(Permission.WRITE_STATEMENTS, of=statement_in_path)
def start(statement: Statement) -> ResponseReturnValue:
    """Start the drive, or change deadline and inviter."""
    form = TermsForm(statement.time_zone)
    if not form.validate():
        return _page(statement, 422, terms=form)

    inviter = Inviter(form.inviter.data, form.email.data)
    terms = Terms(
        form.deadline(), inviter, bool(form.discreet.data), form.days(), bool(form.closes_at_once.data)
    )
    begun = Status(statement.status) is Status.CIRCULATING
    try:
        with writing() as session:
            if begun:
                invitations.change_terms(session, _circulation(session, statement), terms)
            else:
                invitations.start(session, _locked(session, statement), terms)
    except (NothingToPublish, NotFromHere):
        flash(_("Only a draft with a text can be sent for sign-on."), "problem")
        return redirect(url_for("statements_desk.show", slug=statement.slug), 303)

    flash(_("Saved.") if begun else _("The text is open for sign-on. Now invite organisations."), "done")
    return _back(statement)


@bp.post("/<slug>/circulation/recall")
@requires(Permission.WRITE_STATEMENTS, of=statement_in_path)
def recall(statement: Statement) -> ResponseReturnValue:
    """Make the statement a draft again."""
    try:
        with writing() as session:
            invitations.cancel_circulation(session, _locked(session, statement))
    except NotFromHere:
        flash(_("The circulation has ended."), "problem")
        return _back(statement)

    flash(
        _(
            "It is a draft again, and has no publication date. The links say that it is being worked on;"
            " answers are kept."
        ),
        "done",
    )
    return _back(statement)


@bp.post("/<slug>/circulation/shared")
@requires(Permission.WRITE_STATEMENTS, of=circulating_in_path)
def shared(statement: Statement) -> ResponseReturnValue:
    """Switch the shared link on (`on` = y), each time as a new one, or off."""
    with writing() as session:
        invitations.switch_shared(session, _circulation(session, statement), on=request.form.get("on") == "y")
    return _back(statement, "shared")


@bp.post("/<slug>/circulation/round")
@requires(Permission.WRITE_STATEMENTS, of=circulating_in_path)
def send_round(statement: Statement) -> ResponseReturnValue:
    """Send the changed text round, with changed wording or changed demands.

    For changed demands, a second click (`confirm` = y) asks those who have signed again.
    """
    form = RoundForm()
    if not form.validate():
        return _page(statement, 422, changed=form)
    change, note = Change(form.change.data), form.note.data or ""
    asked = publication.signed_with_mail(statement.id) if change is Change.MATERIAL else []
    if asked and request.form.get("confirm") != "y":
        preview = _mail_preview(statement, asked, partial(mails.changed, note=note))
        return render_template("circulation/desk_changed.html", form=form, **preview)

    with writing() as session:
        number = circulated_texts.send_round(session, _locked(session, statement), change, note).number
    flash(_("Sent for sign-on as text %(number)s.", number=number), "done")
    return _back(statement)


@bp.post("/<slug>/circulation/by-hand")
@requires(Permission.WRITE_STATEMENTS, of=circulating_in_path)
def by_hand(statement: Statement) -> ResponseReturnValue:
    """Record an answer that came by reply or messenger."""
    form = ByHandForm()
    is_valid = form.validate()
    is_settled = bool(form.organisation.errors) or form.settle_organisation(
        names_known_to_team(form.organisation.data)
    )
    if not (is_valid and is_settled):
        return _page(statement, 422, by_hand=form)

    person, title, organisation = form.person.data or "", form.title.data or "", form.organisation.data
    contact = Contact("", person, organisation, title, show_name=bool(form.show_name.data))
    said = (contact, form.source.data, language(), Answer(form.answer.data))
    try:
        with writing() as session:
            _locked(session, statement)
            answers.write_down(session, session.get_one(Circulation, statement.id), *said)
    except AnsweredAlready:
        form.organisation.errors = [_("This organisation has already signed.")]
        return _page(statement, 422, by_hand=form)

    flash(_("Recorded: %(organisation)s.", organisation=contact.organisation), "done")
    return _back(statement, "by-hand")


@bp.post("/<slug>/circulation/<uuid:invitation_id>/join")
@requires(Permission.WRITE_STATEMENTS, of=invitation_in_path)
def let_join(statement: Statement, invitation: Invitation) -> ResponseReturnValue:
    """Admit a late answer, or confirm that a mailbox speaks for its organisation; after publication it is
    listed.
    """
    try:
        with writing() as session:
            answered = _locked_invitation(session, invitation)
            publication.accept_answer(session, _locked(session, statement), answered)
    except AnsweredAlready:
        with writing() as session:
            publication.note_refusal(session, statement)
        flash(_("This organisation has already signed."), "problem")
    except TextMoved:
        flash(
            _(
                "It was given to other demands than those that were published, so it can’t be listed with"
                " them."
            ),
            "problem",
        )
    except InvitationOver:
        flash(_("The list is closed."), "problem")
    else:
        flash(_("The signature counts now."), "done")
    return _back(statement)


@bp.post("/<slug>/circulation/<uuid:invitation_id>/withdraw")
@requires(Permission.WRITE_STATEMENTS, of=invitation_in_path)
def withdraw(statement: Statement, invitation: Invitation) -> ResponseReturnValue:
    """Take an invitation back."""
    try:
        with writing() as session:
            invitations.withdraw(session, _locked_invitation(session, invitation))
    except ListedAlready:
        flash(_("It is on the public list, and can be removed there."), "problem")
    else:
        flash(_("The invitation is cancelled. Its link no longer works."), "done")
    return _back(statement)


@bp.post("/<slug>/circulation/suggestions/<int:suggestion_id>")
@requires(Permission.WRITE_STATEMENTS, of=suggestion_in_path)
def decide(statement: Statement, suggestion: Suggestion) -> ResponseReturnValue:
    """Accept a suggested change into the draft (`verdict` = accept), or reject it."""
    decision = suggestions.accept if request.form.get("verdict") == "accept" else suggestions.reject
    try:
        with writing() as session:
            locked = session.get_one(Suggestion, suggestion.id, with_for_update=True, populate_existing=True)
            decision(session, _locked(session, statement), locked)
    except DecidedAlready:
        flash(_("This has already been decided."), "problem")
    except TextMoved:
        flash(
            _(
                "This passage is no longer in the text, or is there more than once. Please change the text by"
                " hand."
            ),
            "problem",
        )

    return _back(statement, "suggestions")


@bp.route("/<slug>/circulation/remind", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENTS, of=circulating_in_path)
def remind(statement: Statement) -> ResponseReturnValue:
    """The preview of a reminder: how many get it, who they are, and the mail. The second click sends."""
    if request.method != "POST":
        waiting = list(db.session.scalars(jobs.silent(statement)))
        return render_template(
            "circulation/desk_remind.html", **_mail_preview(statement, waiting, mails.reminder)
        )

    with writing() as session:
        reminded = jobs.remind_now(session, session.get_one(Circulation, statement.id))
    flash(
        ngettext("%(num)s reminder is on its way.", "%(num)s reminders are on their way.", reminded), "done"
    )
    return _back(statement)


@bp.route("/<slug>/circulation/publish", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENTS, of=circulating_in_path)
def publish(statement: Statement) -> ResponseReturnValue:
    """The preview of the publication, and who still waits.

    The second click publishes text and list together.
    """
    if request.method != "POST":
        return _publishing(statement)

    try:
        with writing() as session:
            joined = publication.publish(session, _locked(session, statement))
    except NotSentRound:
        flash(
            _(
                "The text was changed after it was sent for sign-on: nobody has signed the present wording."
                " Please send it for sign-on first."
            ),
            "problem",
        )
        return _back(statement)
    except NotFromHere:
        flash(_("The circulation has ended."), "problem")
        return _back(statement)

    flash(
        ngettext(
            "Published with %(number)s organisation. It gets an e-mail with everything it needs to share the"
            " text.",
            "Published with %(number)s organisations. Each gets an e-mail with everything it needs to share"
            " the text.",
            joined,
            number=number(joined),
        ),
        "done",
    )
    return redirect(url_for("statements_desk.show", slug=statement.slug), 303)


def _back(statement: Statement, anchor: str | None = None) -> ResponseReturnValue:
    return redirect(url_for(".index", slug=statement.slug, _anchor=anchor), 303)


def _locked(session: Session, statement: Statement) -> Statement:
    return session.get_one(Statement, statement.id, with_for_update=True, populate_existing=True)


def _locked_invitation(session: Session, invitation: Invitation) -> Invitation:
    return session.get_one(Invitation, invitation.id, with_for_update=True, populate_existing=True)


def _circulation(session: Session, statement: Statement) -> Circulation:
    return session.get_one(Circulation, statement.id, with_for_update=True, populate_existing=True)


def _page(statement: Statement, status: int = 200, **forms: Any) -> ResponseReturnValue:
    link_as(url_for(".index", slug=statement.slug))
    circulation = circulation_of(statement.id)
    shared = {"statement": statement, "title": title_of(statement.id, language())}
    terms = forms.get("terms") or _terms(statement, circulation)
    if circulation is None:
        return make_response(render_template("circulation/desk_start.html", terms=terms, **shared), status)

    drive, circulating = drive_of(statement.id, language()), Status(statement.status) is Status.CIRCULATING
    wanted = one_of_kinds("standing", standing_names())
    page = render_template(
        "circulation/desk_drive.html",
        circulation=circulation,
        round=circulating,
        drive=drive,
        shown=[one for one in drive.asked if not wanted or one.standing == wanted],
        wanted=wanted,
        standings=standing_names(),
        until=invitations.until(circulation, statement, language()),
        overdue=clock.now() > circulation.deadline,
        again=Status(statement.status) is Status.DRAFT,
        too_early=statement.opens_at is not None and statement.opens_at < circulation.deadline,
        joins=answers.JOINS,
        inviter=inviter_of(circulation),
        shared_link=invitations.shared_link(circulation),
        terms=terms,
        changed=forms.get("changed") or RoundForm(formdata=None),
        differs=circulating and circulated_texts.differs_from_draft(db.session(), statement.id),
        text=circulated_texts.newest_text(db.session(), statement.id),
        by_hand=forms.get("by_hand") or ByHandForm(formdata=None),
        registry=[display_name(organisation, language()) for organisation in all_organisations()],
        suggestions=suggestions.all_suggestions(statement.id),
        reminders=len(db.session.scalars(jobs.silent(statement)).all()),
        **shared,
    )

    return make_response(page, status)


def _terms(statement: Statement, circulation: Circulation | None) -> TermsForm:
    if circulation is None:
        return TermsForm(statement.time_zone, formdata=None, data={"remind_days": "5, 2, 1"})

    deadline, inviter = in_zone(circulation.deadline, statement.time_zone), inviter_of(circulation)
    data = {
        "deadline_on": deadline.date(),
        "deadline_at": deadline.time(),
        "inviter": inviter.name,
        "email": inviter.email,
    }
    data |= {
        "remind_days": circulation.remind_days.replace(",", ", "),
        "discreet": circulation.discreet,
        "closes_at_once": circulation.closes_at_once,
    }

    return TermsForm(statement.time_zone, formdata=None, data=data)


def _publishing(statement: Statement) -> str:
    drive = drive_of(statement.id, language())
    unsettled = (InvitationStanding.EARLIER, InvitationStanding.LATE, InvitationStanding.UNKNOWN)
    waiting = {standing: drive.counts.get(standing, 0) for standing in unsettled}
    joining = [one for one in drive.asked if one.standing is InvitationStanding.SIGNED]
    written_to = [one.invitation for one in joining if one.contact.email]
    circulation, kit = db.session.get_one(Circulation, statement.id), partial(mails.kit, own="")

    return render_template(
        "circulation/desk_publish.html",
        mails=len(written_to),
        mail=invitations.example(circulation, statement, written_to[0], kit) if written_to else None,
        statement=statement,
        title=title_of(statement.id, language()),
        joining=joining,
        waiting={standing: count for standing, count in waiting.items() if count},
        standings=standing_names(),
        differs=circulated_texts.differs_from_draft(db.session(), statement.id),
    )


def _mail_preview(statement: Statement, waiting: list[Invitation], mail: GuestMail) -> dict[str, Any]:
    """The number of mails, the recipients, and one of the mails as it will be read."""
    circulation = db.session.get_one(Circulation, statement.id)
    drive = {one.invitation.id: one for one in drive_of(statement.id, language()).asked}
    return {
        "statement": statement,
        "title": title_of(statement.id, language()),
        "waiting": [drive[invitation.id] for invitation in waiting if invitation.id in drive],
        "mail": invitations.example(circulation, statement, waiting[0], mail) if waiting else None,
    }


def standing_names() -> dict[str, str]:
    """The standings of invitations in words."""
    return {
        InvitationStanding.SIGNED: _("signed"),
        InvitationStanding.EARLIER: _("signed earlier demands"),
        InvitationStanding.LATE: _("signed too late"),
        InvitationStanding.UNKNOWN: _("signed, from an unknown mailbox"),
        InvitationStanding.DOUBLE: _("signed, already on the list"),
        InvitationStanding.BOARD: _("waiting for their board"),
        InvitationStanding.MORE_TIME: _("asked for more time"),
        InvitationStanding.DECLINED: _("declined"),
        InvitationStanding.SILENT: _("no reply"),
        InvitationStanding.BOUNCED: _("e-mail refused"),
    }


@bp.app_template_filter()
def asked_name(invitation: Invitation) -> str:
    """The name to show for an invitation."""
    contact = contact_of(invitation)
    return contact.organisation or contact.person or contact.email
