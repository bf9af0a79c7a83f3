"""The signer's pages: check your mail, the typed code, and the link that confirms and manages.

All are neutral, and none is stored by browsers.
"""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.core import clock, error_pages, tokens
from campaign.core.database import writing
from campaign.core.headers import never_stored
from campaign.core.integers import whole_number
from campaign.core.language import language, link_as
from campaign.core.limits import limit_visitors
from campaign.core.settings import settings
from campaign.core.tokens import Purpose, TokenExpired
from campaign.extensions import db, limiter
from campaign.mailing.messages import render
from campaign.signatures import states
from campaign.signatures.assents import changed_since
from campaign.signatures.data_export import held_of
from campaign.signatures.errors import MailboxFull, NameMissing, NotAllowed, OrganisationSigned
from campaign.signatures.models import ENDED, SignatoryKind, Signature, State, Submission, Visibility
from campaign.signatures.names import names_of, shown_message
from campaign.signatures.queries import held_message, revision_signed, typed_fields
from campaign.signatures.withdrawal_phrase import new_phrase, phrase_mark
from campaign.signing import confirmation, mails, signer_actions
from campaign.signing.confirmation import ConfirmationOutcome
from campaign.signing.confirmation_requests import request_confirmation
from campaign.signing.errors import CodeUnknown, OtherMailbox, SubmissionOver, TextChanged
from campaign.signing.forms import CodeForm, CorrectForm, UpdatesForm, VisibilityForm
from campaign.signing.high_safety_page import taken
from campaign.signing.one_time_codes import OneTimeCode, code_in_token, code_of
from campaign.signing.sections import signer_sections
from campaign.signing.submissions import digits
from campaign.signing.visibility_choices import visibility_choices, visibility_hints
from campaign.statements.errors import KeyDestroyed, NotOpen
from campaign.statements.models import Status
from campaign.statements.queries import StatementPage, statement_lines, statement_page, terms_of

bp = Blueprint("signing", __name__)
bp.after_request(never_stored)
NEUTRAL = "core/problem_neutral.html"
_OTHERS = 2


@bp.get("/check-your-mail")
def check_your_mail() -> str:
    """The page on what to do next, the same for everyone: it names sender and subject, not the statement."""
    return _check_your_mail(CodeForm())


@bp.post("/code")
# Who shares an address with everybody has no limit: a code is one of 10^12, and all that it does is to
# confirm what somebody sent.
@limit_visitors(
    "30 per minute; 200 per hour",
    "120 per minute; 800 per hour",
    deduct_when=lambda response: response.status_code == 422,
)
def code() -> ResponseReturnValue:
    """Confirm by the typed code. The code confirms, and opens nothing else.

    One of high safety, which has a check of its own, is answered the same whether it was used before or not.
    """
    form = CodeForm(request.form)
    typed = digits(form.code.data or "") if form.validate() else ""
    if not typed:
        if not form.code.errors:
            form.code.errors = [_("The code has twelve or sixteen digits. Please check the e-mail again.")]
        return _check_your_mail(form), 422

    once = code_of(db.session(), typed)
    if once is not None:
        return _request_confirmation(once)
    words = new_phrase()
    try:
        with writing() as session:
            outcome = confirmation.confirm(
                session, confirmation.submission_of_code(session, typed), mark=phrase_mark(words)
            )
    except CodeUnknown:
        form.code.errors = [
            _("We do not know this code. Please compare it with the e-mail, or use the link there.")
        ]
        return _check_your_mail(form), 422
    except TextChanged:
        return error_pages.page(
            409,
            _("The text has changed"),
            _(
                "Its demands are no longer those that you agreed to. Please open the link in the e-mail: it"
                " shows the new text and asks you again."
            ),
            NEUTRAL,
        )
    except _REFUSALS as refusal:
        return _refused(refusal)
    if outcome.signature_id is None:
        return taken(words)

    signature = db.session.get_one(Signature, outcome.signature_id)
    before = outcome.outcome is ConfirmationOutcome.EXISTING
    return render_template(
        "signing/confirmed_by_code.html",
        waits=signature.state in (State.REVIEW, State.QUARANTINED),
        before=before,
    )


