"""The release of a person, for the team: one form, then one page with all that changes and is sent."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import TextAreaField
from wtforms.validators import StopValidation

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import requires
from campaign.core import clock
from campaign.core.database import writing
from campaign.core.forms import Filled, LineField, NoLongerThan, PlainText, TeamForm, YesField
from campaign.core.ids import new_id
from campaign.core.language import language, language_name, link_as
from campaign.people.dates import When, parse
from campaign.people.errors import TimelineFault
from campaign.people.labels import days_in_words, fault_in_words, status_words, when_in_words
from campaign.people.models import Person
from campaign.people.rights import person_in_path
from campaign.people.team_queries import name_of
from campaign.people.timeline import Event
from campaign.people.vocabulary import EventKind
from campaign.statements.queries import statement_lines
from campaign.updates import release
from campaign.updates.forms import LONGEST_BODY
from campaign.updates.operations import UpdateWords
from campaign.updates.release import Decided, DraftedNews, Rehearsal

bp = Blueprint("release_desk", __name__, url_prefix="/desk/people")


class _ReleaseForm(TeamForm):
    when = LineField(_l("Released"))

    def validate_when(self, field: LineField) -> None:
        try:
            when = parse(field.data or "")
        except ValueError:
            raise StopValidation(
                _("Please enter the date as 2021-07-14, 2021-07, 2021, by 2025-09, or: unknown.")
            ) from None
        if when.day is not None and when.day > clock.today():
            raise StopValidation(_("This day is in the future. Please record only what has happened."))

    def event(self) -> Event:
        """The release that was typed, once the form is valid."""
        return Event(EventKind.RELEASE, parse(self.when.data or ""), event_id=new_id())


@bp.route("/<slug>/release", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENTS, of=person_in_path)
def release_of(person: Person) -> ResponseReturnValue:
    """The form for the day; sent, the page with everything that follows; sent again with `carry_out`, the
    release, with its news published and mailed as decided.
    """
    link_as(url_for(".release_of", slug=person.slug))
    form: Any = _ReleaseForm(data={"when": str(When(clock.today()))})
    if not form.validate_on_submit():
        return _form_page(person, form), 422 if form.errors else 200
    try:
        rehearsal = release.rehearse(person.id, form.event())
        return _decide(person, form.when.data, rehearsal)
    except TimelineFault as refused:
        form.when.errors = [fault_in_words(refused.fault)]
        return _form_page(person, form), 422


def _decide(person: Person, when: str, rehearsal: Rehearsal) -> ResponseReturnValue:
    own = [news for news in rehearsal.news if news.own]
    sent = "carry_out" in request.form
    form: Any = _news_form(own)() if sent else _news_form(own)(formdata=None, data=_drafted(own, when))
    if not (sent and form.validate()):
        return _check_page(person, form, rehearsal), 422 if sent else 200

    decided, slug = [_decided(form, news) for news in own], person.slug
    with writing() as session:
        published = release.carry_out(session, person.id, form.event(), decided)
    said = _("The release is recorded. Every page, count and card follows at once.")
    if published:
        said += " " + ngettext(
            "%(num)s news item was published.", "%(num)s news items were published.", published
        )
    if any(one.publish and one.mail for one in decided):
        said += " " + _("The e-mails are on their way.")
    flash(said, "done")
    return redirect(url_for("people_desk.show", slug=slug), 303)


def _news_form(drafted: list[DraftedNews]) -> Any:
    """The form class of the page: the day, and for each campaign the words and what is done with them."""
    fields: dict[str, Any] = {}
    for news in drafted:
        for said in news.texts:
            fields[f"title_{news.statement_id}_{said.language}"] = LineField(
                _l("Title"), [Filled(_l("Please enter a title.")), NoLongerThan(200), PlainText()]
            )
            fields[f"body_{news.statement_id}_{said.language}"] = TextAreaField(
                _l("Text, in Markdown"), [NoLongerThan(LONGEST_BODY), PlainText(lines=True)]
            )
        fields[f"publish_{news.statement_id}"] = YesField(_l("Publish this on the page of the campaign"))
        fields[f"mail_{news.statement_id}"] = YesField(_l("E-mail the signers who asked for news"))
    return type("ReleaseForm", (_ReleaseForm,), fields)


def _drafted(drafted: list[DraftedNews], when: str) -> dict[str, Any]:
    values: dict[str, Any] = {"when": when}
    for news in drafted:
        values |= {f"publish_{news.statement_id}": True, f"mail_{news.statement_id}": news.waiting > 0}
        for said in news.texts:
            values[f"title_{news.statement_id}_{said.language}"] = said.title
            values[f"body_{news.statement_id}_{said.language}"] = said.body
    return values


def _decided(form: Any, news: DraftedNews) -> Decided:
    key = news.statement_id
    texts = tuple(
        UpdateWords(
            said.language,
            form[f"title_{key}_{said.language}"].data,
            (form[f"body_{key}_{said.language}"].data or "").strip(),
        )
        for said in news.texts
    )
    return Decided(key, texts, form[f"publish_{key}"].data, form[f"mail_{key}"].data)


def _form_page(person: Person, form: Any) -> str:
    return render_template("updates/desk_release.html", person=person, name=name_of(person), form=form)


def _check_page(person: Person, form: Any, rehearsal: Rehearsal) -> str:
    ids = [news.statement_id for news in rehearsal.news]
    return render_template(
        "updates/desk_release_check.html",
        person=person,
        name=name_of(person),
        form=form,
        rehearsal=rehearsal,
        when=when_in_words(parse(form.when.data)),
        statuses=status_words(),
        days_in_words=days_in_words,
        language_name=language_name,
        campaigns={line.id: line for line in statement_lines(language(), ids=ids)} if ids else {},
    )
