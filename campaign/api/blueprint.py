"""The blueprint of everything under /api/v1: read only, the same for everyone."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("api", __name__)
