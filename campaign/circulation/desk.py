"""The drive, for the team: start it, invite, see who answers, remind, write answers down, publish."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from campaign.accounts.audit import record
from campaign.accounts.permissions import Permission, requires
from campaign.circulation import answers, circulated_texts, invitations, jobs, mails, publication, suggestions
from campaign.circulation.contacts import Contact, contact_of, inviter_of
from campaign.circulation.errors import AnsweredAlready, InvitationOver, NotSentRound, TextMoved
from campaign.circulation.forms import ByHandForm, RoundForm, TermsForm
from campaign.circulation.invitations import GuestMail, Terms
from campaign.circulation.models import Answer, Circulation, Invitation, Suggestion, SuggestionVerdict
from campaign.circulation.queries import InvitationStanding, circulation_of, drive_of
from campaign.core import clock
from campaign.core.database import writing
from campaign.core.formats import number
from campaign.core.language import language, link_as
from campaign.core.timezones import in_zone
from campaign.extensions import db
from campaign.mailing.operations import Inviter
from campaign.organisations.queries import all_organisations, display_name
from campaign.statements.errors import NotFromHere, NothingToPublish
from campaign.statements.models import Change, Statement, Status
from campaign.statements.queries import statement_by_slug, title_of

bp = Blueprint("circulation_desk", __name__, url_prefix="/desk/statements")


@bp.get("/<slug>/circulation")
@requires(Permission.WRITE_STATEMENTS)
def index(slug: str) -> ResponseReturnValue:
    """The drive; before it has begun, the form that begins it."""
    return _page(statement_or_404(slug))


@bp.post("/<slug>/circulation/start")
@requires(Permission.WRITE_STATEMENTS)
def start(slug: str) -> ResponseReturnValue:
    """Begin, or change deadline and inviting person."""
    statement = statement_or_404(slug)
    form = TermsForm(statement.time_zone)
    if not form.validate():
        return _page(statement, 422, terms=form)
    terms = Terms(form.deadline(), Inviter(form.inviter.data, form.email.data), bool(form.discreet.data), form.days(), bool(form.closes_at_once.data))
    key, begun = statement.id, Status(statement.status) is Status.CIRCULATING
    try:
        with writing() as session:
            if begun:
                invitations.change_terms(session, session.get_one(Circulation, key, with_for_update=True), terms)
            else:
                invitations.start(session, _locked(session, key), terms)
            record(session, "circulation changed" if begun else "circulation started", f"statement:{slug}")
    except (NothingToPublish, NotFromHere):
        flash(_("Only a draft with a text can be sent for sign-on."), "problem")
        return redirect(url_for("statements_desk.show", slug=slug), 303)
    flash(_("Saved.") if begun else _("The text is open for sign-on. Now invite organisations."), "done")
    return redirect(url_for(".index", slug=slug), 303)


@bp.post("/<slug>/circulation/recall")
@requires(Permission.WRITE_STATEMENTS)
def recall(slug: str) -> ResponseReturnValue:
    """Make it a draft again."""
    key = statement_or_404(slug).id
    try:
        with writing() as session:
            invitations.cancel_circulation(session, _locked(session, key))
            record(session, "circulation taken back", f"statement:{slug}")
    except NotFromHere:
        flash(_("The circulation has ended."), "problem")
        return redirect(url_for(".index", slug=slug), 303)
    flash(_("It is a draft again, and has no publication date. The links say that it is being worked on; answers are kept."), "done")
    return redirect(url_for(".index", slug=slug), 303)


@bp.post("/<slug>/circulation/shared")
@requires(Permission.WRITE_STATEMENTS)
def shared(slug: str) -> ResponseReturnValue:
    """Switch the shared link on (`on` = y), each time as another one, or off."""
    key = round_or_404(slug)
    with writing() as session:
        invitations.switch_shared(session, session.get_one(Circulation, key, with_for_update=True), on=request.form.get("on") == "y")
        record(session, "shared link switched", f"statement:{slug}", on=request.form.get("on") == "y")
    return redirect(url_for(".index", slug=slug, _anchor="shared"), 303)


@bp.post("/<slug>/circulation/round")
@requires(Permission.WRITE_STATEMENTS)
def send_round(slug: str) -> ResponseReturnValue:
    """Let the changed text go round: wording only, or other demands. These ask who has signed anew, with the second click (`confirm` = y)."""
    key, form = round_or_404(slug), RoundForm()
    if not form.validate():
        return _page(statement_or_404(slug), 422, changed=form)
    asked = publication.signed_with_mail(key) if form.change.data == Change.MATERIAL else []
    if asked and request.form.get("confirm") != "y":
        preview = _mail_preview(key, asked, partial(mails.changed, note=form.note.data or ""))
        return render_template("circulation/desk_changed.html", form=form, **preview)
    with writing() as session:
        sent = circulated_texts.send_round(session, _locked(session, key), Change(form.change.data), form.note.data or "")
        record(session, "text sent round", f"statement:{slug}", text=sent.number, change=str(sent.change))
    flash(_("Sent for sign-on as text %(number)s.", number=sent.number), "done")
    return redirect(url_for(".index", slug=slug), 303)


@bp.post("/<slug>/circulation/by-hand")
@requires(Permission.WRITE_STATEMENTS)
def by_hand(slug: str) -> ResponseReturnValue:
    """Write an answer down that came by reply or messenger."""
    key, form = round_or_404(slug), ByHandForm()
    if not form.validate():
        return _page(statement_or_404(slug), 422, by_hand=form)
    contact = Contact("", form.person.data or "", form.organisation.data, form.title.data or "", show_name=bool(form.show_name.data))
    try:
        with writing() as session:
            _locked(session, key)
            answers.write_down(session, session.get_one(Circulation, key), contact, form.source.data, language(), Answer(form.answer.data))
            record(session, "answer written down", f"statement:{slug}")
    except AnsweredAlready:
        form.organisation.errors = [_("This organisation has already signed.")]
        return _page(statement_or_404(slug), 422, by_hand=form)
    flash(_("Recorded: %(organisation)s.", organisation=contact.organisation), "done")
    return redirect(url_for(".index", slug=slug, _anchor="by-hand"), 303)


@bp.post("/<slug>/circulation/<uuid:invitation_id>/join")
@requires(Permission.WRITE_STATEMENTS)
def let_join(slug: str, invitation_id: Any) -> ResponseReturnValue:
    """A late answer counts after all, or a mailbox speaks for its organisation; once published, it stands on the list."""
    key = statement_or_404(slug).id
    try:
        with writing() as session:
            invitation, statement = _own_invitation(session, key, invitation_id), _locked(session, key)
            answers.let_join(session, statement, invitation)
            if not publication.join_published(session, statement, invitation):
                raise AnsweredAlready
            record(session, "answer let join", f"statement:{slug}")
    except AnsweredAlready:
        flash(_("This organisation has already signed."), "problem")
    except TextMoved:
        flash(_("It was given to other demands than those that were published, so it can’t be listed with them."), "problem")
    except InvitationOver:
        flash(_("The list is closed."), "problem")
    else:
        flash(_("The signature counts now."), "done")
    return redirect(url_for(".index", slug=slug), 303)


@bp.post("/<slug>/circulation/<uuid:invitation_id>/withdraw")
@requires(Permission.WRITE_STATEMENTS)
def withdraw(slug: str, invitation_id: Any) -> ResponseReturnValue:
    """Take an invitation back."""
    key = statement_or_404(slug).id
    with writing() as session:
        invitation = _own_invitation(session, key, invitation_id)
        listed = invitation.signature_id is not None
        if not listed:
            invitations.withdraw(session, invitation)
            record(session, "invitation taken back", f"statement:{slug}")
    if listed:
        flash(_("It is on the public list, and can be removed there."), "problem")
    else:
        flash(_("The invitation is cancelled. Its link no longer works."), "done")
    return redirect(url_for(".index", slug=slug), 303)


@bp.post("/<slug>/circulation/suggestions/<int:suggestion_id>")
@requires(Permission.WRITE_STATEMENTS)
def decide(slug: str, suggestion_id: int) -> ResponseReturnValue:
    """Accept a suggested change into the draft (`verdict` = accept), or reject it."""
    key = round_or_404(slug)
    try:
        with writing() as session:
            suggestion = session.get(Suggestion, suggestion_id, with_for_update=True)
            if suggestion is None or session.get_one(Invitation, suggestion.invitation_id).statement_id != key:
                abort(404)
            if suggestion.verdict != SuggestionVerdict.OPEN:
                flash(_("This has already been decided."), "problem")
            elif request.form.get("verdict") == "accept":
                suggestions.accept(session, _locked(session, key), suggestion)
            else:
                suggestions.reject(suggestion)
            record(session, "suggestion decided", f"statement:{slug}", verdict=str(suggestion.verdict))
    except TextMoved:
        flash(_("This passage is no longer in the text, or is there more than once. Please change the text by hand."), "problem")
    return redirect(url_for(".index", slug=slug, _anchor="suggestions"), 303)


@bp.route("/<slug>/circulation/remind", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENTS)
def remind(slug: str) -> ResponseReturnValue:
    """How many would be reminded, whom, and by which mail; the second click sends."""
    key = round_or_404(slug)
    if request.method != "POST":
        waiting = list(db.session.scalars(jobs.silent(statement_or_404(slug))))
        return render_template("circulation/desk_remind.html", **_mail_preview(key, waiting, mails.reminder))
    with writing() as session:
        reminded = jobs.remind(session, session.get_one(Circulation, key), most=100_000)
        record(session, "circulation reminded", f"statement:{slug}", rows=reminded)
    flash(ngettext("%(num)s reminder is on its way.", "%(num)s reminders are on their way.", reminded), "done")
    return redirect(url_for(".index", slug=slug), 303)


@bp.route("/<slug>/circulation/publish", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENTS)
def publish(slug: str) -> ResponseReturnValue:
    """What would be published, and who waits; the second click publishes text and list together."""
    statement = statement_or_404(slug)
    key = round_or_404(slug)
    if request.method != "POST":
        return _publishing(statement)
    try:
        with writing() as session:
            joined = publication.publish(session, _locked(session, key))
            record(session, "circulation published", f"statement:{slug}", rows=joined)
    except NotSentRound:
        flash(
            _("The text was changed after it was sent for sign-on: nobody has signed the present wording. Please send it for sign-on first."),
            "problem",
        )
        return redirect(url_for(".index", slug=slug), 303)
    except NotFromHere:
        flash(_("The circulation has ended."), "problem")
        return redirect(url_for(".index", slug=slug), 303)
    flash(
        ngettext(
            "Published with %(number)s organisation. It gets an e-mail with everything it needs to share the text.",
            "Published with %(number)s organisations. Each gets an e-mail with everything it needs to share the text.",
            joined,
            number=number(joined),
        ),
        "done",
    )
    return redirect(url_for("statements_desk.show", slug=slug), 303)


def statement_or_404(slug: str) -> Statement:
    """The statement of a drive."""
    return statement_by_slug(slug) or abort(404)


def round_or_404(slug: str) -> int:
    """The key of a statement that goes round."""
    statement = statement_or_404(slug)
    return statement.id if Status(statement.status) is Status.CIRCULATING else abort(404)


def _locked(session: Session, key: int) -> Statement:
    return session.get_one(Statement, key, with_for_update=True, populate_existing=True)


def _own_invitation(session: Session, statement_id: int, key: Any) -> Invitation:
    invitation = session.get(Invitation, key, with_for_update=True)
    return invitation if invitation is not None and invitation.statement_id == statement_id else abort(404)


def _page(statement: Statement, status: int = 200, **forms: Any) -> ResponseReturnValue:
    link_as(url_for(".index", slug=statement.slug))
    circulation = circulation_of(statement.id)
    shared = {"statement": statement, "title": title_of(statement.id, language())}
    terms = forms.get("terms") or _terms(statement, circulation)
    if circulation is None:
        return make_response(render_template("circulation/desk_start.html", terms=terms, **shared), status)
    drive = drive_of(statement.id, language())
    wanted = request.args.get("standing", "")
    page = render_template(
        "circulation/desk_drive.html",
        circulation=circulation,
        round=Status(statement.status) is Status.CIRCULATING,
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
        differs=Status(statement.status) is Status.CIRCULATING and circulated_texts.differs_from_draft(db.session(), statement.id),
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
    data = {"deadline_on": deadline.date(), "deadline_at": deadline.time(), "inviter": inviter.name, "email": inviter.email}
    data |= {
        "remind_days": circulation.remind_days.replace(",", ", "),
        "discreet": circulation.discreet,
        "closes_at_once": circulation.closes_at_once,
    }
    return TermsForm(statement.time_zone, formdata=None, data=data)


def _publishing(statement: Statement) -> str:
    drive = drive_of(statement.id, language())
    waiting = {
        standing: drive.counts.get(standing, 0) for standing in (InvitationStanding.EARLIER, InvitationStanding.LATE, InvitationStanding.UNKNOWN)
    }
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


def _mail_preview(statement_id: int, waiting: list[Invitation], mail: GuestMail) -> dict[str, Any]:
    """How many, to whom, and one of the mails as it will be read."""
    statement, circulation = db.session.get_one(Statement, statement_id), db.session.get_one(Circulation, statement_id)
    drive = {one.invitation.id: one for one in drive_of(statement_id, language()).asked}
    return {
        "statement": statement,
        "title": title_of(statement_id, language()),
        "waiting": [drive[invitation.id] for invitation in waiting if invitation.id in drive],
        "mail": invitations.example(circulation, statement, waiting[0], mail) if waiting else None,
    }


def standing_names() -> dict[str, str]:
    """How an invitation stands, in words."""
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
    """Who is behind an invitation."""
    contact = contact_of(invitation)
    return contact.organisation or contact.person or contact.email
