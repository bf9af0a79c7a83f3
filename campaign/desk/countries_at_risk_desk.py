"""The countries at risk, for owners: the list, and the notice of each country in every language."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import StopValidation

from campaign.accounts.grants import Permission
from campaign.accounts.navigation import NavEntry
from campaign.accounts.permissions import Reach, Scope, confined_to, refuse_what_concerns_others, requires
from campaign.config import LANGUAGES
from campaign.core.database import writing
from campaign.core.edit_lock import EditedMeanwhile, OpenedWithField
from campaign.core.formats import country_codes, country_name
from campaign.core.forms import NoLongerThan, PlainText, TeamForm
from campaign.core.language import language
from campaign.core.long_select import KnownCountryField
from campaign.desk import risk_operations
from campaign.extensions import db
from campaign.site.countries_at_risk import (
    CountriesAtRisk,
    built_in_notice,
    forget_countries,
    notice_fingerprint,
    read_countries,
)

bp = Blueprint("countries_at_risk_desk", __name__, url_prefix="/desk/site/countries-at-risk")
NAV_ENTRY = NavEntry("countries_at_risk_desk.index", _l("Countries at risk"), 95, Permission.MANAGE_SITE)
LONGEST_NOTICE = 600


class CountryForm(TeamForm):
    """The form that adds a country to the list."""

    country = KnownCountryField(_l("Country"), nothing=lambda: _("Choose a country"))

    def validate_country(self, field: KnownCountryField) -> None:
        if field.data not in country_codes():
            raise StopValidation(_("Please choose a country from the list."))


class _NoticesForm(TeamForm):
    state = OpenedWithField()

    def texts(self) -> dict[str, str]:
        """What was typed, by language; empty where ours is to be shown."""
        return {code: "\n".join(_lines(self[f"notice_{code}"].data)) for code in LANGUAGES}


def _lines(typed: str | None) -> list[str]:
    return [line for each in (typed or "").splitlines() if (line := " ".join(each.split()))]


# One field per language of the interface; FormMeta collects them as if they stood in the class.
NoticesForm = type(
    "NoticesForm",
    (_NoticesForm,),
    {
        f"notice_{code}": TextAreaField(_l("Notice"), [NoLongerThan(LONGEST_NOTICE), PlainText(lines=True)])
        for code in LANGUAGES
    },
)


def _load_country(code: str) -> str:
    """The code of a country. Aborts: 404 for what is none, 403 for members of some organisations."""
    if confined_to() is not None:
        refuse_what_concerns_others()
    return code if code in country_codes() else abort(404)


country_in_path = Scope("country", "country", _load_country)


@bp.route("/", methods=["GET", "POST"])
@requires(Permission.MANAGE_SITE, of=Reach.SITE)
def index() -> ResponseReturnValue:
    """The list, and a form that adds a country."""
    form = CountryForm()
    if form.validate_on_submit():
        with writing() as session:
            risk_operations.enter_country(session, form.country.data)
        forget_countries()
        flash(_("Added. Its signers are shown the notice below."), "done")
        return redirect(url_for(".edit", country=form.country.data), 303)

    known = read_countries(db.session())
    lines = [
        (code, name, known.notice(code, language()), language() in known.written.get(code, {}))
        for code, name in known.names(language())
    ]
    page = render_template("desk/countries_at_risk.html", form=form, lines=lines)
    return page, 422 if form.errors else 200


@bp.route("/<country>", methods=["GET", "POST"])
@requires(Permission.MANAGE_SITE, of=country_in_path)
def edit(country: str) -> ResponseReturnValue:
    """The notice of a country, in each language."""
    known = read_countries(db.session())
    form: Any = NoticesForm(data=_values(known, country))
    if not form.validate_on_submit():
        return _edit(country, known, form), 422 if form.errors else 200
    try:
        with writing() as session:
            risk_operations.write_notices(session, country, form.texts(), form.state.data or "")
    except EditedMeanwhile:
        db.session.rollback()
        return _conflict(country, form)
    forget_countries()
    flash(_("Saved. Signers see it at once."), "done")
    return redirect(url_for(".index"), 303)


@bp.post("/<country>/take-off")
@requires(Permission.MANAGE_SITE, of=country_in_path)
def take_off(country: str) -> ResponseReturnValue:
    """Take a country off the list. Doing it twice is no error."""
    with writing() as session:
        taken = risk_operations.take_off_country(session, country)
    forget_countries()
    if taken:
        flash(_("%(country)s is off the list. Its notice is kept.", country=country_name(country)), "done")
    return redirect(url_for(".index"), 303)


def _values(known: CountriesAtRisk, country: str) -> dict[str, str]:
    texts = {f"notice_{code}": text for code, text in known.written.get(country, {}).items()}
    return texts | {"state": notice_fingerprint(known, country)}


def _edit(country: str, known: CountriesAtRisk, form: Any, **more: Any) -> str:
    return render_template(
        "desk/country_at_risk.html",
        country=country,
        listed=country in known,
        form=form,
        built_in={code: built_in_notice(country, code) for code in LANGUAGES},
        **more,
    )


def _conflict(country: str, form: Any) -> ResponseReturnValue:
    """The fields as they were typed, with what somebody else saved beside each."""
    known = read_countries(db.session())
    other: Any = NoticesForm(formdata=None, data=_values(known, country))
    form.state.data = other.state.data
    differing = [
        (form[name], other[name])
        for name in (f"notice_{code}" for code in LANGUAGES)
        if (form[name].data or "") != (other[name].data or "")
    ]
    return _edit(country, known, form, differing=differing), 409
