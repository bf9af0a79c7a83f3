"""The Flask app, as this site has it."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, request

from campaign.core.hosts import beyond_neutral_host
from campaign.core.logs import described

log = logging.getLogger(__name__)


class Application(Flask):
    """A Flask app that writes errors down without what they were about, and whose links lead from the
    neutral host to the site.
    """

    def log_exception(self, exc_info: Any) -> None:
        """Write down an error that no view has raised: of a hook, of an error page."""
        log.error("unhandled in %s: %s", request.endpoint, described(exc_info[1]))

    def url_for(self, endpoint: str, **values: Any) -> str:
        """The address of a page; from a page of the neutral host, one that this does not serve is at the
        site.
        """
        address = super().url_for(endpoint, **values)
        return beyond_neutral_host(address)