@bp.get("/code")
def code_again() -> ResponseReturnValue:
    """Show the form for the code to anyone who reloads or follows this address."""
    return redirect(url_for("signing.check_your_mail"))


@bp.get("/c/<token>")
def manage(token: str) -> ResponseReturnValue:
    """The signer's page.

    Before confirming: what will be public, and one button. Afterwards: the signature and the actions on it.
    At high safety: one button, whatever became of the link; no row is looked at.
    """
    if code_in_token(token) is not None:
        return render_template("signing/confirm_once.html")
    submission = _submission(token)
    if submission.signature_id is None:
        return _ask(submission, token)
    return _show(submission, token)


@bp.post("/c/<token>")
def act(token: str) -> ResponseReturnValue:
    """Carry out one action on the signature of this link."""
    action, once = request.form.get("action", "confirm"), code_in_token(token)
    if once is not None:
        return _request_confirmation(once) if action == "confirm" else _unknown_action()
    if action == "confirm":
        return _confirm(token)
    submission = _submission(token)
    if action not in _ACTIONS:
        return _unknown_action()
    if submission.signature_id is None and action != "erase":
        return redirect(url_for("signing.manage", token=token), 303)
    return _ACTIONS[action](submission, token)


@bp.get("/c/<token>/data.json")
def download(token: str) -> ResponseReturnValue:
    """The download of all data held about this signature, or about a form not confirmed yet, for its
    signer.
    """
    response = make_response(held_of(db.session(), _submission(token)))
    response.headers["Content-Disposition"] = 'attachment; filename="my-signature.json"'
    return response


def _check_your_mail(form: CodeForm) -> str:
    """The page that names the exact sender and subject to look for."""
    subject = render(mails.confirmation(link="", code=""), language()).subject
    # This follows from the form that was sent, not from the address in it.
    waits, mail_waits = request.args.get("look") == "y", request.args.get("mail", "")
    return render_template(
        "signing/check_your_mail.html",
        form=form,
        mail_sender=settings().mail_sender,
        mail_subject=subject,
        waits=waits,
        mail_waits=mail_waits,
    )


def _submission(token: str) -> Submission:
    """The submission of a link. Raises TokenInvalid, TokenExpired."""
    submission = db.session.get(Submission, tokens.read(Purpose.SIGNATURE, token))
    if submission is None or (submission.signature_id is None and submission.expires_at <= clock.now()):
        raise TokenExpired
    return submission


def _page_of(statement_id: int) -> StatementPage:
    return statement_page(statement_id, language())


def _ask(submission: Submission, token: str) -> str:
    fields = typed_fields(submission)
    if fields is None:
        raise TokenExpired
    statement = _page_of(submission.statement_id)
    if statement.guarded:
        # A link from before the codes of high safety; it tells no more than the later ones.
        return render_template("signing/confirm_once.html")
    changed = submission.revision_id not in terms_of(db.session(), submission.statement_id).agreeing
    return render_template(
        "signing/confirm.html", statement=statement, fields=fields, token=token, changed=changed
    )


