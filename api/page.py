"""The web page at `/`, GraphiQL at `/graphql`: files that anyone is given; what they show they ask for with a token."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import FileResponse, PlainTextResponse
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent / "static"
"""Where `scripts/build-page` puts the page."""
GRAPHIQL = Path(__file__).parent / "graphiql"
"""Where `scripts/build-graphiql` puts GraphiQL."""
INDEX, ASSETS = "index.html", "assets"
BESIDE = ("favicon.ico", "favicon.svg")
"""Files that lie beside the page."""
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""No script or style that is not a file of ours; nothing from elsewhere, nothing sent elsewhere."""
_FOR_EVER = "public, max-age=31536000, immutable"
_NOT_BUILT = (
    "The page is not built: there is no api/static/index.html. `scripts/build-page` makes it; releases have it.\n"
    "The API answers at /graphql all the same.\n"
)


class _Files(StaticFiles):
    """Files of one folder, which need not be there."""

    def __init__(self, folder: Path, cached: str) -> None:
        super().__init__(directory=folder, check_dir=False)
        self.config_checked, self._cached = True, cached

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Give a file, with how long it may be kept."""
        try:
            answer = await super().get_response(path, scope)
        except HTTPException as error:
            return PlainTextResponse(f"{error.detail}\n", status_code=error.status_code)
        answer.headers["Cache-Control"] = self._cached
        return answer


def add_page(app: FastAPI, static: Path = STATIC) -> None:
    """Serve the page that a folder holds."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/", methods=["GET", "HEAD"])
    async def page() -> Response:
        if not (static / INDEX).is_file():
            return PlainTextResponse(_NOT_BUILT, status_code=404)
        return _file(static / INDEX, {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"})

    for name in BESIDE:
        router.add_api_route(f"/{name}", _giving(static / name), methods=["GET", "HEAD"])
    app.include_router(router)
    # Names of these bear their content's digest.
    app.mount(f"/{ASSETS}", _Files(static / ASSETS, _FOR_EVER))


def add_graphiql(app: FastAPI) -> None:
    """Serve GraphiQL to browsers at the API's own path; add it before the API."""

    async def graphiql(request: Request) -> Response:
        if "text/html" not in request.headers.get("accept", ""):
            return PlainTextResponse("GraphQL is asked by POST, as JSON\n", status_code=405, headers={"Allow": "POST"})
        return _file(GRAPHIQL / INDEX, {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"})

    app.add_api_route("/graphql", graphiql, methods=["GET"], include_in_schema=False)
    app.mount("/graphiql", _Files(GRAPHIQL, "no-cache"))


def _giving(path: Path) -> Callable[[], Awaitable[Response]]:
    async def give() -> Response:
        if not path.is_file():
            return PlainTextResponse("not found\n", status_code=404)
        return _file(path, {"Cache-Control": "no-cache"})

    return give


def _file(path: Path, headers: dict[str, str]) -> Response:
    return FileResponse(path, headers=headers)
