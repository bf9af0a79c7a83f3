"""The registry of organisations, for the team."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.accounts.grants import Permission
from campaign.accounts.navigation import NavEntry
from campaign.accounts.permissions import Reach, confined_to, requires
from campaign.config import LANGUAGES
from campaign.core.database import writing
from campaign.core.edit_lock import EditedMeanwhile
from campaign.core.formats import countries, country_codes
from campaign.core.language import language
from campaign.core.query_parameters import one_of, one_of_kinds
from campaign.core.text import searchable
from campaign.organisations import team_operations
from campaign.organisations.duplicates import likely_duplicates, similar_to
from campaign.organisations.errors import DomainTaken, HasMembers, HasStatements
from campaign.organisations.forms import (
    LogoForm,
    LogoRemovalForm,
    OrganisationContent,
    OrganisationForm,
    organisation_fingerprint,
    organisation_form_values,
    status_choices,
)
from campaign.organisations.models import Organisation, UnStatus
from campaign.organisations.networks import count_members, networks_of
from campaign.organisations.queries import (
    DISSOLVED,
    SORTS,
    OrganisationFilters,
    display_name,
    find_organisations,
    organisations_by_id,
)
from campaign.organisations.rights import organisation_in_path

bp = Blueprint("organisations_desk", __name__, url_prefix="/desk/organisations")
NAV_ENTRY = NavEntry("organisations_desk.index", _l("Organisations"), 60, Permission.WRITE_STATEMENTS)
_PAGE = 100
_PAIRS = 10


@bp.get("/")
@requires(Permission.WRITE_STATEMENTS, of=Reach.OWN)
def index() -> ResponseReturnValue:
    """The registry in pages, with search in all names, and records that may be duplicates."""
    words, after, filters = (
        searchable(request.args.get("q", "")),
        searchable(request.args.get("after", "")),
        _filters(),
    )
    found = find_organisations(words, after, _PAGE + 1, filters)
    chosen = {"q": words or None, "country": filters.country or None, "status": filters.status or None}
    chosen["sort"] = filters.sort if filters.sort != SORTS[0] else None

    return render_template(
        "organisations/desk_index.html",
        lines=[(organisation, display_name(organisation, language())) for organisation in found[:_PAGE]],
        filters=filters,
        chosen={name: value for name, value in chosen.items() if value},
        after=after,
        next=found[_PAGE - 1].slug if len(found) > _PAGE else None,
        statuses=[*status_choices(), (DISSOLVED, _("dissolved"))],
        pairs=_pairs() if not after else [],
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENTS, of=Reach.OWN)
def create() -> ResponseReturnValue:
    """Enter an organisation; its logo comes afterwards."""
    form, similar = OrganisationForm(), []
    if form.validate_on_submit() and _may_enter(form):
        entry = form.entry()
        similar = [] if form.sure.data else _named(similar_to((*entry.names.values(), *entry.aliases)))
        slug = None if similar else _enter(form, entry)
        if slug:
            flash(_("The organisation has been added to the registry. You can add its logo below."), "done")
            return redirect(url_for(".edit", slug=slug), 303)
    page = render_template("organisations/desk_form.html", form=form, organisation=None, similar=similar)
    return page, 422 if form.errors or similar else 200


@bp.route("/<slug>/edit", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENTS, of=organisation_in_path)
def edit(organisation: Organisation) -> ResponseReturnValue:
    """Change what the registry says of an organisation."""
    form, similar = OrganisationForm(data=_loaded(organisation)), []
    if form.validate_on_submit() and _may_enter(form, organisation):
        entry = form.entry()
        similar = [] if form.sure.data else _named(_newly_similar(organisation, entry))
        try:
            if not similar and _change(form, organisation.id, entry):
                flash(_("Saved."), "done")
                return redirect(url_for(".index"), 303)
        except EditedMeanwhile:
            return _conflict(organisation, form)

    return edit_page(organisation, form, similar=similar), 422 if form.errors or similar else 200


def _loaded(organisation: Organisation) -> dict[str, Any]:
    return organisation_form_values(organisation) | {"state": organisation_fingerprint(organisation)}


def _conflict(organisation: Organisation, form: Any) -> ResponseReturnValue:
    """The conflict where somebody else has saved this record, or merged it: nothing is overwritten before
    both were looked at.
    """
    form.state.data, saved = organisation_fingerprint(organisation), organisation_form_values(organisation)
    theirs = [
        str(form[name].label.text)
        for name, value in saved.items()
        if (form[name].data or "") != (value or "")
    ]
    said = _(
        "Somebody has changed this record since you opened it. These fields differ from what is saved now: "
        "%(fields)s.",
        fields=", ".join(theirs),
    )
    form.state.errors = [
        said + " " + _("What you typed is shown below. Please compare the two, and save again.")
    ]

    return make_response(edit_page(organisation, form), 409)


def _may_enter(form: Any, organisation: Organisation | None = None) -> bool:
    """True when the member may enter what the form says; else False, with the reason beside each field.

    Names, mail domains and the status with the UN decide who speaks for whom on every statement, and a
    network stands on the pages of others: only members who work for the whole site enter them.
    """
    if confined_to() is None:
        return True

    before = (
        organisation_form_values(organisation)
        if organisation
        else {"domains": [], "un_status": UnStatus.NONE, "is_network": False}
    )
    for name, value in before.items():
        decides = name.startswith("name_") or name in (
            "others",
            "canonical",
            "aliases",
            "domains",
            "un_status",
            "is_network",
        )
        if decides and (form[name].data or "") != (value or ""):
            form[name].errors = [
                _("Only somebody who works for the whole site can enter this. Please ask them.")
            ]

    added = [
        f"name_{code}"
        for code in LANGUAGES
        if organisation and f"name_{code}" not in before and form[f"name_{code}"].data
    ]
    for name in added:
        form[name].errors = [_("Only somebody who works for the whole site can enter this. Please ask them.")]
    return not form.errors


def edit_page(
    organisation: Organisation,
    form: Any = None,
    logo_form: Any = None,
    similar: Iterable[tuple[str, str]] = (),
) -> str:
    """The page of one record: its form, its logo, and the way to merge it."""
    return render_template(
        "organisations/desk_form.html",
        form=form or OrganisationForm(formdata=None, data=_loaded(organisation)),
        logo_form=logo_form
        or LogoForm(
            formdata=None, data={"description": organisation.logo.description if organisation.logo else ""}
        ),
        organisation=display_name(organisation, language()),
        slug=organisation.slug,
        logo=organisation.logo,
        logo_removal=LogoRemovalForm(formdata=None) if organisation.logos else None,
        similar=similar,
        network=organisation.is_network,
        members=count_members(organisation.id) if organisation.is_network else 0,
        networks=[(one, display_name(one.organisation, language())) for one in networks_of(organisation.id)],
    )


def _filters() -> OrganisationFilters:
    no_country = _("There is no country with this code.")
    return OrganisationFilters(
        country=one_of("country", country_codes(), no_country, upper=True),
        status=one_of_kinds("status", {*UnStatus, DISSOLVED}),
        sort=one_of_kinds("sort", SORTS) or SORTS[0],
        countries=tuple(code for code, _name in countries(language())),
    )


def _enter(form: Any, entry: OrganisationContent) -> str | None:
    """The address of the new organisation; None with the reason beside the field."""
    try:
        with writing() as session:
            return team_operations.enter(session, entry).slug
    except DomainTaken as taken:
        _say_taken(form, taken)
        return None


def _change(form: Any, organisation_id: int, entry: OrganisationContent) -> bool:
    """True when it was saved; False with the reason beside the field. Raises EditedMeanwhile."""
    try:
        with writing() as session:
            team_operations.change(session, organisation_id, entry, form.state.data or "")
    except DomainTaken as taken:
        _say_taken(form, taken)
        return False
    except HasMembers:
        form.is_network.errors = [_("Its members are recorded here: it stays a network.")]
        return False
    except HasStatements:
        form.is_network.errors = [
            _("There are statements of this network: it stays one. Please change them first.")
        ]
        return False
    return True


def _newly_similar(organisation: Organisation, entry: OrganisationContent) -> list[int]:
    """The ids of similar organisations, the closest first.

    Only names that are new are looked at: a member who changes the website has seen the others before.
    """
    known = {name.name for name in organisation.names}
    new = [name for name in (*entry.names.values(), *entry.aliases) if name not in known]
    return similar_to(new, but=organisation.id) if new else []


def _named(organisation_ids: list[int]) -> list[tuple[str, str]]:
    """(address, name) of organisations, in the order of `organisation_ids`."""
    registry = organisations_by_id(organisation_ids)
    known = [registry[each] for each in organisation_ids if each in registry]
    return [(organisation.slug, display_name(organisation, language())) for organisation in known]


def _pairs() -> list[tuple[tuple[str, str], tuple[str, str]]]:
    """Records that may be duplicates, each pair as (address, name)."""
    pairs = likely_duplicates(_PAIRS)
    registry = organisations_by_id({each for pair in pairs for each in (pair.first, pair.second)})
    shown = {each: (found.slug, display_name(found, language())) for each, found in registry.items()}
    return [
        (shown[pair.first], shown[pair.second])
        for pair in pairs
        if pair.first in shown and pair.second in shown
    ]


def _say_taken(form: Any, taken: DomainTaken) -> None:
    form.domains.errors = [
        _("%(domain)s belongs to another organisation in the registry.", domain=taken.domain)
    ]