def _show(
    submission: Submission,
    token: str,
    status: int = 200,
    correct: CorrectForm | None = None,
    visibility: VisibilityForm | None = None,
    updates: UpdatesForm | None = None,
) -> ResponseReturnValue:
    signature = db.session.get_one(Signature, cast(object, submission.signature_id))
    statement = _page_of(signature.statement_id)
    if signature.state == State.WITHDRAWN:
        return render_template("signing/withdrawn.html", statement=statement, token=token)

    names = names_of(signature)
    message = held_message(signature)
    signed = revision_signed(signature.id, db.session())
    correct = correct or CorrectForm(
        data={**names, "country": signature.country, "message": message or names.get("message")}
    )
    visibility = visibility or VisibilityForm(data={"visibility": signature.visibility})
    visibility.visibility.choices = visibility_choices(statement, SignatoryKind(signature.kind))
    page = render_template(
        "signing/manage.html",
        statement=statement,
        signature=signature,
        names=names,
        message=message,
        typed=typed_fields(submission),
        revision=signed,
        anew=changed_since(statement, terms_of(db.session(), statement.id), signed)
        if signature.state not in ENDED
        else None,
        correct=correct,
        visibility=visibility,
        updates=updates or UpdatesForm(),
        others=[
            line
            for line in statement_lines(language())
            if line.status == Status.OPEN and line.id != statement.id
        ][:_OTHERS],
        hints=visibility_hints(statement),
        sections=signer_sections.of(statement),
        token=token,
    )

    return make_response(page, status)


def _request_confirmation(code: OneTimeCode) -> Response:
    """The answer to a button or a code of high safety: the same for every one, and what follows is the
    worker's.
    """
    with writing() as session:
        words = request_confirmation(session, code)
    return taken(words)


def _unknown_action() -> Response:
    return error_pages.page(
        422, _("Unknown action"), _("Please go back and use one of the buttons."), NEUTRAL
    )


def _confirm(token: str) -> ResponseReturnValue:
    submission, words = tokens.read(Purpose.SIGNATURE, token), new_phrase()
    try:
        with writing() as session:
            outcome = confirmation.confirm(
                session, submission, whole_number(request.form.get("revision")), mark=phrase_mark(words)
            )
    except TextChanged:
        # The page shown by GET has the new text, and a button for it.
        return _ask(_submission(token), token), 409
    except _REFUSALS as refusal:
        return _refused(refusal)
    if outcome.signature_id is None:
        return taken(words)

    first = outcome.outcome is ConfirmationOutcome.NEW
    return redirect(url_for("signing.manage", token=token, _anchor="" if first else "yours"), 303)


def _correct(submission: Submission, token: str) -> ResponseReturnValue:
    form = CorrectForm(request.form)
    fields = ("name", "title", "affiliation", "city")
    given = {field: form[field].data for field in fields if field in request.form}
    if not form.validate():
        return _show(submission, token, 422, correct=form)

    try:
        with writing() as session:
            signature = _own(session, submission)
            signer_actions.correct(session, signature, given, form.country.data)
            if (
                "message" in request.form
                and signature.visibility == Visibility.PUBLIC
                and form.message.data != (held_message(signature) or shown_message(signature) or "")
            ):
                signer_actions.leave_message(session, signature, (form.message.data or "").strip())
            signer_actions.forget_typed(session, session.get_one(Submission, submission.id))
    except NameMissing:
        form.name.errors = [_("Please enter your name as it should appear.")]
        return _show(submission, token, 422, correct=form)
    except NotAllowed:
        return _too_late()

    return redirect(url_for("signing.manage", token=token), 303)


def _take_over(submission: Submission, token: str) -> ResponseReturnValue:
    try:
        with writing() as session:
            signer_actions.take_over(
                session, _own(session, submission), session.get_one(Submission, submission.id)
            )
    except NotAllowed:
        return _too_late()
    return redirect(url_for("signing.manage", token=token, _anchor="yours"), 303)


def _leave(submission: Submission, token: str) -> ResponseReturnValue:
    with writing() as session:
        signer_actions.forget_typed(session, session.get_one(Submission, submission.id))
    return redirect(url_for("signing.manage", token=token), 303)


def _visibility(submission: Submission, token: str) -> ResponseReturnValue:
    form = VisibilityForm(request.form)
    if not form.validate():
        return _show(submission, token, 422, visibility=form)

    try:
        with writing() as session:
            signer_actions.change_visibility(
                session, _own(session, submission), Visibility(form.visibility.data), form.name.data or ""
            )
    except NameMissing:
        form.name.errors = [_("Please enter your name as it should appear.")]
        return _show(submission, token, 422, visibility=form)
    except NotAllowed:
        return _too_late()

    return redirect(url_for("signing.manage", token=token), 303)


