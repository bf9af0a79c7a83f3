"""Merging two records of the registry: a page that shows what several rooms would do."""

from __future__ import annotations

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts.audit import record
from campaign.accounts.permissions import Permission, requires
from campaign.core.database import writing
from campaign.core.language import language
from campaign.core.text import searchable
from campaign.desk.views import bp
from campaign.extensions import db
from campaign.organisations.duplicates import similar_to
from campaign.organisations.errors import MergedWithItself
from campaign.organisations.merge import merge as merge_records
from campaign.organisations.merge import takeover
from campaign.organisations.models import Organisation
from campaign.organisations.queries import display_name, find_organisations, organisation_at, organisation_by_slug, organisations_by_id
from campaign.signatures.organisation_merge import moves
from campaign.statements.queries import owned_by, statement_lines

_MOST = 20


@bp.get("/organisations/<slug>/merge")
@requires(Permission.WRITE_STATEMENTS)
def merge(slug: str) -> ResponseReturnValue:
    """Choose the other record; with `into`, see what a merge would do."""
    goes = organisation_by_slug(slug) or abort(404)
    address = searchable(request.args.get("into", ""))
    if not address:
        return _choice(goes)
    stays = organisation_at(address)
    if stays is None:
        return make_response(_choice(goes, _nowhere()), 422)
    if stays.id == goes.id:
        return make_response(_choice(goes, _itself()), 422)
    return _preview(goes, stays)


@bp.post("/organisations/<slug>/merge")
@requires(Permission.WRITE_STATEMENTS)
def do_merge(slug: str) -> ResponseReturnValue:
    """Merge, once who does it has said that both are one organisation."""
    goes, stays = organisation_by_slug(slug) or abort(404), organisation_at(request.form.get("into", ""))
    if stays is None:
        return make_response(_choice(goes, _nowhere()), 422)
    if stays.id == goes.id:
        return make_response(_choice(goes, _itself()), 422)
    if not request.form.get("sure"):
        return make_response(_preview(goes, stays, _("Please confirm that both are the same organisation.")), 422)
    try:
        invalidated = _merge(goes.id, stays.id)
    except MergedWithItself:
        return make_response(_choice(goes, _itself()), 422)
    flash(_("The two records have been merged. The old address leads here."), "done")
    if invalidated:
        flash(_("Both had signed the same statement: the later signature has been invalidated, and remains in the table of signatures."), "note")
    return redirect(url_for("organisations_desk.edit", slug=stays.slug), 303)


def _merge(goes: int, stays: int) -> int:
    """Returns how many signatures were invalidated."""
    with writing() as session:
        # In the order of their keys, so that two merges at once wait for one another instead of both for ever.
        locked = {key: session.get_one(Organisation, key, with_for_update=True) for key in sorted((goes, stays))}
        moved = moves(session, goes, stays)
        signatures, invalidated = sum(len(move.moved) for move in moved), sum(move.invalidated is not None for move in moved)
        taken = locked[goes].slug
        merge_records(session, locked[goes], locked[stays])
        subject = f"organisation:{locked[stays].slug}"
        record(session, "organisations merged", subject, merged=taken, moved=signatures, invalidated=invalidated)
    return invalidated


def _choice(goes: Organisation, problem: str = "") -> str:
    """Search for the record that stays; likely ones are there at once."""
    words = searchable(request.args.get("q", ""))
    found = find_organisations(words, most=_MOST + 1) if words else _likely(goes)
    others = [organisation for organisation in found if organisation.id != goes.id][:_MOST]
    named = [(organisation, display_name(organisation, language())) for organisation in others]
    return render_template("organisations/desk_merge.html", goes=goes, name=display_name(goes, language()), others=named, q=words, problem=problem)


def _likely(goes: Organisation) -> list[Organisation]:
    keys = similar_to([name.name for name in goes.names], but=goes.id)
    known = organisations_by_id(keys)
    return [known[key] for key in keys]


def _preview(goes: Organisation, stays: Organisation, problem: str = "") -> str:
    moved = moves(db.session(), goes.id, stays.id)
    lines = {line.id: line for line in statement_lines(language(), drafts=True)}
    return render_template(
        "organisations/desk_merge_preview.html",
        goes=goes,
        stays=stays,
        name=display_name(goes, language()),
        staying=display_name(stays, language()),
        taken=takeover(goes, stays),
        owned=[lines[key] for key in owned_by(goes.id) if key in lines],
        signed=[lines[move.statement_id] for move in moved if move.statement_id in lines],
        twice=[(lines[move.statement_id], move) for move in moved if move.invalidated and move.statement_id in lines],
        problem=problem,
    )


def _itself() -> str:
    return str(_("An organisation can't be merged with itself. Please choose the other record."))


def _nowhere() -> str:
    return str(_("The registry has no organisation at this address."))
