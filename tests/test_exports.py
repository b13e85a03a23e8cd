"""Hunts as files over real HTTP: CSV and JSON lines, what may go wrong, who may, and the trail."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from graph_hunt.api.access import Access
from graph_hunt.casework.state import State, history
from graph_hunt.hunting.export import csv_lines
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.test_api_access import served
from tests.written import windows_logon, write_lines

LOGONS = [windows_logon(number, "=cmd|x", target=f"SRV{number}.corp.example") for number in range(10, 40)]


@pytest.fixture(scope="module")
def settings(module_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A workspace with one account that goes to thirty hosts."""
    folder = tmp_path_factory.mktemp("exports")
    with Workspace.open(module_settings) as workspace:
        workspace.load([write_lines(folder / "logons.json", LOGONS)])
    return module_settings


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[httpx.Client]:
    """A client of a server of it."""
    with served(settings, Access()) as found, httpx.Client(base_url=f"http://{found}", timeout=60) as made:
        yield made


def test_findings_come_as_lines_of_json_and_as_csv(client: httpx.Client, settings: Settings) -> None:
    lines = client.get("/hunts/fan-out.jsonl")
    assert (lines.status_code, lines.headers["content-type"]) == (200, "application/x-ndjson")
    findings = [json.loads(line) for line in lines.text.splitlines()]
    assert findings and {one["hunt"] for one in findings} == {"fan-out"}
    table = client.get("/hunts/fan-out.csv")
    assert table.headers["content-disposition"] == 'attachment; filename="fan-out.csv"'
    assert table.headers["x-content-type-options"] == "nosniff"
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert [row["id"] for row in rows] == [one["id"] for one in findings]
    assert json.loads(rows[0]["entities"]) == findings[0]["entities"]
    state = State.open(settings.state_store)
    with state.read() as connection:
        trail = [(one.who, one.action, one.after) for one in history(connection, "hunt:fan-out")]
    state.close()
    assert trail == [
        ("local", "export hunt", {"form": form, "state": "done", "findings": len(findings)})
        for form in ("jsonl", "csv")
    ]


def test_a_hunts_parameters_narrow_it(client: httpx.Client) -> None:
    parameter = client.post("/graphql", json={"query": "{ hunts { id parameters { name type } } }"}).json()
    (fan_out,) = [one for one in parameter["data"]["hunts"] if one["id"] == "fan-out"]
    (least, *_) = [one["name"] for one in fan_out["parameters"] if one["type"] == "integer"]
    assert client.get("/hunts/fan-out.jsonl", params={least: "1000"}).text == ""
    assert client.get("/hunts/fan-out.csv", params={least: "1000"}).text.count("\n") == 1
    assert client.get("/hunts/fan-out.csv", params={least: "many"}).status_code == 400
    assert client.get(f"/hunts/fan-out.csv?{least}=1&{least}=2").status_code == 400


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/hunts/no-such.csv", 404), ("/hunts/fan-out.exe", 422), ("/hunts/..%2f..%2fetc.csv", 404),
        ("/hunts/fan-out.csv?nothing=1", 400), ("/hunts/fan-out.csv?since=soon", 400),
        ("/hunts/fan-out.csv?scope=nobody%00", 404), ("/hunts/dcsync.csv", 409), ("/hunts/%0d%0aX: y.csv", 404),
    ],
)  # fmt: skip
def test_what_cannot_be_given_is_said(client: httpx.Client, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    assert "x" not in answer.headers


def test_no_cell_is_a_formula() -> None:
    rows: list[dict[str, Any]] = [
        {"a": "=cmd|' /C calc'!A0", "b": -1},
        {"a": "@SUM(1)", "b": None},
        {"a": '"\r\n', "b": [1]},
    ]
    assert list(csv_lines(rows, ["a", "b"])) == [
        "a,b\r\n", "'=cmd|' /C calc'!A0,-1\r\n", "'@SUM(1),\r\n", '"""\r\n",[1]\r\n'
    ]  # fmt: skip
