"""The body of a request: how large it may be, and where an upload is kept meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import IO, Any, TypeVar, cast

from flask import Flask, Request, abort, current_app, request

View = TypeVar("View", bound=Callable[..., Any])


class UploadInMemory(Request):
    """Keeps uploaded files in memory, where werkzeug writes large ones to the disk: lists of names would be found there later."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return BytesIO()


def takes_up_to(size: int) -> Callable[[View], View]:
    """Let the body of requests to a view be as large as `size` bytes, where a file is uploaded. Stands below the route, above all else."""

    def marked(view: View) -> View:
        cast(Any, view).largest_body = size
        return view

    return marked


def bound_body() -> None:
    """Let some views take more, and refuse what is larger also where no view would read it. Aborts with 413."""
    view = current_app.view_functions.get(request.endpoint or "")
    if size := getattr(view, "largest_body", None):
        request.max_content_length = request.max_form_memory_size = size
    if (request.content_length or 0) > (request.max_content_length or 0):
        abort(413)


def refuse_nul() -> None:
    """No address of ours has a NUL in it, and PostgreSQL can't compare one. Aborts with 400."""
    if "\0" in request.path or b"%00" in request.query_string:
        abort(400)


def init_app(app: Flask) -> None:
    """Bound every body before anything reads it."""
    app.request_class = UploadInMemory
    app.before_request(refuse_nul)
    app.before_request(bound_body)
