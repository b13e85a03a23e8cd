"""`/metrics` over real HTTP: what Prometheus reads, and that no client makes series."""

from pathlib import Path

import httpx
from prometheus_client.parser import text_string_to_metric_families

from graph_hunt.api.access import Access
from graph_hunt.api.metrics import route_of
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests.test_api_access import served
from tests.written import windows_logon, write_lines


def _samples(text: str) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_requests_actions_and_what_is_loaded_are_counted(own_settings: Settings, tmp_path: Path) -> None:
    with Workspace.open(own_settings) as workspace:
        workspace.load([write_lines(tmp_path / "logons.json", [windows_logon(1, "alice"), windows_logon(2, "bob")])])
    with served(own_settings, Access()) as found, httpx.Client(base_url=f"http://{found}", timeout=60) as client:
        for number in range(3):
            client.get(f"/made/up/{number}")
        client.request("BREW", "/healthz")
        client.get("/hunts/fan-out.csv")
        client.post("/graphql", json={"query": "{ hunts { id } }"}, headers={"Origin": "https://evil.example"})
        answer = client.get("/metrics")
    told = _samples(answer.text)
    assert answer.headers["content-type"].startswith("text/plain")
    assert told["graph_hunt_http_requests_total", "GET", "other", "404"] == 3
    assert told["graph_hunt_http_requests_total", "other", "/healthz", "405"] == 1
    assert told["graph_hunt_http_requests_total", "POST", "/graphql", "403"] == 1
    assert told["graph_hunt_http_request_seconds_count", "/hunts/"] == 1
    assert told["graph_hunt_actions_total", "export hunt"] == 1
    assert told["graph_hunt_records", "used"] == 2
    assert told["graph_hunt_rows", "authentication"] == 2
    assert told["graph_hunt_ingest_full",] == 0
    assert told["graph_hunt_last_event_timestamp_seconds",] > 1_700_000_000
    assert "made" not in answer.text


def test_routes_are_few() -> None:
    paths = ("/healthz", "/graphql", "/ingest/zeek", "/hunts/x.csv", "/metrics", "/graphql/", "/x", "")
    assert [route_of(path) for path in paths] == [
        "/healthz", "/graphql", "/ingest/", "/hunts/", "/metrics", "other", "other", "other"
    ]  # fmt: skip
