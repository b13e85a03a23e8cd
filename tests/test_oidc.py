"""JWTs of an OpenID Connect issuer: by its published keys, for us, in time and with a role; all else is nobody."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from graph_hunt.api.access import Access
from graph_hunt.casework.access import Caller, Role
from graph_hunt.casework.oidc import Provider, Verifier
from graph_hunt.errors import InputError
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.commands import run
from tests.test_api_access import served

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CURVE = ec.generate_private_key(ec.SECP256R1())
NEW = ec.generate_private_key(ec.SECP256R1())
PEM = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


class Issuer:
    """A real HTTP server that publishes keys."""

    def __init__(self) -> None:
        self.keys: list[dict[str, Any]] = [
            {**RSAAlgorithm.to_jwk(RSA.public_key(), as_dict=True), "kid": "r1", "use": "sig"},
            {**ECAlgorithm.to_jwk(CURVE.public_key(), as_dict=True), "kid": "e1", "use": "sig", "alg": "ES256"},
        ]
        self.asked: list[str] = []
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.asked.append(self.path)
                body = json.dumps(
                    {"keys": issuer.keys}
                    if self.path == "/keys"
                    else {"issuer": issuer.name, "jwks_uri": issuer.name + "/keys"}
                ).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.name = f"http://127.0.0.1:{self.server.server_port}"

    def token(self, key: Any = RSA, algorithm: str = "RS256", kid: str | None = "r1", **claims: Any) -> str:
        """A token as the issuer makes it, but for the claims given; one that is None is left out."""
        now = int(time.time())
        known = {"iss": self.name, "aud": "graph-hunt", "sub": "u1", "exp": now + 600, "roles": ["analyst"], **claims}
        content = {name: value for name, value in known.items() if value is not None}
        return jwt.encode(content, key, algorithm, headers={"kid": kid} if kid else {})


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    """An issuer that answers."""
    made = Issuer()
    work = threading.Thread(target=made.server.serve_forever, args=(0.01,))
    work.start()
    yield made
    made.server.shutdown()
    work.join()
    made.server.server_close()


def test_a_token_names_its_sender_and_the_highest_of_its_roles(issuer: Issuer) -> None:
    verifier = Verifier(Provider(issuer.name, "graph-hunt"))
    assert verifier.verify(issuer.token()) == Caller("oidc:u1", Role.ANALYST, "oidc:u1")
    token = issuer.token(CURVE, "ES256", "e1", roles="admin reader", preferred_username="ann", aud=["x", "graph-hunt"])
    assert verifier.verify(token) == Caller("oidc:u1 (ann)", Role.ADMIN, "oidc:u1")
    assert issuer.asked == ["/.well-known/openid-configuration", "/keys"]


@pytest.mark.parametrize(
    ("claim", "claims", "role"),
    [
        ("groups", {"groups": ["x", "soc", "ir"]}, Role.RESPONDER),
        ("realm_access.roles", {"realm_access": {"roles": ["soc"]}}, Role.ANALYST),
        ("https://hunt.example/roles", {"https://hunt.example/roles": "ir"}, Role.RESPONDER),
        ("groups", {"groups": ["analyst", "admin"]}, None),
        ("groups", {"groups": {"soc": True}}, None),
        ("groups", {"groups": [["soc"], 7, None]}, None),
        ("realm_access.roles", {"realm_access": "soc"}, None),
        ("groups", {}, None),
    ],
)
def test_a_claim_is_mapped_to_a_role(issuer: Issuer, claim: str, claims: dict[str, Any], role: Role | None) -> None:
    meant = {"soc": Role.ANALYST, "ir": Role.RESPONDER}
    verifier = Verifier(Provider(issuer.name, "graph-hunt", f"{issuer.name}/keys", claim, meant))
    found = verifier.verify(issuer.token(**claims))
    assert (found and found.role) == role


def _signed_with_the_public_key(issuer: Issuer) -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    claims = jwt.decode(issuer.token(roles=["admin"]), options={"verify_signature": False})
    content = f"{part({'alg': 'HS256', 'kid': 'r1', 'typ': 'JWT'})}.{part(claims)}"
    signature = hmac.new(PEM, content.encode(), hashlib.sha256).digest()
    return content + "." + base64.urlsafe_b64encode(signature).rstrip(b"=").decode()


FORGED: dict[str, Callable[[Issuer], str]] = {
    "another's key": lambda one: one.token(OTHER),
    "an unknown key": lambda one: one.token(OTHER, kid="r9"),
    "no key named": lambda one: one.token(kid=None),
    "the public key as a secret": _signed_with_the_public_key,
    "no signature": lambda one: jwt.encode({"sub": "u1", "roles": ["admin"]}, "", "none"),
    "signature cut": lambda one: one.token().rpartition(".")[0] + ".",
    "another's audience": lambda one: one.token(aud="payroll"),
    "no audience": lambda one: one.token(aud=None),
    "another issuer": lambda one: one.token(iss="https://evil.example"),
    "no issuer": lambda one: one.token(iss=None),
    "expired": lambda one: one.token(exp=int(time.time()) - 31),
    "no end": lambda one: one.token(exp=None),
    "not yet": lambda one: one.token(nbf=int(time.time()) + 600),
    "no subject": lambda one: one.token(sub=None),
    "the kind of another key": lambda one: one.token(CURVE, "ES256", "r1"),
    "empty": lambda one: "",
    "dots": lambda one: "..",
    "deep": lambda one: base64.urlsafe_b64encode(b"[" * 9000).decode() + ".e30.x",
    "bytes": lambda one: "\x00.\xff.\ud800",
}  # fmt: skip


@pytest.mark.parametrize("kind", FORGED)
def test_what_the_issuer_did_not_give_us_is_nobody(issuer: Issuer, kind: str) -> None:
    assert Verifier(Provider(issuer.name, "graph-hunt")).verify(FORGED[kind](issuer)) is None


def test_forged_keys_do_not_have_the_issuer_asked_each_time(issuer: Issuer) -> None:
    verifier = Verifier(Provider(issuer.name, "graph-hunt", f"{issuer.name}/keys"))
    assert verifier.verify(issuer.token()) is not None
    for number in range(20):
        assert verifier.verify(issuer.token(OTHER, kid=f"x{number}")) is None
    assert issuer.asked == ["/keys"]


def test_an_issuer_that_is_away_lets_no_one_in(issuer: Issuer) -> None:
    token, away = issuer.token(), Provider(issuer.name, "graph-hunt", "http://127.0.0.1:9/keys")
    verifier = Verifier(away)
    assert verifier.verify(token) is None and verifier.verify(token) is None
    assert issuer.asked == []


def test_keys_do_not_come_in_the_clear() -> None:
    for issuer, audience, jwks in (
        ("http://id.example", "a", ""),
        ("https://id.example", "a", "http://id.example/keys"),
        ("https://id.example", "a", "file:///etc/passwd"),
        ("https://id.example", "", ""),
    ):
        with pytest.raises(InputError, match="OIDC"):
            Provider(issuer, audience, jwks)


def test_the_server_takes_an_issuers_tokens_beside_its_own(issuer: Issuer, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "w")
    with Workspace.open(settings):
        pass
    allowed = Access(demanded=True, provider=Provider(issuer.name, "graph-hunt"))
    with served(settings, allowed) as found, httpx.Client(base_url=f"http://{found}", timeout=60) as client:

        def asked(token: str, document: str) -> httpx.Response:
            headers = {"Authorization": f"Bearer {token}"}
            return client.post("/graphql", json={"query": document}, headers=headers)

        assert asked(issuer.token(roles=["reader"]), "{ hunts { id } }").json()["data"]["hunts"]
        refused = asked(issuer.token(roles=["reader"]), 'mutation { runHunt(id: "dcsync") { state } }').json()
        assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        assert asked(issuer.token(OTHER), "{ hunts { id } }").status_code == 401
        assert asked(issuer.token(roles=[]), "{ hunts { id } }").status_code == 401


def test_options_name_the_provider(tmp_path: Path) -> None:
    with Workspace.open(Settings(tmp_path / "w")):
        pass
    for options, said in (
        (("--oidc-issuer", "https://id.example"), "--oidc-audience"),
        (("--oidc-issuer", "http://id.example", "--oidc-audience", "a"), "http://id.example is not https"),
        (("--oidc-issuer", "https://id.example", "--oidc-audience", "a", "--oidc-role", "soc=king"), "says no role"),
    ):
        done = run("serve", "--port", "0", *options, "-w", tmp_path / "w")
        assert done.returncode == 1 and said in done.stderr
