"""Sends one alert by one channel; raises `Undelivered` with the reason where it could not."""

import base64
import hashlib
import hmac
import os
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import httpx

from graph_hunt.casework.notifications.channel import Channel
from graph_hunt.casework.notifications.message import Told
from graph_hunt.errors import GraphHuntError

_PATIENCE = 10.0
_SYSLOG = 13 * 8 + 4
"""Facility 13 (log alert), severity 4 (warning): RFC 5424's number before a line."""


class Undelivered(GraphHuntError):
    """A channel did not take an alert; it is tried again."""


def send(channel: Channel, told: Told) -> None:
    """Tell an alert by a channel."""
    try:
        _SENDERS[channel.kind](channel, told)
    except (OSError, httpx.HTTPError, smtplib.SMTPException, ssl.SSLError) as error:
        raise Undelivered(f"{channel.name}: {type(error).__name__}: {error}") from error


def signature(secret: str, id: str, at: int, body: bytes) -> str:
    """Sign a delivery as Standard Webhooks has it.

    >>> body = b'{"test": 2432232314}'
    >>> signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    # A secret that is not base64 after `whsec_` is taken as it stands.
    prefixed = secret.startswith("whsec_")
    key = base64.b64decode(secret.removeprefix("whsec_")) if prefixed else secret.encode()
    signed = hmac.new(key, f"{id}.{at}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(signed).decode()


def _context(channel: Channel) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=channel.settings.get("ca_file"))


def _webhook(channel: Channel, told: Told) -> None:
    body, at = told.body(), int(time.time())
    headers = {"Content-Type": "application/json", "webhook-id": told.id, "webhook-timestamp": str(at)}
    if secret := channel.secret("secret"):
        headers["webhook-signature"] = signature(secret, told.id, at, body)
    trusted = _context(channel) if channel.settings["url"].startswith("https") else True
    answer = httpx.post(channel.settings["url"], content=body, headers=headers, timeout=_PATIENCE, verify=trusted)
    if not answer.is_success:
        raise Undelivered(f"{channel.name}: answered {answer.status_code}")


def _email(channel: Channel, told: Told) -> None:
    message, settings = EmailMessage(), channel.settings
    message["Subject"], message["From"], message["To"] = told.subject(), settings["from"], ", ".join(settings["to"])
    message["Date"] = format_datetime(datetime.fromtimestamp(told.created / 1000, UTC))
    message["Message-ID"] = f"<{told.id}@graph-hunt.invalid>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(told.text())
    tls = settings.get("tls", "starttls")
    port = settings.get("port", 465 if tls == "tls" else 587)
    context = _context(channel)
    if tls == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(settings["host"], port, timeout=_PATIENCE, context=context)
    else:
        server = smtplib.SMTP(settings["host"], port, timeout=_PATIENCE)
    with server:
        if tls == "starttls":
            server.starttls(context=context)
        if user := settings.get("user"):
            server.login(user, channel.secret("password"))
        server.send_message(message)


def _syslog(channel: Channel, told: Told) -> None:
    settings = channel.settings
    protocol = settings.get("protocol", "udp")
    address = settings["host"], settings.get("port", 6514 if protocol == "tls" else 514)
    at = datetime.fromtimestamp(told.created / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    name = socket.gethostname()[:255] or "-"
    line = f"<{_SYSLOG}>1 {at} {name} graph-hunt {os.getpid()} {told.id[:32]} - {told.cef()}".encode()
    if protocol == "udp":
        family, kind, number, _, place = socket.getaddrinfo(*address, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, kind, number) as sender:
            sender.settimeout(_PATIENCE)
            sender.sendto(line, place)
        return
    with socket.create_connection(address, timeout=_PATIENCE) as plain:
        framed = f"{len(line)} ".encode() + line  # RFC 6587: octet counting
        if protocol == "tcp":
            plain.sendall(framed)
            plain.shutdown(socket.SHUT_WR)
            return
        with _context(channel).wrap_socket(plain, server_hostname=settings["host"]) as secured:
            secured.sendall(framed)


def _file(channel: Channel, told: Told) -> None:
    path = Path(channel.settings["path"])
    path.parent.mkdir(parents=True, exist_ok=True)
    # One write to a file opened for appending: two processes' lines do not mix.
    number = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(number, told.body() + b"\n")
        os.fsync(number)
    finally:
        os.close(number)


_SENDERS: Mapping[str, Callable[[Channel, Told], None]] = {
    "webhook": _webhook,
    "email": _email,
    "syslog": _syslog,
    "file": _file,
}
