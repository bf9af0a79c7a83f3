"""Topics, for the team."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import StopValidation

from campaign.accounts.grants import Permission
from campaign.accounts.navigation import NavEntry
from campaign.accounts.permissions import Reach, requires
from campaign.config import LANGUAGES
from campaign.core.database import writing
from campaign.core.edit_lock import EditedMeanwhile, OpenedWithField
from campaign.core.forms import LineField, NoLongerThan, PlainText, TeamForm
from campaign.core.language import language
from campaign.core.text import make_slug
from campaign.statements import team_operations, topics
from campaign.statements.errors import TopicSlugTaken
from campaign.statements.models import Topic
from campaign.statements.rights import topic_in_path
from campaign.statements.topics import TopicWords

bp = Blueprint("topics_desk", __name__, url_prefix="/desk/topics")
NAV_ENTRY = NavEntry("topics_desk.index", _l("Topics"), 80, Permission.WRITE_STATEMENTS)
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# This word names a page of the desk under /desk/topics/.
_RESERVED = {"new"}


class _TopicForm(TeamForm):
    slug = LineField(_l("Address on this site"), [NoLongerThan(120)])
    state = OpenedWithField()

    def validate_slug(self, field: LineField) -> None:
        field.data = field.data or make_slug(next((said.name for said in self.names().values()), ""))
        if self.names() and (field.data in _RESERVED or not _SLUG.fullmatch(field.data)):
            raise StopValidation(
                _("Please use small Latin letters, digits and single hyphens, such as free-them-all.")
            )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, then that there is a name wherever a description stands, and at all."""
        passed = bool(super().validate(extra_validators))
        nameless = [
            code for code in LANGUAGES if self[f"description_{code}"].data and not self[f"name_{code}"].data
        ]
        wanting = nameless or ([] if self.names() else [next(iter(LANGUAGES))])
        for code in wanting:
            self[f"name_{code}"].errors = [_("Please enter the name.")]
        return passed and not wanting

    def names(self) -> dict[str, TopicWords]:
        """What was typed, by language."""
        typed = {
            code: TopicWords(
                self[f"name_{code}"].data or "", (self[f"description_{code}"].data or "").strip()
            )
            for code in LANGUAGES
        }
        return {code: said for code, said in typed.items() if said.name}


def _fields(code: str) -> dict[str, Any]:
    return {
        f"name_{code}": LineField(_l("Name of the topic"), [NoLongerThan(200), PlainText()]),
        f"description_{code}": TextAreaField(
            _l("In a sentence or two (optional)"), [NoLongerThan(1_000), PlainText(lines=True)]
        ),
    }


# Two fields per language of the interface; FormMeta collects them as if they stood in the class.
TopicForm = type(
    "TopicForm", (_TopicForm,), {name: field for code in LANGUAGES for name, field in _fields(code).items()}
)


@bp.get("/")
@requires(Permission.WRITE_STATEMENTS, of=Reach.SITE)
def index() -> ResponseReturnValue:
    """All topics with the number of statements of each."""
    lines = [
        (topics.shown(topic, language()), len(topics.statements_on(topic.id)))
        for topic in topics.all_topics()
    ]
    return render_template("statements/desk_topics.html", lines=lines)


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENTS, of=Reach.SITE)
def create() -> ResponseReturnValue:
    """Enter a topic."""
    form = TopicForm()
    if form.validate_on_submit():
        try:
            with writing() as session:
                team_operations.enter_topic(session, form.slug.data, form.names())
        except TopicSlugTaken:
            form.slug.errors = [_("Another topic has this address. Please choose a different one.")]
        else:
            flash(
                _("The topic has been added. Choose it in the editor of each statement that belongs to it."),
                "done",
            )
            return redirect(url_for(".index"), 303)

    return render_template("statements/desk_topic.html", form=form, topic=None), 422 if form.errors else 200


@bp.route("/<topic>/edit", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENTS, of=topic_in_path)
def edit(topic: Topic) -> ResponseReturnValue:
    """Change the wording of a topic."""
    form = TopicForm(data=_values_of(topic))
    form.slug.data = topic.slug
    if form.validate_on_submit():
        try:
            with writing() as session:
                team_operations.change_topic(session, topic.id, form.names(), form.state.data or "")
        except EditedMeanwhile:
            return _conflict(topic, form)
        flash(_("Saved."), "done")
        return redirect(url_for(".index"), 303)
    page = render_template("statements/desk_topic.html", form=form, topic=topics.shown(topic, language()))
    return page, 422 if form.errors else 200


def _values_of(topic: Topic) -> dict[str, Any]:
    names = {
        f"{part}_{row.language}": getattr(row, part)
        for row in topic.names
        for part in ("name", "description")
    }
    return {"slug": topic.slug, "state": topics.topic_fingerprint(topic)} | names


def _conflict(topic: Topic, form: Any) -> ResponseReturnValue:
    """The conflict page: the fields hold what was typed, with what somebody else saved beside each."""
    values = _values_of(topic)
    form.state.data = values["state"]
    other = TopicForm(formdata=None, data=values)
    typed = [field for field in form if field.name.startswith(("name_", "description_"))]
    differing = [
        (field, other[field.name]) for field in typed if (field.data or "") != (other[field.name].data or "")
    ]
    page = render_template(
        "statements/desk_topic.html", form=form, topic=topics.shown(topic, language()), differing=differing
    )
    return make_response(page, 409)
