"""The page of the site's settings, and the five steps in which the first owner sets the site up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.accounts.grants import Permission
from campaign.accounts.navigation import NavEntry
from campaign.accounts.permissions import Reach, requires
from campaign.config import LANGUAGES
from campaign.core import catalogues, pictures
from campaign.core.database import writing
from campaign.core.language import in_language, language, link_as
from campaign.core.pictures import LARGEST_FILE
from campaign.core.query_parameters import number
from campaign.core.request_body import takes_up_to
from campaign.core.settings import settings
from campaign.desk import site_forms, site_operations
from campaign.desk.environment_state import environment_state
from campaign.site import colours, operations
from campaign.site.logos import draw
from campaign.site.models import STEPS
from campaign.site.queries import Site, forget_site, this_site
from campaign.statements.queries import has_sample

bp = Blueprint("site_desk", __name__, url_prefix="/desk/site")
NAV_ENTRY = NavEntry("site_desk.index", _l("Site"), 80, Permission.MANAGE_SITE)
# Large enough that a file slightly too large is read, and answered beside its field.
_LARGEST_BODY = 4 * LARGEST_FILE
_AT_RISK = "/desk/site/countries-at-risk"
# The section of each step; the last one shows what was made.
_SECTIONS = ("names", "look", "contacts", "retention")


@bp.get("")
@requires(Permission.MANAGE_SITE, of=Reach.SITE)
def index() -> ResponseReturnValue:
    """All sections."""
    return _page()


@bp.post("/names")
@requires(Permission.MANAGE_SITE, of=Reach.SITE)
def names() -> ResponseReturnValue:
    """Save name, time zone and languages."""
    return _take("names", site_forms.names_form(this_site()))


@bp.post("/look")
@requires(Permission.MANAGE_SITE, of=Reach.SITE)
def look() -> ResponseReturnValue:
    """Save the colours."""
    return _take("look", site_forms.look_form(this_site()))


@bp.post("/contacts")
@requires(Permission.MANAGE_SITE, of=Reach.SITE)
def contacts() -> ResponseReturnValue:
    """Save who is behind the site, and how to reach them."""
    return _take("contacts", site_forms.contacts_form(this_site()))


@bp.post("/retention")
@requires(Permission.MANAGE_SITE, of=Reach.SITE)
def retention() -> ResponseReturnValue:
    """Save for how long things are kept."""
    return _take("retention", site_forms.retention_form(this_site()))


@bp.post("/texts")
@requires(Permission.MANAGE_SITE, of=Reach.SITE)
def texts() -> ResponseReturnValue:
    """Save what the site says of itself, language by language."""
    form = site_forms.texts_form(this_site())
    if not form.validate():
        return _again("texts", form), 422
    if "preview" in request.form:
        words = dict(this_site().words) | form.words(request.form)
        return _again("texts", form, replace(this_site(), words=words))
    with writing() as session:
        site_operations.change_words(session, form.words(request.form))
    return _saved("texts")


@bp.post("/logo")
@takes_up_to(_LARGEST_BODY)
@requires(Permission.MANAGE_SITE, of=Reach.SITE)
def logo() -> ResponseReturnValue:
    """Take a picture as the logo, or only change the description of the present one."""
    form = site_forms.logo_form(this_site())
    fitting, drawn = form.validate(), pictures.drawn_in(form.picture, draw, needed=this_site().logo is None)
    if not fitting or form.errors:
        return _again("logo", form), 422
    with writing() as session:
        site_operations.change_logo(session, drawn, form.description.data or "")
    return _saved("logo", counts=False)


@bp.post("/logo/remove")
@requires(Permission.MANAGE_SITE, of=Reach.SITE)
def unlogo() -> ResponseReturnValue:
    """Show the name alone again, and the house's icon."""
    with writing() as session:
        site_operations.remove_logo(session)
    return _saved("logo", counts=False)


@bp.get("/start")
@requires(Permission.MANAGE_SITE, of=Reach.SITE)
def start() -> ResponseReturnValue:
    """A step of setting up, by default the one that is due."""
    return _step(_wanted_step() or this_site().setup.next_step)


@bp.post("/start/end")
@requires(Permission.MANAGE_SITE, of=Reach.SITE)
def end() -> ResponseReturnValue:
    """End the setting up, finished or skipped."""
    with writing() as session:
        site_operations.end_setup(session)
    forget_site()
    flash(_("You can change everything later, on the page “Site”."), "done")
    return redirect(url_for("desk.dashboard"), 303)