def _updates(submission: Submission, token: str) -> ResponseReturnValue:
    # Here and not around act(), since a confirmation has no time for it. Not even a holder of the link may
    # guess the address.
    with limiter.limit("5 per hour", key_func=lambda: f"updates of {submission.id}"):
        return _change_updates(submission, token)


def _change_updates(submission: Submission, token: str) -> ResponseReturnValue:
    form = UpdatesForm(request.form)
    form.accepts_example = True
    wanted = request.form.get("updates") == "y"
    if wanted and not form.validate():
        return _show(submission, token, 422, updates=form)

    try:
        with writing() as session:
            if wanted:
                signer_actions.ask_for_updates(session, _own(session, submission), form.email.data)
            else:
                signer_actions.stop_updates(session, _own(session, submission))
    except OtherMailbox:
        form.email.errors = [_("This is not the address that you signed with. Please give that one.")]
        return _show(submission, token, 422, updates=form)
    except (NotAllowed, KeyDestroyed):
        return _too_late()

    return redirect(url_for("signing.manage", token=token, _anchor="news"), 303)


def _withdraw(submission: Submission, token: str) -> ResponseReturnValue:
    with writing() as session:
        states.withdraw(session, _own(session, submission))
    return redirect(url_for("signing.manage", token=token), 303)


def _erase(submission: Submission, _token: str) -> ResponseReturnValue:
    with writing() as session:
        states.erase_everything(session, session.get_one(Submission, submission.id, with_for_update=True))
    link_as(url_for("signing.check_your_mail"))
    return render_template("signing/erased.html")


def _agree(submission: Submission, token: str) -> ResponseReturnValue:
    """Agree to demands that changed after the signature.

    A signer who read a text that has changed again is shown the newest.
    """
    try:
        with writing() as session:
            signer_actions.agree(
                session, _own(session, submission), whole_number(request.form.get("revision"))
            )
    except TextChanged:
        return _show(submission, token, 409)
    except NotAllowed:
        return _too_late()
    except NotOpen as closed:
        return _refused(closed)
    return redirect(url_for("signing.manage", token=token, _anchor="yours"), 303)


def _own(session: Session, submission: Submission) -> Signature:
    signature_id = session.scalar(select(Submission.signature_id).where(Submission.id == submission.id))
    return session.get_one(Signature, cast(object, signature_id), with_for_update=True)


def _too_late() -> Response:
    return error_pages.page(
        409,
        _("This can no longer be changed"),
        _("The signature was withdrawn or refused. You are welcome to sign again with the form."),
        NEUTRAL,
    )


_ACTIONS = {
    "take over": _take_over,
    "leave": _leave,
    "correct": _correct,
    "visibility": _visibility,
    "updates": _updates,
    "withdraw": _withdraw,
    "erase": _erase,
    "agree": _agree,
}
_REFUSALS = (SubmissionOver, NotOpen, MailboxFull, OrganisationSigned, KeyDestroyed)


def _refused(refusal: Exception) -> Response:
    """The page for each reason why there is no signature."""
    if isinstance(refusal, SubmissionOver):
        raise TokenExpired from refusal

    if isinstance(refusal, MailboxFull):
        title = _("Two people have already signed with this mailbox")
        text = _(
            "So that everyone counts once, at most two people can sign with one mailbox. Please sign with an"
            " address of your own."
        )
    elif isinstance(refusal, OrganisationSigned):
        title = _("This organisation has already signed")
        text = _(
            "Each organisation is listed once. If you think that somebody signed without being authorised to,"
            " please write to the organisers."
        )
    else:
        title = _("Closed for signatures")
        text = _(
            "The list was closed before this was confirmed. Nothing was published, and what you typed will be"
            " deleted."
        )

    return error_pages.page(409, title, text, NEUTRAL)
