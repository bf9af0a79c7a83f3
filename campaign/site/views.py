"""The looks of the site: its colours as a style sheet, its logo and its icons. The same for everyone."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request

from campaign.core.page_cache import StoredPage, etag_of, page_cache
from campaign.site import colours
from campaign.site.queries import logo_file, site_version, this_site

bp = Blueprint("site", __name__)
_YEAR = "public, max-age=31536000, immutable"


@bp.get("/looks.css")
def looks() -> Response:
    """The accent and what follows from it, in light and dark; empty where the house's red stands."""
    site = this_site()
    css = colours.style_sheet(site.accent, site.accent_dark) if site.accent else ""
    dated = site.looks.endswith(f"?v={request.args.get('v')}")
    return StoredPage.of(css.encode(), "text/css").response(_YEAR if dated else "public, no-cache")


@bp.get("/looks/logo.png")
def logo() -> Response:
    """The logo, for a year when the address carries its version."""
    stored, shown = _logo_file("png", "image/png"), this_site().logo
    dated = shown is not None and request.args.get("v") == shown.version
    return stored.response(_YEAR if dated else "public, no-cache")


def own_icon(name: str) -> StoredPage | None:
    """The site's own file in place of `icon.ico` or `icon.png`; None without a logo."""
    if this_site().logo is None:
        return None
    return (
        _logo_file("icon_ico", "image/vnd.microsoft.icon")
        if name == "icon.ico"
        else _logo_file("icon_png", "image/png")
    )


def _logo_file(name: str, mimetype: str) -> StoredPage:
    def render() -> StoredPage:
        file = logo_file(name) or abort(404)
        # A picture is compressed already.
        return StoredPage(etag_of(file), mimetype, {"identity": file})

    return page_cache().get(("site", name), site_version, render)
