"""The page of a topic: its statements and updates."""

from __future__ import annotations

from flask import Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from campaign.core import clock
from campaign.core.language import language, link_as
from campaign.core.page_cache import StoredPage, page_cache
from campaign.pages.views import bp
from campaign.signatories import queries as lists
from campaign.statements.models import Status, Topic
from campaign.statements.published import topic_or_404
from campaign.statements.queries import statement_lines, statements_version
from campaign.statements.topics import shown, statements_on, topics_by_id
from campaign.updates.labels import kind_choices
from campaign.updates.queries import next_hearing, public_update, updates_of_topic, updates_version

# In this order on the page of a topic: statements open for signing, then those nearer to their end.
_ORDER = (Status.OPEN, Status.CLOSED, Status.HANDED_OVER, Status.ARCHIVED)


@bp.get("/t/<topic>")
def topic(topic: str) -> Response:
    """A topic with all its statements, the open ones first, and its timeline.

    Made again each day: it knows which hearing is next.
    """

    def render() -> StoredPage:
        link_as(url_for("pages.topic", topic=topic))
        return StoredPage.of(_html(topic_or_404(topic)).encode(), "text/html", quick=True)

    return (
        page_cache()
        .get(("topic", topic, language()), lambda: topic_version(topic_or_404(topic)), render)
        .response()
    )


@bp.get("/u/<int:update_id>")
def update(update_id: int) -> ResponseReturnValue:
    """A redirect to the page that shows an update: that of its statement, else of its topic."""
    found = public_update(update_id) or abort(404)
    line = statement_lines(language(), ids=[found.statement_id]) if found.statement_id else []
    topics = topics_by_id([found.topic_id]) if found.topic_id else []
    if line:
        return redirect(url_for("pages.statement", slug=line[0].slug, _anchor=f"update-{update_id}"), 302)
    if found.statement_id is not None or not topics:
        abort(404)
    return redirect(url_for("pages.topic", topic=topics[0].slug, _anchor=f"update-{update_id}"), 302)


def topic_version(found: Topic) -> object:
    """A version that changes when anything on the topic's page or in its feeds does."""
    return (
        found.id,
        found.version,
        statements_version(),
        updates_version(),
        lists.all_versions(),
        clock.today(),
    )


def _html(found: Topic) -> str:
    lines = sorted(
        statement_lines(language(), ids=statements_on(found.id)), key=lambda line: _ORDER.index(line.status)
    )
    updates = updates_of_topic(found.id, language())

    return render_template(
        "pages/topic.html",
        topic=shown(found, language()),
        statements=lines,
        by_id={line.id: line for line in lines},
        counts=lists.counts_by_statement([line.id for line in lines]),
        empty=lists.Counts(),
        updates=updates,
        upcoming=next_hearing(updates),
        update_kinds=dict(kind_choices()),
    )
