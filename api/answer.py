"""What a route answers where it has nothing to give: a status and words, which may quote telemetry."""

from collections.abc import Mapping

from starlette.responses import JSONResponse


def said(status: int, words: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Answer `{"error": words}`; half characters, which JSON on the wire cannot hold, are replaced."""
    return JSONResponse({"error": words.encode("utf-8", "replace").decode()}, status_code=status, headers=headers)
