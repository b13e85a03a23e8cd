"""The image and the compose file name only what the project has, and publish the API alone, on loopback."""

import re
from typing import Any

import yaml

from tests.paths import ROOT
from tests.test_docs import parse

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
EXAMPLE = dict(
    line.split("=", 1) for line in (ROOT / ".env.example").read_text("utf-8").splitlines() if re.match(r"[A-Z]", line)
)
SERVICES: dict[str, Any] = COMPOSE["services"]


def known() -> str:
    """The program's text, in which a variable that it reads stands."""
    return "\n".join(path.read_text("utf-8") for path in (ROOT / "graph_hunt").rglob("*.py"))


def test_variables_are_read_by_the_program() -> None:
    given = set(re.findall(r"GRAPH_HUNT_[A-Z0-9_]+(?==)", DOCKERFILE)) | {
        name for name in SERVICES["serve"]["environment"] if name.startswith("GRAPH_HUNT_")
    }
    assert given >= {"GRAPH_HUNT_WORKSPACE", "GRAPH_HUNT_NEO4J_URI"}
    text = known()
    assert [name for name in sorted(given) if name not in text] == []


def test_every_variable_of_the_compose_file_is_in_the_example_and_the_other_way_round() -> None:
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    assert set(re.findall(r"(?<!\$)\$\{([A-Z0-9_]+)", text)) == set(EXAMPLE)


def test_there_is_no_password_but_the_operators() -> None:
    assert EXAMPLE["GRAPH_HUNT_NEO4J_PASSWORD"] == ""
    for service in SERVICES.values():
        for name, value in service["environment"].items():
            if "PASSWORD" in name or "AUTH" in name:
                assert re.fullmatch(r"(neo4j/)?\$\{GRAPH_HUNT_NEO4J_PASSWORD:\?[^}]+\}", value)


def test_only_the_api_is_published_on_loopback() -> None:
    ports = {name: service.get("ports", []) for name, service in SERVICES.items()}
    assert ports == {"neo4j": [], "serve": ["127.0.0.1:${GRAPH_HUNT_PUBLISHED_PORT:-8080}:8080"]}
    assert "GRAPH_HUNT_PORT=8080" in DOCKERFILE


def test_the_server_runs_as_no_root_on_a_file_system_that_it_cannot_change() -> None:
    serve = SERVICES["serve"]
    assert (serve["read_only"], serve["cap_drop"], serve["tmpfs"]) == (True, ["ALL"], ["/tmp"])
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER hunter$", last, re.MULTILINE)
    assert "HEALTHCHECK" in last


def test_neo4j_is_the_version_that_tests_run_on() -> None:
    (version,) = re.findall(r"neo4j:([\d.]+)-community", SERVICES["neo4j"]["image"])
    assert f"Neo4j {version} " in (ROOT / "scripts" / "neo4j").read_text("utf-8")


def test_commands_exist() -> None:
    (entry,) = re.findall(r'^ENTRYPOINT \["(.*)"\]$', DOCKERFILE, re.MULTILINE)
    assert f'{entry} = "graph_hunt.cli:main"' in (ROOT / "pyproject.toml").read_text("utf-8")
    parse(SERVICES["serve"]["command"])


def test_what_is_copied_is_there_and_let_into_the_build() -> None:
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied: set[str] = set()
    for line in re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE):
        copied |= set(line.split())
    assert copied == let_in
    assert [name for name in sorted(copied) if not (ROOT / name).exists()] == []


def test_volumes_are_declared() -> None:
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service["volumes"]}
    assert {name for name in used if re.fullmatch(r"[a-z]+", name)} == set(COMPOSE["volumes"])
