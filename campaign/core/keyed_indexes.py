"""Keyed indexes that a rotation of keys makes anew: each room registers the function for its own."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from campaign.core.registration import Registry

remade_indexes: Registry[Callable[[Session], None]] = Registry("keyed indexes made anew")
