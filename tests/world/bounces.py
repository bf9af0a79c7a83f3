"""Bounces as mail servers write them, about one mail: its text as it was sent, the recipient, the status."""

from __future__ import annotations

POSTFIX = """\
Return-Path: <>
Date: Fri, 5 Mar 2027 10:00:00 +0000 (UTC)
From: MAILER-DAEMON@relay.example.net (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: sign@coalition.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4F9D195.1330/relay.example.net"
Content-Transfer-Encoding: 8bit
Message-Id: <20270305100000.1@relay.example.net>

This is a MIME-encapsulated message.

--4F9D195.1330/relay.example.net
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host relay.example.net.

<{to}>: host mx.example.org[192.0.2.1] said: 550 5.1.1 no such user (in reply to RCPT TO command)

--4F9D195.1330/relay.example.net
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example.net
X-Postfix-Queue-ID: 4F9D195
Arrival-Date: Fri,  5 Mar 2027 09:59:58 +0000 (UTC)

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; 550 {status} <{to}>: Recipient address rejected

--4F9D195.1330/relay.example.net
Content-Description: Undelivered Message
Content-Type: message/rfc822
Content-Transfer-Encoding: 8bit

{original}
--4F9D195.1330/relay.example.net--
"""

EXIM = """\
From: Mail Delivery System <Mailer-Daemon@exim.example.net>
To: sign@coalition.example
Auto-Submitted: auto-replied
X-Failed-Recipients: {to}
Content-Type: multipart/report; report-type=delivery-status; boundary=1704448800-eximdsn-1804289383
MIME-Version: 1.0
Subject: Mail delivery failed: returning message to sender

--1704448800-eximdsn-1804289383
Content-type: text/plain; charset=us-ascii

This message was created automatically by mail delivery software.

  {to}
    host mx.example.org [192.0.2.1]
    SMTP error from remote mail server after RCPT TO:<{to}>: 550 no such user

--1704448800-eximdsn-1804289383
Content-type: message/delivery-status

Reporting-MTA: dns; exim.example.net

Action: {action}
Final-Recipient: rfc822;{to}
Status: 5.0.0
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; 550 {status} no such user

--1704448800-eximdsn-1804289383
Content-type: text/rfc822-headers

{headers}

--1704448800-eximdsn-1804289383--
"""

EXCHANGE = """\
From: Microsoft Outlook <postmaster@example.org>
To: <sign@coalition.example>
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="3f8e-4bd5_exchange"
Content-Language: en-US
X-MS-Exchange-Message-Is-Ndr:
Subject: Undeliverable: hello
Auto-Submitted: auto-replied
MIME-Version: 1.0

--3f8e-4bd5_exchange
Content-Type: multipart/alternative; differences=Content-Type;
\tboundary="inner_exchange"

--inner_exchange
Content-Type: text/plain; charset="us-ascii"

Delivery has failed to these recipients or groups:

--inner_exchange
Content-Type: text/html; charset="us-ascii"

<html><body>Delivery has failed</body></html>

--inner_exchange--

--3f8e-4bd5_exchange
Content-Type: message/delivery-status

Reporting-MTA: dns;EXCH01.example.org
Received-From-MTA: dns;relay.example.net

Original-Recipient: rfc822;{upper}
Final-Recipient: rfc822;{upper}
Action: {action}
Status: {status}
Diagnostic-Code: smtp;550 {status} RESOLVER.ADR.RecipNotFound; not found

--3f8e-4bd5_exchange
Content-Type: message/rfc822

Received: from relay.example.net (192.0.2.7) by EXCH01.example.org
{original}
--3f8e-4bd5_exchange--
"""

GMAIL = """\
Content-Type: multipart/report; boundary="000000000000d1d7f1"; report-type=delivery-status
To: sign@coalition.example
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
X-Failed-Recipients: {to}

--000000000000d1d7f1
Content-Type: multipart/related; boundary="000000000000d1dc1d"

--000000000000d1dc1d
Content-Type: text/plain; charset="UTF-8"

** Address not found **

--000000000000d1dc1d--

--000000000000d1d7f1
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.com
Arrival-Date: Fri, 05 Mar 2027 02:00:00 -0800 (PST)
X-Original-Message-ID: <not-this-one@example.org>

Final-Recipient: rfc822; {to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550-{status} The email account that you tried to reach does not exist.
Last-Attempt-Date: Fri, 05 Mar 2027 02:00:01 -0800 (PST)

--000000000000d1d7f1
Content-Type: message/rfc822

{original}
--000000000000d1d7f1--
"""

# RFC 6533, which a server writes where addresses have letters of every script.
GLOBAL = POSTFIX.replace("message/delivery-status", "message/global-delivery-status").replace(
    "Final-Recipient: rfc822;", "Final-Recipient: utf-8;"
)

SHAPES = {"Postfix": POSTFIX, "Exim": EXIM, "Exchange": EXCHANGE, "Gmail": GMAIL, "RFC 6533": GLOBAL}

AUTOREPLY = """\
From: {to}
To: sign@coalition.example
Subject: Out of office
Auto-Submitted: auto-replied
In-Reply-To: {message_id}
References: {message_id}

I am away until Monday. Final-Recipient: rfc822; {to} Action: failed Status: 5.1.1
"""


def bounce(shape: str, original: bytes, to: str, status: str = "5.1.1", action: str = "failed") -> bytes:
    """A report on a mail, given as it came over the wire."""
    text = original.decode().replace("\r\n", "\n")
    headers = text.partition("\n\n")[0]
    filled = shape.replace("{original}", text.rstrip() + "\n").replace("{headers}", headers)
    for name, value in {"to": to, "upper": to.upper(), "status": status, "action": action}.items():
        filled = filled.replace(f"{{{name}}}", value)
    return filled.encode()
