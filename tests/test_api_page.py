"""The page at `/`: given to anyone with a strict policy; what it shows is not."""

from pathlib import Path

import pytest

from graph_hunt.api.access import Access
from graph_hunt.api.app import create_app
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.live import served


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A workspace with nothing in it."""
    made = Settings(tmp_path / "w")
    with Workspace.open(made):
        pass
    return made


@pytest.fixture
def static(tmp_path: Path) -> Path:
    """A page of two files, and a file beside their folder."""
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text('<!doctype html><script type="module" src="/assets/index-1a2b.js"></script>')
    (folder / "assets" / "index-1a2b.js").write_text("document.title = 'graph-hunt'")
    (tmp_path / "secret.txt").write_text("secret")
    return folder


def test_the_page_needs_no_token_and_what_it_asks_does(settings: Settings, static: Path) -> None:
    with served(create_app(settings, Access(demanded=True), static)) as ask:
        page = ask.get("/")
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert page.headers["cache-control"] == "no-cache"
        assert ask.head("/").status_code == 200
        asset = ask.get("/assets/index-1a2b.js")
        assert asset.text == "document.title = 'graph-hunt'"
        assert asset.headers["content-type"].startswith("text/javascript")
        assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
        again = {"If-None-Match": asset.headers["etag"]}
        assert ask.get("/assets/index-1a2b.js", headers=again).status_code == 304
        assert ask.post("/graphql", json={"query": "{ status { records } }"}).status_code == 401
        assert ask.post("/").status_code == 401
        assert ask.get("/index.html").status_code == 401


def test_the_page_runs_no_script_but_its_files(settings: Settings, static: Path) -> None:
    with served(create_app(settings, None, static)) as ask:
        policy = ask.get("/").headers["content-security-policy"]
        rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
        assert rules["default-src"] == "'none'"
        assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == "'self'"
        assert rules["frame-ancestors"] == rules["base-uri"] == rules["form-action"] == "'none'"
        assert "unsafe" not in policy and "http" not in policy
        answer = ask.get("/healthz")
        assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


@pytest.mark.parametrize(
    "path", ["/assets/none.js", "/assets/", "/assets/../../secret.txt", "/assets/..%2f..%2fsecret.txt", "/favicon.ico"]
)
def test_what_is_no_file_of_the_page_is_not_given(settings: Settings, static: Path, path: str) -> None:
    with served(create_app(settings, Access(), static)) as ask:
        answer = ask.get(path)
        assert answer.status_code == 404
        assert "secret" not in answer.text
        assert answer.headers["cache-control"] == "no-store"


def test_a_page_that_is_not_built_says_so(settings: Settings, tmp_path: Path) -> None:
    with served(create_app(settings, None, tmp_path / "none")) as ask:
        answer = ask.get("/")
        assert answer.status_code == 404
        assert answer.text.startswith("The page is not built")
        assert ask.get("/assets/index-1a2b.js").status_code == 404
