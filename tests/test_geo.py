from ipaddress import ip_address
from pathlib import Path

import pytest

from graph_hunt.errors import InputError
from graph_hunt.events.geo import BUNDLED, NOWHERE, Place, locate, scope
from graph_hunt.hunting import library, runner
from graph_hunt.hunting.window import resolve
from graph_hunt.settings import Settings
from graph_hunt.workspace import Workspace
from tests import hunt_cases, mmdb


def test_the_bundled_file_gives_countries_of_both_families_and_their_middles() -> None:
    assert locate(["8.8.8.8", "2001:4860:4860::8888", "193.0.6.139"]) == {
        "8.8.8.8": Place(country="US", latitude=39.5, longitude=-99.1, radius=2700),
        "2001:4860:4860::8888": Place(country="US", latitude=39.5, longitude=-99.1, radius=2700),
        "193.0.6.139": Place(country="NL", latitude=52.3, longitude=5.6, radius=180),
    }


def test_an_address_that_is_not_public_is_nowhere() -> None:
    assert locate(["10.0.0.1", "fe80::1", "127.0.0.1", "224.0.0.1"]) == {
        "10.0.0.1": NOWHERE,
        "fe80::1": NOWHERE,
        "127.0.0.1": NOWHERE,
        "224.0.0.1": NOWHERE,
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.1.2.3", "private"),
        ("100.64.0.1", "private"),
        ("fd00::1", "private"),
        ("169.254.1.1", "link_local"),
        ("fe80::1", "link_local"),
        ("127.0.0.1", "loopback"),
        ("::1", "loopback"),
        ("239.255.255.250", "multicast"),
        ("8.8.8.8", "public"),
        ("2606:4700::1111", "public"),
    ],
)
def test_scope(text: str, expected: str) -> None:
    assert scope(ip_address(text)) == expected


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    wrong = tmp_path / "city.mmdb"
    wrong.write_text("not a database")
    with pytest.raises(InputError, match=r"city\.mmdb: cannot be read .*MaxMind DB"):
        locate(["8.8.8.8"], [wrong])


def test_the_licence_of_the_statistics_is_beside_the_bundled_file() -> None:
    assert "nro.net" in (BUNDLED.parent / "NRO_LICENSE").read_text()


def test_a_database_of_one_s_own_is_kept_with_the_workspace(tmp_path: Path) -> None:
    with Workspace.open(Settings(tmp_path / "w")) as workspace:
        workspace.give_geo([BUNDLED])
        assert [file.name for file in workspace.geo] == [BUNDLED.name]
        broken = tmp_path / "broken.mmdb"
        broken.write_bytes(b"x")
        with pytest.raises(InputError, match="cannot be read"):
            workspace.give_geo([broken])
        assert [file.name for file in workspace.geo] == [BUNDLED.name]


def test_a_database_of_networks_lets_a_new_network_be_seen(own_settings: Settings, tmp_path: Path) -> None:
    asn = {"autonomous_system_number": 20712, "autonomous_system_organization": "Home"}
    hosting = {"autonomous_system_number": 64500, "autonomous_system_organization": "Hosting"}
    file = mmdb.write(tmp_path / "asn.mmdb", {"81.2.69.0/24": asn, "5.101.96.0/20": hosting})
    assert locate(["81.2.69.142"], [file])["81.2.69.142"].asn == "AS20712"
    with Workspace.open(own_settings) as workspace:
        workspace.give_geo([file])
        workspace.load(hunt_cases.telemetry("phished-sign-in", "fires"))
        (chosen,) = library.find(["first-network"])
        done = runner.run(chosen, workspace.graph, workspace.events.codes(), window=resolve(*workspace.span()))
        (finding,) = done.findings
        assert finding.summary.startswith("ann@corp.example signed in from AS64500 (5.101.96.9, NL) for the first time")
