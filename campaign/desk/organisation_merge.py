"""Merging two records of the registry: a page that shows the effect in several rooms."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts.grants import Permission
from campaign.accounts.permissions import Scope, confined_to, refuse_what_concerns_others, requires
from campaign.core.database import writing
from campaign.core.language import language
from campaign.core.text import searchable
from campaign.desk.operations import merge_organisations
from campaign.desk.views import bp
from campaign.extensions import db
from campaign.organisations.duplicates import similar_to
from campaign.organisations.merge import takeover
from campaign.organisations.models import Organisation
from campaign.organisations.network_merge import membership_moves, other_organisation
from campaign.organisations.queries import (
    display_name,
    find_organisations,
    organisation_at,
    organisation_by_slug,
    organisations_by_id,
)
from campaign.signatures.organisation_merge import shown_moves
from campaign.statements.queries import owned_by, statement_lines

_MOST = 20


def _load_merged(slug: str) -> Organisation:
    """The record that is merged into another. Aborts: 403 for members limited to some organisations, 404."""
    if confined_to() is not None:
        refuse_what_concerns_others()
    return organisation_by_slug(slug) or abort(404)


_merged_in_path = Scope("slug", "goes", _load_merged)


@bp.get("/organisations/<slug>/merge")
@requires(Permission.WRITE_STATEMENTS, of=_merged_in_path)
def merge(goes: Organisation) -> ResponseReturnValue:
    """Choose the other record; with `into`, see the effect of a merge."""
    address = searchable(request.args.get("into", ""))
    if not address:
        return _choice(goes)

    stays = organisation_at(address)
    if stays is None:
        return _choice(goes, _nowhere()), 422
    if stays.id == goes.id:
        return _choice(goes, _itself()), 422

    return _preview(goes, stays)


@bp.post("/organisations/<slug>/merge")
@requires(Permission.WRITE_STATEMENTS, of=_merged_in_path)
def do_merge(goes: Organisation) -> ResponseReturnValue:
    """Merge, once the member has confirmed that both are one organisation."""
    stays = organisation_at(request.form.get("into", ""))
    if stays is None:
        return _choice(goes, _nowhere()), 422
    if stays.id == goes.id:
        return _choice(goes, _itself()), 422
    if not request.form.get("sure"):
        return _preview(goes, stays, _("Please confirm that both are the same organisation.")), 422

    goes_id, stays_id = goes.id, stays.id
    with writing() as session:
        invalidated = merge_organisations(session, goes_id, stays_id)

    flash(_("The two records have been merged. The old address leads here."), "done")
    if invalidated:
        note = _(
            "Both had signed the same statement: the later signature has been invalidated, and remains in "
            "the table of signatures."
        )
        flash(note, "note")

    return redirect(url_for("organisations_desk.edit", slug=stays.slug), 303)


def _choice(goes: Organisation, problem: str = "") -> str:
    """The page to search for the record that stays, with likely ones at once."""
    words = searchable(request.args.get("q", ""))
    found = find_organisations(words, most=_MOST + 1) if words else _likely(goes)
    others = [organisation for organisation in found if organisation.id != goes.id][:_MOST]
    named = [(organisation, display_name(organisation, language())) for organisation in others]
    return render_template(
        "organisations/desk_merge.html",
        goes=goes,
        name=display_name(goes, language()),
        others=named,
        q=words,
        problem=problem,
    )


def _likely(goes: Organisation) -> list[Organisation]:
    similar = similar_to([name.name for name in goes.names], but=goes.id)
    known = organisations_by_id(similar)
    return [known[organisation_id] for organisation_id in similar]


def _preview(goes: Organisation, stays: Organisation, problem: str = "") -> str:
    moved = shown_moves(db.session(), goes.id, stays.id)
    lines = {line.id: line for line in statement_lines(language(), drafts=True)}

    return render_template(
        "organisations/desk_merge_preview.html",
        goes=goes,
        stays=stays,
        name=display_name(goes, language()),
        staying=display_name(stays, language()),
        taken=takeover(goes, stays),
        memberships=[
            (display_name(other_organisation(db.session(), goes.id, move), language()), move)
            for move in membership_moves(db.session(), goes.id, stays.id)
        ],
        owned=[lines[statement_id] for statement_id in owned_by(goes.id) if statement_id in lines],
        signed=[lines[move.statement_id] for move in moved if move.statement_id in lines],
        twice=[
            (lines[move.statement_id], move)
            for move in moved
            if move.invalidated and move.statement_id in lines
        ],
        problem=problem,
    )


def _itself() -> str:
    return str(_("An organisation can't be merged with itself. Please choose the other record."))


def _nowhere() -> str:
    return str(_("The registry has no organisation at this address."))
