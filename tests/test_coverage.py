"""The page of what the hunts find in known recordings: its truth, and that a case is judged by it."""

import importlib.util
import re
import sys
from types import ModuleType

import pytest

from tests.paths import DATA, ROOT

SCRIPT = ROOT / "scripts" / "write_coverage.py"


@pytest.fixture(scope="module")
def coverage() -> ModuleType:
    """The script, as a module."""
    spec = importlib.util.spec_from_file_location("write_coverage", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["write_coverage"] = module
    spec.loader.exec_module(module)
    return module


def test_the_page_answers_each_case_of_the_truth(coverage: ModuleType) -> None:
    page = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
    for case in coverage.cases():
        assert case.file.partition("/")[2] in page, case.file
        assert all(re.fullmatch(r"T\d{4}(\.\d{3})?", technique) for technique in case.attack), case.file


@pytest.mark.skipif(not DATA.exists(), reason="the shared telemetry is not here")
def test_the_truth_names_recordings_that_are_there(coverage: ModuleType) -> None:
    assert [case.file for case in coverage.cases() if not (DATA / case.file).exists()] == []


@pytest.mark.skipif(not DATA.exists(), reason="the shared telemetry is not here")
@pytest.mark.parametrize(
    ("recording", "state", "hunt"),
    [
        ("covenant_dcsync_dcerpc_drsuapi_DsGetNCChanges.zip", "found", "dcsync"),
        ("ID4688-4663-4656-LSASS_dump_with_LSASSY_(process).evtx", "found", "lsass-access"),
        ("ID4768-4771-Kerberos_brutforce_with_non_existing_users.evtx", "found", "user-enumeration"),
        ("discovery_local_user_or_group_windows_security_4799_4798.evtx", "missed", None),
    ],
)
def test_a_recording_is_judged_by_who_where_and_when(
    coverage: ModuleType, recording: str, state: str, hunt: str | None
) -> None:
    (case,) = (case for case in coverage.cases() if case.file.endswith("/" + recording))
    answer = coverage.answer(case)
    assert (answer.state, answer.best.hunt if answer.best else None) == (state, hunt)
