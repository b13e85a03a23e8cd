"""The channels that alerts are told by: the operator's `notify.toml` in the workspace, never the API's to change.

[soc]
kind = "webhook"                     # signed by Standard Webhooks: webhook-id, webhook-timestamp, webhook-signature
url = "https://soc.example/alerts"
secret_file = "/run/secrets/soc"

[duty]
kind = "email"
host = "mail.example"                # port = 587, tls = "starttls" (or "tls", "none"), user, password_file
from = "graph-hunt@corp.example"
to = ["duty@corp.example"]
level = "high"                       # only what is at least so grave

[siem]
kind = "syslog"                      # RFC 5424, the text is CEF
host = "siem.example"                # port = 514, protocol = "udp" (or "tcp", "tls")

[log]
kind = "file"                        # a JSON line an alert
path = "/var/log/graph-hunt/alerts.jsonl"

Where a certificate is of an authority of your own, `ca_file` names that.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph_hunt.errors import InputError
from graph_hunt.hunting.hunt import Level

FILE = "notify.toml"
_TEXTS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "webhook": (frozenset({"url"}), frozenset({"secret_file", "ca_file"})),
    "email": (frozenset({"host", "from"}), frozenset({"tls", "user", "password_file", "ca_file"})),
    "syslog": (frozenset({"host"}), frozenset({"protocol", "ca_file"})),
    "file": (frozenset({"path"}), frozenset()),
}
"""Of each kind: the settings that it must have, and that it may have, all texts."""
_OTHER = {"email": {"to", "port"}, "syslog": {"port"}}
_CHOICES = {"tls": ("starttls", "tls", "none"), "protocol": ("udp", "tcp", "tls")}


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to tell; what it is told with stands in `settings`, secrets never do."""

    name: str
    kind: str
    settings: Mapping[str, Any]
    level: Level = Level.INFORMATIONAL
    """The least grave alert that it is told."""

    def secret(self, what: str) -> str:
        """Read a secret from the file that the settings name; '' where they name none."""
        if file := self.settings.get(f"{what}_file"):
            try:
                return Path(file).read_text("utf-8").rstrip("\r\n")
            except (OSError, UnicodeDecodeError) as error:
                raise InputError(f"cannot be read ({error})", where=str(file)) from error
        return ""


def channels(root: Path) -> dict[str, Channel]:
    """Read the channels of the workspace in a folder; none where it has no file of them."""
    path = root / FILE
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"cannot be read ({error})", where=str(path), expected="TOML") from error
    return {name: _channel(name, table, path) for name, table in sorted(raw.items())}


def _channel(name: str, table: Any, path: Path) -> Channel:
    where = f"{path}: [{name}]"
    kind = str(table.get("kind")) if isinstance(table, dict) else ""
    if kind not in _TEXTS:
        raise InputError(f"kind = {kind!r}", where=where, expected=", ".join(_TEXTS))
    needed, possible = _TEXTS[kind]
    for key, value in table.items():
        if key in ("kind", "level") or key in _OTHER.get(kind, ()):
            continue
        if key not in needed | possible or not isinstance(value, str) or not value:
            raise InputError(f"{key} = {value!r}", where=where, expected=", ".join(sorted(needed | possible)))
        if value not in _CHOICES.get(key, (value,)):
            raise InputError(f"{key} = {value!r}", where=where, expected=" or ".join(_CHOICES[key]))
    if missing := needed - table.keys():
        raise InputError(f"has no {', '.join(sorted(missing))}", where=where)
    level = table.get("level", Level.INFORMATIONAL.value)
    if level not in list(Level):
        raise InputError(f"level = {level!r}", where=where, expected=", ".join(Level))
    _check(kind, table, where)
    settings = {key: value for key, value in table.items() if key not in ("kind", "level")}
    return Channel(name, kind, settings, Level(level))


def _check(kind: str, table: Mapping[str, Any], where: str) -> None:
    port = table.get("port", 1)
    if isinstance(port, bool) or not isinstance(port, int) or not 0 < port < 65_536:
        raise InputError(f"port = {port!r}", where=where, expected="1 to 65535")
    to = table.get("to")
    if kind == "email" and not (isinstance(to, list) and to and all(isinstance(one, str) and "@" in one for one in to)):
        raise InputError(f"to = {to!r}", where=where, expected='addresses, as ["duty@corp.example"]')
    if kind == "webhook" and not str(table["url"]).startswith(("https://", "http://")):
        raise InputError(f"url = {table['url']!r}", where=where, expected="https://…")
