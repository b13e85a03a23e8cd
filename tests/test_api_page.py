"""The page at `/`: given to anyone with a strict policy; what it shows is not."""

import re
from pathlib import Path

import pytest

from graph_hunt.api.access import Access
from graph_hunt.api.app import create_app
from graph_hunt.api.page import GRAPHIQL
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


def test_graphiql_is_given_to_browsers_from_here_only(settings: Settings) -> None:
    with served(create_app(settings, Access(demanded=True))) as ask:
        page = ask.get("/graphql", headers={"Accept": "text/html,application/xhtml+xml"})
        assert page.status_code == 200
        assert "unsafe" not in page.headers["content-security-policy"]
        files = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        assert len(files) == 7 and all(file.startswith("/") and not file.startswith("//") for file in files)
        assert re.search(r"<script(?![^>]* src=)|<style|\son\w+=", page.text) is None
        for file in files:
            if file.startswith("/graphiql/"):
                answer = ask.get(file)
                assert answer.status_code == 200 and len(answer.content) > 100, file
                assert not re.search(r"url\((?!data:)|@import", answer.text) or file.endswith(".js")
        assert ask.get("/graphql", headers={"Accept": "application/json"}).status_code == 405
        assert ask.get("/graphql?query={status{records}}", headers={"Accept": "*/*"}).status_code == 405
        assert ask.get("/graphiql/../app.py").status_code in (401, 404)
        assert ask.get("/graphiql/%2e%2e/app.py").status_code == 404


def test_graphiql_is_whole() -> None:
    sizes = {path.name: path.stat().st_size for path in (GRAPHIQL / "assets").iterdir()}
    assert set(sizes) == {"LICENSE.txt", "graphiql.css", "graphiql.js", "react-dom.js", "react.js"}
    assert sum(sizes.values()) < 1_500_000


def test_a_subscription_by_post_is_told_where_it_goes(settings: Settings) -> None:
    with served(create_app(settings)) as ask:
        for document in ('subscription { runProgress(id: "x") { state } }', "subscription S { __typename }"):
            (error,) = ask.post("/graphql", json={"query": document}).json()["errors"]
            assert error["extensions"] == {"code": "BAD_REQUEST"}
