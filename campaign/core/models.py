"""The model of what the worker reports of itself."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from campaign.core.base import Base


class JobReport(Base):
    """The last time that a job of the worker ran to its end, and the kind of error that stops it, if one
    does.
    """

    __tablename__ = "job_reports"

    job: Mapped[str] = mapped_column(String(60), primary_key=True)
    seen_at: Mapped[dt.datetime]
    # The class of the error, and which part of the work it stops: its text could carry an address.
    error: Mapped[str | None] = mapped_column(String(120))
