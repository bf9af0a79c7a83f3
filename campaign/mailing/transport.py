"""SMTP on a kept connection.

Flask-Mail has no timeout, does not verify the certificate and reveals its host's name.
"""

from __future__ import annotations

import smtplib
import ssl
import time
from typing import cast

from flask_mail import BadHeaderError, Connection, Mail, Message, _Mail

from campaign.mailing.messages import sender_domain

_TIMEOUT_SECONDS = 20.0
# Many servers close after a minute of silence; asking for a new connection is cheaper than a broken one.
_IDLE_SECONDS = 25.0


class MailRefused(Exception):
    """The server refuses this mail for good. `code` is its SMTP code; nothing else of its answer is kept."""

    def __init__(self, code: int) -> None:
        super().__init__(f"refused with {code}")
        self.code = code


class MailDeferred(Exception):
    """The server wants this mail later, but takes others."""

    def __init__(self, code: int) -> None:
        super().__init__(f"deferred with {code}")
        self.code = code


class ServerAway(Exception):
    """The server can't be reached, or takes nothing from us.

    `trouble` is a code or the class of the error.
    """

    def __init__(self, trouble: str) -> None:
        super().__init__(trouble)
        self.trouble = trouble


class VerifiedConnection(Connection):
    """Flask-Mail's connection with a timeout, a verified certificate and a neutral greeting."""

    def configure_host(self) -> smtplib.SMTP | smtplib.SMTP_SSL:
        """Connect and sign in. Raises the errors of smtplib and ssl."""
        greeting = sender_domain()
        host: smtplib.SMTP | smtplib.SMTP_SSL
        if self.mail.use_ssl:
            host = smtplib.SMTP_SSL(
                self.mail.server,
                self.mail.port,
                greeting,
                timeout=_TIMEOUT_SECONDS,
                context=ssl.create_default_context(),
            )
        else:
            host = smtplib.SMTP(self.mail.server, self.mail.port, greeting, timeout=_TIMEOUT_SECONDS)

        if self.mail.use_tls:
            host.starttls(context=ssl.create_default_context())
        if self.mail.username and self.mail.password:
            host.login(self.mail.username, self.mail.password)
        return host


class Courier:
    """A sender of one message after another on one connection, for one thread.

    `mail` is Flask-Mail's state of the app.
    """

    def __init__(self, mail: _Mail) -> None:
        self._connection = VerifiedConnection(cast(Mail, mail))
        self._used = 0.0

    def send(self, message: Message) -> None:
        """Hand one message to the server. Raises MailRefused, MailDeferred or ServerAway."""
        self._connect()
        try:
            self._connection.send(message)
            self._used = time.monotonic()
        except smtplib.SMTPRecipientsRefused as error:
            self._reset()
            raise _verdict(min(code for code, _text in error.recipients.values())) from None
        except smtplib.SMTPDataError as error:
            self._reset()
            raise _verdict(error.smtp_code) from None
        except (UnicodeEncodeError, BadHeaderError):
            # The form takes no such address: it has non-ASCII letters before its @, or a line break.
            raise MailRefused(553) from None
        except smtplib.SMTPResponseException as error:
            self.close()
            raise ServerAway(str(error.smtp_code)) from None
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise ServerAway(type(error).__name__) from None

    def close(self) -> None:
        """End the connection, if the server still listens."""
        host, self._connection.host = self._connection.host, None
        if host is not None:
            try:
                host.quit()
            except (smtplib.SMTPException, OSError):
                host.close()

    def rest(self) -> None:
        """Close a connection that has been idle for long."""
        if self._connection.host is not None and time.monotonic() - self._used > _IDLE_SECONDS:
            self.close()

    def _connect(self) -> None:
        self.rest()
        if self._connection.host is not None:
            return
        try:
            self._connection.host = self._connection.configure_host()
        except smtplib.SMTPResponseException as error:
            raise ServerAway(str(error.smtp_code)) from None
        except (smtplib.SMTPException, OSError) as error:
            raise ServerAway(type(error).__name__) from None

    def _reset(self) -> None:
        host = cast(smtplib.SMTP, self._connection.host)
        try:
            host.rset()
        except (smtplib.SMTPException, OSError):
            self.close()


def _verdict(code: int) -> MailRefused | MailDeferred | ServerAway:
    if code == 421:
        return ServerAway("421")
    return MailRefused(code) if code >= 500 else MailDeferred(code)
