"""Receivers of notifications as they are met outside, on this machine: HTTP, SMTP, syslog; and a certificate."""

import datetime
import http.server
import ipaddress
import queue
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

Got = queue.SimpleQueue[Any]


@contextmanager
def webhook(*answers: int) -> Iterator[tuple[str, Got]]:
    """A web server that gives these answers one after the other, then 204; what it gets is (headers, body)."""
    got: Got = queue.SimpleQueue()
    left = list(answers)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.put((dict(self.headers), body))
            self.send_response(left.pop(0) if left else 204)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            return

    with _served(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        yield f"http://127.0.0.1:{port}/hook", got


@contextmanager
def smtp(certificate: Path | None = None) -> Iterator[tuple[int, Got]]:
    """A mail server, with STARTTLS where there is a certificate; what it gets is (from, to, text, encrypted)."""
    got: Got = queue.SimpleQueue()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            _converse(self.request, certificate, got)

    with _served(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)) as port:
        yield port, got


def _converse(connection: socket.socket, certificate: Path | None, got: Got) -> None:
    lines, encrypted = connection.makefile("rwb", buffering=0), False
    sender, receivers = "", []
    lines.write(b"220 test\r\n")
    while line := lines.readline().decode().strip():
        word = line.upper()
        if word.startswith("EHLO"):
            lines.write(b"250-test\r\n250 STARTTLS\r\n" if certificate and not encrypted else b"250 test\r\n")
        elif word.startswith("STARTTLS"):
            assert certificate is not None
            lines.write(b"220 go\r\n")
            connection, encrypted = context(certificate).wrap_socket(connection, server_side=True), True
            lines = connection.makefile("rwb", buffering=0)
        elif word.startswith("DATA"):
            lines.write(b"354 go\r\n")
            text = b""
            while (part := lines.readline()) != b".\r\n":
                text += part
            got.put((sender, receivers, text.decode(), encrypted))
            lines.write(b"250 ok\r\n")
        elif word.startswith("QUIT"):
            lines.write(b"221 bye\r\n")
            break
        else:
            sender = line[10:].strip("<>").partition(">")[0] if word.startswith("MAIL") else sender
            receivers += [line[8:].strip("<>")] if word.startswith("RCPT") else []
            lines.write(b"250 ok\r\n")
    connection.close()


@contextmanager
def syslog(protocol: str, certificate: Path | None = None) -> Iterator[tuple[int, Got]]:
    """A syslog server over udp, tcp or tls; what it gets is the bytes of a datagram or a connection."""
    got: Got = queue.SimpleQueue()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            if protocol == "udp":
                got.put(self.request[0])
                return
            connection = self.request
            if certificate is not None:
                connection = context(certificate).wrap_socket(connection, server_side=True)
            parts = b""
            while part := connection.recv(65536):
                parts += part
            got.put(parts)
            connection.close()

    kind = socketserver.ThreadingUDPServer if protocol == "udp" else socketserver.ThreadingTCPServer
    with _served(kind(("127.0.0.1", 0), Handler)) as port:
        yield port, got


@contextmanager
def _served(server: Any) -> Iterator[int]:
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def certificate(folder: Path) -> Path:
    """A certificate of 127.0.0.1 that signs itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "receiver")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "receiver.pem"
    encoded = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(encoded + made.public_bytes(serialization.Encoding.PEM))
    return path


def context(certificate: Path) -> ssl.SSLContext:
    """A server's side of TLS."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate)
    return made
