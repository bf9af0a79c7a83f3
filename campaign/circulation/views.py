"""The pages behind the link of an invited organisation.

Opening one records nothing; only what is sent with a button is kept.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_timedelta, ngettext
from flask_babel import gettext as _
from sqlalchemy import select

from campaign.circulation import answers, circulated_texts, publication, suggestions
from campaign.circulation.answers import Given
from campaign.circulation.contacts import Contact, contact_of, inviter_of
from campaign.circulation.errors import (
    AnsweredAlready,
    InvitationOver,
    PassedOnTooOften,
    TextMoved,
    TooManyChanges,
)
from campaign.circulation.forms import (
    OTHER_ANSWERS,
    ForwardForm,
    InvitedSignForm,
    RemarkForm,
    SharedCodeForm,
    SharedForm,
    SuggestForm,
)
from campaign.circulation.invitations import is_round, until
from campaign.circulation.models import Answer, CirculatedText, Circulation, Invitation, Suggestion
from campaign.circulation.queries import shown_early
from campaign.core import clock, error_pages, tokens
from campaign.core.attempts import Counter, Pace
from campaign.core.database import writing
from campaign.core.headers import never_stored
from campaign.core.integers import whole_number
from campaign.core.language import language
from campaign.core.limits import limit_visitors
from campaign.core.text import render_markdown
from campaign.core.timezones import UTC
from campaign.core.tokens import Purpose, TokenExpired, TokenInvalid
from campaign.core.vault import vault
from campaign.extensions import db, limiter
from campaign.organisations.name_question import KnownName
from campaign.organisations.queries import display_name, organisations_by_id
from campaign.signatories.organisation_question import known_names
from campaign.statements.models import Statement, Status

bp = Blueprint("circulation", __name__)
bp.after_request(never_stored)
NEUTRAL = "core/problem_neutral.html"
# Eight digits, guessed by who holds the link of an invitation.
_CODE_PACE = Pace(free=5, first=60, longest=3_600)


def _link() -> str:
    """The name of this link, for limits."""
    return vault().index("limits of links", str((request.view_args or {})["token"])).hex()


def _is_shared_link() -> bool:
    """True for a link that strangers share: a limit by it would let any of them lock the others out."""
    try:
        tokens.read(Purpose.CIRCULATION, str((request.view_args or {})["token"]))
    except TokenInvalid:
        return True
    return False


@bp.get("/i/<token>")
def show(token: str) -> ResponseReturnValue:
    """The text, who has signed so far, and the answers; by the shared link, a form that asks who the visitor
    is.
    """
    found = _behind(token)
    return (
        _shared(token, found, SharedForm(formdata=None))
        if isinstance(found, Circulation)
        else _page(token, found)
    )


@bp.post("/i/<token>")
@limit_visitors("60 per minute; 300 per hour", "240 per minute; 1200 per hour")
@limiter.limit("60 per minute; 300 per hour", key_func=_link, exempt_when=_is_shared_link)
def answer(token: str) -> ResponseReturnValue:
    """Record an answer: `sign`, `suggest` (sign, then suggest), `board`, `more time`, `decline`, `forward`;
    `ask code` sends a code to the contact on record of the organisation, `code` takes it. By the shared link:
    who the visitor is.
    """
    found = _behind(token)
    if isinstance(found, Circulation):
        return _identify(token, found)

    action = request.form.get("action", "")
    try:
        if action in ("sign", "suggest"):
            return _sign(token, found, then_suggest=action == "suggest")
        if action in OTHER_ANSWERS:
            return _other(token, found, Answer(action))
        if action == "forward":
            return _forward(token, found)
        if action in ("ask code", "code"):
            return _vouched(token, found, asked=action == "ask code")
    except InvitationOver:
        return _gone(db.session.get_one(Statement, found.statement_id))

    return error_pages.page(
        422, _("Unknown action"), _("Please go back and use one of the buttons."), NEUTRAL
    )


@bp.get("/i/<token>/suggest")
def suggest(token: str) -> ResponseReturnValue:
    """The text in a field, to be edited as the organisation would like it."""
    invitation = _invitation(token)
    text = _text_of(invitation.statement_id)
    form = SuggestForm(
        formdata=None,
        data={"body": circulated_texts.text_for(text, language()).body, "read": str(text.number)},
    )
    return _suggest_page(token, invitation, form)


@bp.post("/i/<token>/suggest")
@limit_visitors("20 per minute; 100 per hour", "80 per minute; 400 per hour")
@limiter.limit("20 per minute; 100 per hour", key_func=_link, exempt_when=_is_shared_link)
def suggested(token: str) -> ResponseReturnValue:
    """Store the changes as suggestions, paragraph by paragraph."""
    invitation, form = _invitation(token), SuggestForm(request.form)
    if not form.validate():
        return _suggest_page(token, invitation, form, 422)

    try:
        with writing() as session:
            kept = suggestions.suggest(
                session,
                invitation.id,
                language(),
                whole_number(form.read.data),
                form.body.data,
                (form.remark.data or "").strip(),
            )
    except TextMoved:
        form.body.errors = [
            _(
                "The circulating text has changed meanwhile. Please copy what you have written, and reload"
                " the page."
            )
        ]
        return _suggest_page(token, invitation, form, 409)
    except TooManyChanges:
        form.body.errors = [
            _(
                "More than %(most)s paragraphs differ. Please e-mail the whole text to the organisers.",
                most=suggestions.MOST,
            )
        ]
        return _suggest_page(token, invitation, form, 422)
    except InvitationOver:
        return _gone(db.session.get_one(Statement, invitation.statement_id))
    if not kept:
        form.body.errors = [_("Nothing differs from the present text.")]
        return _suggest_page(token, invitation, form, 422)

    return redirect(url_for(".show", token=token, _anchor="answer"), 303)


def _behind(token: str) -> Invitation | Circulation:
    """The objects that a link opens. Raises TokenInvalid, TokenExpired."""
    try:
        found: Any = db.session.get(Invitation, tokens.read(Purpose.CIRCULATION, token))
    except TokenInvalid:
        shared = tokens.read(Purpose.SHARED_CIRCULATION, token)
        found = db.session.scalar(
            select(Circulation).where(Circulation.shared_id == shared, Circulation.ended_at.is_(None))
        )
    if found is None:
        raise TokenExpired

    if getattr(found, "over", False):
        title = _("This link no longer works")
        abort(
            error_pages.page(
                410,
                title,
                _("A colleague has answered using their own link, or the invitation was cancelled."),
                NEUTRAL,
            )
        )

    return found  # type: ignore[no-any-return]


def _invitation(token: str) -> Invitation:
    found = _behind(token)
    if not isinstance(found, Invitation):
        raise TokenExpired
    statement = db.session.get_one(Statement, found.statement_id)
    return found if answers.takes_answers(statement) else abort(_gone(statement))


def _gone(statement: Statement) -> Response:
    """The page (410) on why no answers are taken, and what becomes of one already given."""
    if statement.status == Status.DRAFT:
        text = _(
            "The text has been withdrawn and is being worked on. Your answer is kept; if the text is sent for"
            " sign-on again, this link will open it."
        )
    else:
        text = _("The text and the list are public, and the list is closed to further organisations.")
    return error_pages.page(410, _("Answers are no longer accepted"), text, NEUTRAL)


def _text_of(statement_id: int) -> CirculatedText:
    return circulated_texts.newest_text(db.session(), statement_id) or abort(404)


def _page(token: str, invitation: Invitation, status: int = 200, **forms: Any) -> ResponseReturnValue:
    statement = db.session.get_one(Statement, invitation.statement_id)
    circulation = db.session.get_one(Circulation, statement.id)
    if invitation.signature_id is None and not answers.takes_answers(statement):
        return _gone(statement)

    text = _text_of(statement.id)
    page = render_template(
        "circulation/invitation.html",
        token=token,
        invitation=invitation,
        contact=contact_of(invitation),
        slug=statement.slug,
        agreed=invitation.text_id in circulated_texts.standing(db.session(), statement.id),
        earlier=_number_of(invitation.text_id),
        page_link=publication.own_page(invitation, language()),
        own_suggestions=_own_suggestions(invitation),
        sign=forms.get("sign") or _blank(invitation, text),
        remark=forms.get("remark")
        or RemarkForm(formdata=None, data={"remark": contact_of(invitation).remark}),
        forward=forms.get("forward") or ForwardForm(formdata=None),
        forwarded=request.args.get("passed") == "on",
        code=forms.get("code") or SharedCodeForm(formdata=None),
        code_sent=request.args.get("code") == "sent",
        prepared_for=_prepared_for(invitation),
        **_around(circulation, statement, text),
    )

    return make_response(page, status)


def _around(circulation: Circulation, statement: Statement, text: CirculatedText) -> dict[str, Any]:
    """The context of both pages: text, owners, deadline, and the signatories so far."""
    said = circulated_texts.text_for(text, language())
    owners = organisations_by_id([owner.organisation_id for owner in statement.owners])
    left = circulation.deadline - clock.now()

    return {
        "statement": statement,
        "round": is_round(statement),
        "text": text,
        "said": said,
        "body": render_markdown(said.body),
        "languages_of_text": [one.language for one in circulated_texts.texts_in(text)],
        "owners": [display_name(owners[owner.organisation_id], language()) for owner in statement.owners],
        "inviter": inviter_of(circulation),
        "until": until(circulation, statement, language()),
        "until_utc": statement.time_zone != UTC,
        "deadline": circulation.deadline,
        "left": _left(left),
        "publishes_at": statement.opens_at,
        "signed_so_far": shown_early(statement.id),
    }


def _left(left: dt.timedelta) -> str:
    """The time left, rounded down: in minutes within the last hours, in hours within the last two days."""
    if left <= dt.timedelta():
        return ""
    unit, granularity = (
        (60, "minute")
        if left < dt.timedelta(hours=3)
        else (3_600, "hour")
        if left < dt.timedelta(days=2)
        else (86_400, "day")
    )
    whole = dt.timedelta(seconds=max(int(left.total_seconds()) // unit, 1) * unit)
    return str(format_timedelta(whole, granularity=granularity, threshold=1_000))


def _shared(
    token: str, circulation: Circulation, form: SharedForm, status: int = 200, *, sent: bool = False
) -> ResponseReturnValue:
    statement = db.session.get_one(Statement, circulation.statement_id)
    if not is_round(statement):
        return _gone(statement)
    around = _around(circulation, statement, _text_of(statement.id))
    return make_response(
        render_template("circulation/shared.html", token=token, form=form, sent=sent, **around), status
    )


def _identify(token: str, circulation: Circulation) -> ResponseReturnValue:
    form = SharedForm(request.form)
    is_valid = form.validate()
    is_settled = bool(form.organisation.errors) or form.settle_organisation(
        known_names(form.organisation.data)
    )
    if not (is_valid and is_settled):
        return _shared(token, circulation, form, 422)
    contact = Contact(form.email.data, form.person.data, form.organisation.data)
    with writing() as session:
        answers.ask_for_link(
            session, session.get_one(Circulation, circulation.statement_id), contact, language()
        )
    return _shared(token, circulation, SharedForm(formdata=None), sent=True)


def _sign(token: str, invitation: Invitation, *, then_suggest: bool) -> ResponseReturnValue:
    form = InvitedSignForm(request.form)
    is_valid = form.validate()
    # Asked beside whatever else is wrong: nobody should be stopped twice.
    is_settled = bool(form.organisation.errors) or form.settle_organisation(_names_meant(invitation, form))
    if not (is_valid and is_settled):
        return _page(token, invitation, 422, sign=form)

    given = Given(
        Answer.SIGN,
        form.contact(),
        form.country.data or None,
        bool(form.shown_early.data),
        read=whole_number(form.read.data),
        language=language(),
    )

    try:
        with writing() as session:
            answers.give(session, invitation.id, given)
    except AnsweredAlready:
        form.organisation.errors = [
            _(
                "Somebody has already signed for this organisation. Please ask your colleagues, or write to"
                " the organisers."
            )
        ]
        return _page(token, db.session.get_one(Invitation, invitation.id), 409, sign=form)
    except TextMoved:
        form.organisation.errors = [
            _(
                "The demands have changed since you opened the page. Please read the new text above, and then"
                " sign."
            )
        ]
        form.read.data = str(_text_of(invitation.statement_id).number)
        return _page(token, invitation, 409, sign=form)

    where = (
        url_for(".suggest", token=token) if then_suggest else url_for(".show", token=token, _anchor="answer")
    )
    return redirect(where, 303)


def _names_meant(invitation: Invitation, form: InvitedSignForm) -> dict[str, KnownName]:
    """The organisations that may be meant; none where the name is that of the invitation or as signed."""
    typed, contact = form.organisation.data, contact_of(invitation)
    if typed in (contact.organisation, contact.known_as):
        return {}
    return known_names(typed, None if invitation.unknown else invitation.organisation_id)


def _other(token: str, invitation: Invitation, answered: Answer) -> ResponseReturnValue:
    form = RemarkForm(request.form)
    if not form.validate():
        return _page(token, invitation, 422, remark=form)
    with writing() as session:
        answers.give(
            session,
            invitation.id,
            Given(answered, contact_of(invitation), remark=(form.remark.data or "").strip()),
        )
    return redirect(url_for(".show", token=token, _anchor="answer"), 303)


def _forward(token: str, invitation: Invitation) -> ResponseReturnValue:
    form = ForwardForm(request.form)
    if not form.validate():
        return _page(token, invitation, 422, forward=form)

    try:
        with writing() as session:
            answers.pass_on(session, invitation.id, Contact(form.email.data, form.person.data))
    except PassedOnTooOften:
        form.email.errors = [
            _(
                "You have passed it on to %(most)s colleagues. To reach more, please write to the"
                " organisers.",
                most=answers.MOST_COLLEAGUES,
            )
        ]
        return _page(token, db.session.get_one(Invitation, invitation.id), 422, forward=form)
    return redirect(url_for(".show", token=token, passed="on", _anchor="answer"), 303)


def _vouched(token: str, invitation: Invitation, *, asked: bool) -> ResponseReturnValue:
    """Handle the code by which the contact on record confirms that this mailbox speaks for the organisation:
    send it (`asked`) or check it.
    """
    if asked:
        with writing() as session:
            answers.send_code(session, invitation.id)
        return redirect(url_for(".show", token=token, code="sent", _anchor="answer"), 303)

    form, counter = SharedCodeForm(request.form), Counter("invitation code", str(invitation.id), _CODE_PACE)
    try:
        if form.validate() and (wait := counter.seconds_to_wait()):
            form.code.errors = [
                ngettext(
                    "There were several wrong attempts. Please wait %(num)s second, then try again.",
                    "There were several wrong attempts. Please wait %(num)s seconds, then try again.",
                    wait,
                )
            ]
        elif form.validate():
            with writing() as session:
                fits = answers.take_code(session, invitation.id, form.code.data)
            if fits:
                counter.forget()
                return redirect(url_for(".show", token=token, _anchor="answer"), 303)
            counter.fail()
            form.code.errors = [_("This is not the code that was sent.")]
    except AnsweredAlready:
        form.code.errors = [
            _(
                "Somebody has already signed for this organisation. Please ask your colleagues, or write to"
                " the organisers."
            )
        ]

    return _page(token, db.session.get_one(Invitation, invitation.id), 422, code=form)


def _suggest_page(
    token: str, invitation: Invitation, form: SuggestForm, status: int = 200
) -> ResponseReturnValue:
    statement = db.session.get_one(Statement, invitation.statement_id)
    around = _around(db.session.get_one(Circulation, statement.id), statement, _text_of(statement.id))
    page = render_template(
        "circulation/suggest.html", token=token, form=form, prepared_for=_prepared_for(invitation), **around
    )
    return make_response(page, status)


def _blank(invitation: Invitation, text: CirculatedText) -> InvitedSignForm:
    """The form with the fields as signed, else as the registry and the invitation have them."""
    contact, registered = (
        contact_of(invitation),
        organisations_by_id([invitation.organisation_id or 0]).get(invitation.organisation_id or 0),
    )
    return InvitedSignForm(
        formdata=None,
        data={
            "organisation": contact.organisation
            or (display_name(registered, language()) if registered else ""),
            "name": contact.person,
            "title": contact.title,
            "country": invitation.country or (registered.country if registered else ""),
            "website": contact.website or ((registered.website or "") if registered else ""),
            "show_name": contact.show_name,
            "logo": contact.logo,
            "shown_early": invitation.shown_early,
            "read": str(text.number),
        },
    )


def _prepared_for(invitation: Invitation) -> str:
    """The recipient of the link, by the fields that they can't change."""
    contact = contact_of(invitation)
    return " · ".join(filter(None, (contact.known_as, contact.email)))


def _number_of(text_id: int | None) -> int | None:
    text = db.session.get(CirculatedText, text_id) if text_id else None
    return text.number if text else None


def _own_suggestions(invitation: Invitation) -> list[Suggestion]:
    return list(
        db.session.scalars(
            select(Suggestion).where(Suggestion.invitation_id == invitation.id).order_by(Suggestion.id)
        )
    )
