"""What filters on the way said of a message: SPF, DKIM, DMARC, spam and malware, and where it was put."""

import re

from graph_hunt.loaders.message.headers import Headers

__all__ = ["action", "authentication", "threats"]

_COMMENT = re.compile(r"\([^()]*\)")
_METHOD = re.compile(r"(?:^|[\s;])(spf|dkim|dmarc)\s*=\s*([a-z]+)", re.IGNORECASE)
_FIELDS = ("authentication-results", "arc-authentication-results", "x-original-authentication-results")
_WORD = re.compile(r"[A-Za-z]+")
_RESULTS = {"hardfail": "fail", "error": "temperror", "unknown": "permerror"}
_CATEGORY = re.compile(r"(?:^|;)\s*CAT:([A-Z]+)")
_VERDICT = re.compile(r"(?:^|;)\s*SFV:([A-Z]+)")
_DESTINATION = re.compile(r"(?:^|;)\s*dest:([A-Z])\b")
_CATEGORIES = {
    "AMP": "malware",
    "BIMP": "brand impersonation",
    "BULK": "bulk",
    "DIMP": "domain impersonation",
    "FTBP": "blocked file type",
    "GIMP": "mailbox intelligence impersonation",
    "HPHSH": "high confidence phishing",
    "HPHISH": "high confidence phishing",
    "HSPM": "high confidence spam",
    "INTOS": "intra-organisation phishing",
    "MALW": "malware",
    "OSPM": "outbound spam",
    "PHSH": "phishing",
    "SAP": "safe attachments",
    "SPM": "spam",
    "SPOOF": "spoofing",
    "UIMP": "user impersonation",
}
_SPAM_LEVEL = 5
"""From this spam confidence level on, Exchange treats a message as spam."""
_TRACES = ("received", "delivered-to", "return-path", "x-original-to", "envelope-to", "delivery-date")


def authentication(headers: Headers) -> dict[str, str | None]:
    """The results of SPF, DKIM and DMARC: the newest that a receiver wrote of each.

    A message with several signatures passes DKIM if one of them does.
    """
    found: dict[str, str] = {}
    for name in _FIELDS:
        for value in headers.all(name):
            results: dict[str, list[str]] = {}
            for method, result in _METHOD.findall(_COMMENT.sub("", _COMMENT.sub("", value))):
                results.setdefault(method.casefold(), []).append(_result(result))
            for method, said in results.items():
                found.setdefault(method, "pass" if method == "dkim" and "pass" in said else said[0])
    for value in headers.all("received-spf")[:1]:
        if word := _WORD.match(value.strip()):
            found.setdefault("spf", _result(word.group()))
    return {method: found.get(method) for method in ("spf", "dkim", "dmarc")}


def _result(written: str) -> str:
    word = written.casefold()
    return _RESULTS.get(word, word)


def threats(headers: Headers) -> list[str] | None:
    """What a filter held the message for."""
    found: dict[str, None] = {}
    for value in headers.all("x-forefront-antispam-report")[:1]:
        category = _CATEGORY.search(value)
        if category and category.group(1) != "NONE":
            found[_CATEGORIES.get(category.group(1), category.group(1).casefold())] = None
        verdict = _VERDICT.search(value)
        if not found and verdict and verdict.group(1) in ("SPM", "SKS"):
            found["spam"] = None
    if not found and (_yes(headers.first("x-spam-flag", "x-spam-status")) or _level(headers) >= _SPAM_LEVEL):
        found["spam"] = None
    if _infected(headers):
        found["malware"] = None
    return list(found) or None


def _yes(value: str | None) -> bool:
    return value is not None and value.casefold().startswith(("yes", "true"))


def _level(headers: Headers) -> int:
    written = headers.first("x-ms-exchange-organization-scl", "x-microsoft-antispam-scl") or ""
    return int(written) if written.isascii() and written.isdigit() else 0


def _infected(headers: Headers) -> bool:
    said = headers.first("x-virus-status", "x-amavis-alert", "x-virus-scan-result") or ""
    return said.casefold().startswith(("infected", "yes", "virus"))


def action(headers: Headers) -> str | None:
    """Where the message was put; none where nothing shows that it was handed to anyone."""
    for value in headers.all("x-microsoft-antispam-mailbox-delivery")[:1]:
        found = _DESTINATION.search(value)
        if found and (put := {"J": "junked", "D": "deleted", "I": "delivered"}.get(found.group(1))):
            return put
    if "x-quarantine-id" in headers or "x-ms-exchange-organization-quarantine" in headers:
        return "quarantined"
    return "delivered" if any(name in headers for name in _TRACES) else None
