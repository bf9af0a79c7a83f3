"""What reaches the log of an error: its type, and module, line and function of each frame.

Never its text, nor a path, nor values: a path can be a token, and the text of an error of the database or
of a mail server repeats addresses and names. This is the one place that writes errors down: for requests,
whatever
part of them fails, for the worker, for threads and commands, and for libraries that log an error with its
traceback.
"""

from __future__ import annotations

import errno
import logging
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from traceback import walk_tb
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)
_OURS = "campaign."
_MOST_FRAMES = 40
_BROKEN = b"Something went wrong on our side. Please try again later.\n"


class AnswerCutOff(Exception):
    """An answer failed after it had begun; the connection is cut, so that nobody takes it for whole."""


def described(error: BaseException) -> str:
    """An error as it may be written down: `KeyError: view campaign.pages.views:53 < …`, and what it came
    from.
    """
    said, seen = [], set[int]()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        said.append(f"{_name_of(cause)}: {_frames(cause.__traceback__)}")
        cause = cause.__cause__ or cause.__context__
    return "; from ".join(said)


def _name_of(error: BaseException) -> str:
    """The type; of an error of the system also which one, such as ENOSPC."""
    name = type(error).__name__
    code = errno.errorcode.get(error.errno or 0) if isinstance(error, OSError) else None
    return f"{name} {code}" if code else name


def _frames(trace: TracebackType | None) -> str:
    places = [
        f"{frame.f_code.co_name} {frame.f_globals.get('__name__', '?')}:{line}"
        for frame, line in walk_tb(trace)
    ]
    return " < ".join(reversed(places[-_MOST_FRAMES:]))


class LastResort:
    """The outermost WSGI middleware: servers write down the whole of an error that reaches them, so none
    does.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            answer = self.app(environ, start_response)
        except Exception as error:  # noqa: BLE001  nothing may pass
            log.error("no answer: %s", described(error))
            start_response(
                "500 Internal Server Error",
                [
                    ("Content-Type", "text/plain; charset=utf-8"),
                    ("Content-Length", str(len(_BROKEN))),
                    ("Cache-Control", "no-store"),
                    ("X-Content-Type-Options", "nosniff"),
                ],
            )
            return [_BROKEN]
        # A list is a whole answer. Others are made while they are sent.
        return answer if isinstance(answer, list | tuple) else _Watched(answer)


class _Watched:
    """An answer that is made while it is sent."""

    def __init__(self, answer: Iterable[bytes]) -> None:
        self._answer, self._parts = answer, iter(answer)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return cast(bytes, _kept_short("an answer was cut off", lambda: next(self._parts)))

    def close(self) -> None:
        close = getattr(self._answer, "close", None)
        if close is not None:
            _kept_short("an answer did not end", close)


def _kept_short(said: str, work: Callable[[], Any]) -> Any:
    try:
        return work()
    except StopIteration:
        raise
    except Exception as error:  # noqa: BLE001  nothing may pass
        log.error("%s: %s", said, described(error))
    raise AnswerCutOff


class _ShortRecord(logging.LogRecord):
    """A record that keeps of an error only what may be written down.

    The text of a library that logs an error is left out too: it names what the library was working on.
    """

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        error = self.exc_info[1] if isinstance(self.exc_info, tuple) else None
        self.exc_info = None
        self.args = _without_errors(self.args)
        if error is not None:
            if not self.name.startswith(_OURS):
                self.msg, self.args = "an error in %s", (self.name,)
            self.exc_text = described(error)
        elif isinstance(self.msg, BaseException):
            self.msg = described(self.msg)


def _without_errors(args: Any) -> Any:
    """The arguments of a record, with the types of errors in place of their texts."""
    if isinstance(args, dict):
        return {name: _without_error(value) for name, value in args.items()}
    return tuple(map(_without_error, args)) if isinstance(args, tuple) else args


def _without_error(value: Any) -> Any:
    return _name_of(value) if isinstance(value, BaseException) else value


def guard_process() -> None:
    """Let errors that end a command or a thread of this process be written down as this module does."""
    sys.excepthook = _ended
    threading.excepthook = lambda told: _ended(told.exc_type, told.exc_value, told.exc_traceback)
    sys.unraisablehook = lambda told: _ended(told.exc_type, told.exc_value, told.exc_traceback)


def _ended(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt | SystemExit):
        return
    where = described(error) if error is not None else f"{kind.__name__}: {_frames(trace)}"
    sys.stderr.write(f"{threading.current_thread().name}: {where}\n")


def init_app(app: Flask) -> None:
    """Let all that is logged in this process keep to it."""
    logging.setLogRecordFactory(_ShortRecord)
    # A record that can't be written would be shown whole.
    logging.raiseExceptions = False
