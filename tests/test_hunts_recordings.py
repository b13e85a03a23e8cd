"""What really happened in real recordings is found: who, from where, to where, when (OTRF Security-Datasets, MIT)."""

from pathlib import Path

import pytest

from graph_hunt.events.store import EventStore
from graph_hunt.graph.store import GraphStore
from graph_hunt.hunting import library, runner
from graph_hunt.hunting.summary import iso
from graph_hunt.hunting.window import resolve
from graph_hunt.workspace.preferences import Preferences
from graph_hunt.workspace.workspace import Workspace
from tests.paths import DATA, ROOT

BUNDLED = ROOT / "graph_hunt" / "cli" / "telemetry"
LATERAL = DATA / "otrf-security-datasets" / "atomic" / "windows" / "lateral_movement" / "host"
FROM_5_TO_6 = (
    "account theshire\\pgustavo",
    "source workstation5.theshire.local",
    "target workstation6.theshire.local",
)
CASES = (
    (BUNDLED / "covenant_sharpsc_create_dcerpc_smb_svcctl.zip", "remote-service", "2020-08-06T06:27:29Z"),
    (BUNDLED / "covenant_sharpwmi_create_dcerpc_wmi.zip", "remote-execution", "2020-08-06T07:56:41Z"),
    (BUNDLED / "covenant_psremoting_command.zip", "remote-execution", "2020-08-06T15:56:22Z"),
    (LATERAL / "covenant_com_wsman_automation.zip", "remote-execution", "2020-10-13T04:26:28Z"),
    (LATERAL / "covenant_dcom_registerxll.zip", "remote-execution", "2020-09-18T19:00:21Z"),
    (LATERAL / "empire_psremoting_stager.zip", "remote-execution", "2020-09-20T21:09:08Z"),
    (LATERAL / "covenant_copy_smb_CreateRequest.zip", "admin-share", "2020-09-22T18:53:30Z"),
    (
        LATERAL / "covenant_wmi_remote_event_subscription_ActiveScriptEventConsumers.zip",
        "remote-persistence",
        "2020-09-02T01:43:49Z",
    ),
)


@pytest.mark.parametrize(("recording", "hunt", "at"), CASES, ids=[path.stem for path, _, _ in CASES])
def test_a_recorded_lateral_movement_is_found(
    recording: Path, hunt: str, at: str, graph_store: GraphStore, tmp_path: Path
) -> None:
    if not recording.is_relative_to(ROOT) and not DATA.exists():
        pytest.skip("the shared data folder is not here")
    workspace = Workspace(tmp_path, Preferences(), EventStore.open(tmp_path / "events"), graph_store)
    workspace.load([recording])
    (chosen,) = library.find([hunt])
    done = runner.run(chosen, graph_store, workspace.events.codes(), window=resolve(*workspace.span()))
    (finding,) = done.findings
    involved = [f"{one.role} {one.key}" for one in finding.entities]
    assert [one for one in involved if one in FROM_5_TO_6] == list(FROM_5_TO_6)
    assert iso(finding.first_seen)[:19] == at[:19]
