"""The body of a request: its largest size, and where an upload is kept meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import IO, Any, TypeVar, cast

from flask import Flask, Request, abort, current_app, request
from werkzeug.exceptions import HTTPException

from campaign.core.language import split_prefix

View = TypeVar("View", bound=Callable[..., Any])


class UploadInMemory(Request):
    """A request that keeps uploaded files in memory: werkzeug writes large ones to the disk, where lists of
    names would be found later.
    """

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return BytesIO()


def takes_up_to(size: int) -> Callable[[View], View]:
    """Allow a request body of up to `size` bytes for a view that takes a file.

    Stands below the route, above all other decorators.
    """

    def marked(view: View) -> View:
        cast(Any, view).largest_body = size
        return view

    return marked


def bound_body() -> None:
    """Apply the larger bounds of some views, and refuse larger bodies also where no view would read them.

    Aborts with 413.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    if size := getattr(view, "largest_body", None):
        request.max_content_length = request.max_form_memory_size = size
    if (request.content_length or 0) > (request.max_content_length or 0):
        abort(413)


def largest_body_of(app: Flask, method: str, path: str) -> int:
    """The limit of the view at this address, for the front, which reads the body before Flask is asked."""
    try:
        endpoint, _values = app.url_map.bind("").match(split_prefix(path)[1], method)
    except HTTPException:
        endpoint = ""
    return int(getattr(app.view_functions.get(endpoint), "largest_body", app.config["MAX_CONTENT_LENGTH"]))


def refuse_nul() -> None:
    """Refuse a NUL in the address: none of ours has one, and PostgreSQL can't compare it. Aborts with 400."""
    if "\0" in request.path or b"%00" in request.query_string:
        abort(400)


def init_app(app: Flask) -> None:
    """Bound every body before anything reads it."""
    app.request_class = UploadInMemory
    app.before_request(refuse_nul)
    app.before_request(bound_body)