@bp.get("/colours.css")
@requires(Permission.MANAGE_SITE, of=Reach.SITE)
def preview_colours() -> Response:
    """The colours of a preview: `light` and `dark`, as hexadecimal digits. Without them, the house's."""
    rules = []
    for name, on in (("light", colours.LIGHT), ("dark", colours.DARK)):
        try:
            accent = colours.normal_colour(request.args.get(name, ""))
        except colours.NoColour:
            continue
        rules.append(f".on-{name} {colours.rule(colours.palette(accent, on))}\n")
    return Response("".join(rules), mimetype="text/css")


def _take(section: str, form: Any) -> ResponseReturnValue:
    """Save a section, show a preview of it, or show it again with what is wrong."""
    if not form.validate():
        return _again(section, form), 422
    typed: operations.Section = form.section()
    if "preview" in request.form:
        return _again(section, form, _as_typed(typed))
    with writing() as session:
        site_operations.change_section(session, typed)
        if step := _posted_step():
            operations.note_step(session, step)
    return _saved(section)


def _as_typed(typed: operations.Section) -> Site:
    """The site as it would be."""
    site = this_site()
    if isinstance(typed, operations.NamesAndLanguages):
        languages = {code: LANGUAGES[code] for code in typed.languages}
        return replace(site, name=typed.name, languages=languages, default_language=typed.default_language)
    if isinstance(typed, operations.Colours):
        return replace(site, accent=typed.accent, accent_dark=typed.accent_dark)
    if isinstance(typed, operations.Contacts):
        return replace(
            site,
            operator=typed.operator or site.operator,
            contact=typed.contact,
            press_contact=typed.press_contact,
            social_links=typed.social_links,
        )
    return site


def _again(section: str, form: Any, preview: Site | None = None) -> Response:
    step = _posted_step()
    link_as(url_for(".start", step=step) if step else url_for(".index"))
    shown = _step(step, preview, **{section: form}) if step else _page(preview, **{section: form})
    return make_response(shown)


def _saved(section: str, *, counts: bool = True) -> ResponseReturnValue:
    forget_site()
    flash(_("Saved."), "done")
    step = _posted_step()
    page = (
        f"{bp.url_prefix}/start?step={step + 1 if counts else step}" if step else f"{bp.url_prefix}#{section}"
    )
    # With another default language the page that the owner reads has another prefix.
    return redirect(in_language(language(), page), 303)


def _page(preview: Site | None = None, **forms: Any) -> str:
    return render_template(
        "desk/site.html",
        environment=environment_state(settings()),
        sample=has_sample(),
        **_shown(preview, forms),
    )


def _step(step: int, preview: Site | None = None, **forms: Any) -> str:
    section = _SECTIONS[step - 1] if step <= len(_SECTIONS) else ""
    return render_template(
        "desk/site_step.html", step=step, steps=STEPS, section=section, **_shown(preview, forms)
    )


def _shown(preview: Site | None, forms: dict[str, Any]) -> dict[str, Any]:
    """What both pages show: the forms, those that were sent as they were sent, and the preview."""
    site = this_site()
    made: dict[str, Any] = {
        "names": site_forms.names_form,
        "look": site_forms.look_form,
        "logo": site_forms.logo_form,
        "contacts": site_forms.contacts_form,
        "retention": site_forms.retention_form,
        "texts": site_forms.texts_form,
    }
    return {
        "site": site,
        "forms": {name: forms.get(name) or make(site, formdata=None) for name, make in made.items()},
        "preview": preview or site,
        "previewed": preview is not None,
        "contrasts": _contrasts(preview or site),
        "translated": {code: catalogues.share_translated(code) for code in LANGUAGES},
        "uncompiled": [code for code in LANGUAGES if not catalogues.is_compiled(code)],
        "foreign": [code for code in LANGUAGES if not catalogues.has_our_letters(code)],
        "at_risk": _AT_RISK if _is_there(_AT_RISK) else "",
        "usual": settings(),
    }


def _contrasts(site: Site) -> tuple[colours.Palette, colours.Palette] | None:
    if not site.accent:
        return None
    return (
        colours.palette(site.accent, colours.LIGHT),
        colours.palette(site.accent_dark, colours.DARK),
    )


def _is_there(path: str) -> bool:
    return any(rule.rule == path for rule in current_app.url_map.iter_rules())


def _wanted_step() -> int:
    """The step that the address names; 0 where it names none. Aborts with 404."""
    step = number("step", _("This link to a step is not complete."))
    return step if step <= STEPS else abort(404)


def _posted_step() -> int:
    """The step in which a form was sent; 0 on the page of all sections."""
    sent = request.form.get("step", "")
    return int(sent) if sent in {str(step) for step in range(1, STEPS + 1)} else 0
