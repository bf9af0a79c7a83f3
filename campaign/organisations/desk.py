"""The registry of organisations, for the team."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from campaign.accounts.audit import record
from campaign.accounts.permissions import Permission, requires
from campaign.config import LANGUAGES
from campaign.core.database import writing
from campaign.core.language import language
from campaign.core.text import searchable
from campaign.organisations.errors import DomainTaken
from campaign.organisations.forms import OrganisationForm
from campaign.organisations.models import Organisation
from campaign.organisations.operations import change_organisation, register_organisation
from campaign.organisations.queries import display_name, find_organisations, organisation_by_slug

bp = Blueprint("organisations_desk", __name__, url_prefix="/desk/organisations")
_PAGE = 100


@bp.get("/")
@requires(Permission.WRITE_STATEMENTS)
def index() -> ResponseReturnValue:
    """The registry in pages by address, with search in all names."""
    words = searchable(request.args.get("q", ""))
    found = find_organisations(words, searchable(request.args.get("after", "")), _PAGE + 1)
    onward = found[_PAGE - 1].slug if len(found) > _PAGE else None
    lines = [(organisation, display_name(organisation, language())) for organisation in found[:_PAGE]]
    return render_template("organisations/desk_index.html", lines=lines, q=words, after=request.args.get("after"), next=onward)


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENTS)
def create() -> ResponseReturnValue:
    """Enter an organisation."""
    form = OrganisationForm()
    if form.validate_on_submit():
        try:
            with writing() as session:
                names = form.names()
                entered = register_organisation(session, names, aliases=form.other_names(names.values()), **_facts(form))
                record(session, "organisation entered", f"organisation:{entered.slug}")
        except DomainTaken as taken:
            _say_taken(form, taken)
        else:
            flash(_("The organisation is in the registry."), "done")
            return redirect(url_for(".index"), 303)
    return render_template("organisations/desk_form.html", form=form, organisation=None), 422 if form.errors else 200


@bp.route("/<slug>/edit", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENTS)
def edit(slug: str) -> ResponseReturnValue:
    """Change what the registry says of an organisation."""
    organisation = organisation_by_slug(slug)
    if organisation is None:
        abort(404)
    form = OrganisationForm(data=_values(organisation))
    name = display_name(organisation, language())
    if form.validate_on_submit():
        try:
            _save(organisation.id, form)
        except DomainTaken as taken:
            _say_taken(form, taken)
        else:
            flash(_("Saved."), "done")
            return redirect(url_for(".index"), 303)
    return render_template("organisations/desk_form.html", form=form, slug=slug, organisation=name), 422 if form.errors else 200


def _save(key: int, form: Any) -> None:
    with writing() as session:
        organisation = session.get_one(Organisation, key, with_for_update=True)
        # Names in languages that the form does not show stay.
        kept = {name.language: name.name for name in organisation.names if name.use == "name" and name.language not in LANGUAGES}
        names = form.names() | kept
        change_organisation(session, organisation, names, aliases=form.other_names(names.values()), **_facts(form))
        record(session, "organisation changed", f"organisation:{organisation.slug}")


def _facts(form: Any) -> dict[str, Any]:
    return {"country": form.country.data or None, "website": form.website.data or None, "domains": form.domains.data}


def _values(organisation: Organisation) -> dict[str, Any]:
    return {
        **{f"name_{name.language}": name.name for name in organisation.names if name.use == "name"},
        "aliases": [name.name for name in organisation.names if name.use == "alias"],
        "country": organisation.country or "",
        "website": organisation.website or "",
        "domains": [row.domain for row in organisation.domains],
    }


def _say_taken(form: Any, taken: DomainTaken) -> None:
    form.domains.errors = [_("%(domain)s belongs to another organisation of the registry.", domain=taken.domain)]
