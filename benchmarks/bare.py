"""The reference for everything else: a Flask-SQLAlchemy view that inserts one row and commits, and an empty
one.

Server, threads, pragmas, write lock and transactions are those of the site: they come from
campaign.core.database.
"""

from __future__ import annotations

import os
import uuid

from flask import Flask, Response
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from campaign.config import Settings
from campaign.core import database
from campaign.core.database import writing
from campaign.core.ids import new_id
from campaign.extensions import db
from campaign.front import Front


class Base(DeclarativeBase):
    """Tables of the reference, apart from those of the site."""


class Row(Base):
    """A few texts under a random id, and no index."""

    __tablename__ = "rows"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    email: Mapped[str]
    country: Mapped[str]
    city: Mapped[str]


def create_app() -> Flask:
    """The reference app, on the database that the environment names."""
    settings = Settings.from_environment(os.environ)
    app = Flask(__name__)
    app.extensions["settings"] = settings
    app.config["MAX_CONTENT_LENGTH"] = 1_000_000
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = database.engine_options(
        settings.database_url, settings.web_threads
    )
    db.init_app(app)
    database.init_app(app)
    with app.app_context(), writing() as session:
        Base.metadata.create_all(session.connection())

    app.add_url_rule("/insert", view_func=insert, methods=["POST"])
    app.add_url_rule("/trivial", view_func=trivial)

    return app


def create_front() -> Front:
    """The same behind the front, as the site is served."""
    return Front(create_app())


def insert() -> Response:
    """Insert one row and commit, without even reading the form: nothing slows it down."""
    with writing() as session:
        session.add(Row(name="Anna Example", email="anna@post.example.org", country="PL", city="Białystok"))
    return Response(status=201)


def trivial() -> str:
    """A constant."""
    return "alive"
