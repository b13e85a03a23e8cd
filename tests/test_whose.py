"""Whose it is, over all loaders: one person is one user, and what is nobody's name becomes no user."""

import itertools
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from graph_hunt.events.identity import Ledger, Sightings, sight, together
from graph_hunt.events.inputs import one_source
from graph_hunt.events.source import Options, Source
from graph_hunt.loaders import all_loaders, find
from graph_hunt.schema import TABLES
from tests.commands import answer, run
from tests.paths import SAMPLES
from tests.sources import Content

_PERSON = "admmig@offsec.lan"
_ID = "aaaaaaaa-0000-4000-8000-000000000042"
_SIGN_IN = {
    "id": "10000000-0000-4000-8000-000000000001",
    "createdDateTime": "2024-05-13T08:01:07Z",
    "userDisplayName": "Adm Mig",
    "userPrincipalName": _PERSON,
    "userId": _ID,
    "appDisplayName": "OfficeHome",
    "ipAddress": "203.0.113.7",
    "clientAppUsed": "Browser",
    "conditionalAccessStatus": "success",
    "isInteractive": True,
    "status": {"errorCode": 0},
    "location": {"countryOrRegion": "FR"},
}
_AUDITED = {
    "CreationTime": "2024-05-13T08:02:00",
    "Id": "00000000-0000-4000-8000-000000000001",
    "Operation": "MailItemsAccessed",
    "OrganizationId": "11111111-2222-4333-8444-555555555555",
    "RecordType": 50,
    "ResultStatus": "Succeeded",
    "UserKey": "10032001",
    "UserType": 0,
    "Version": 1,
    "Workload": "Exchange",
    "UserId": "AdmMig@OffSec.lan",
    "ClientIPAddress": "203.0.113.7",
    "MailboxOwnerUPN": "admmig@offsec.lan",
    "LogonType": 0,
    "OperationProperties": [{"Name": "MailAccessType", "Value": "Bind"}],
    "Folders": [{"Path": "\\Inbox", "FolderItems": [{"InternetMessageId": "<a@x.example>"}]}],
}
_TRACE = (
    '"MessageId","Received","SenderAddress","RecipientAddress","Subject","Status","ToIP","FromIP","Size","MessageTraceId"\n'
    '"<a@x.example>","5/13/2024 7:59:00 AM","x@x.example","ADMMIG@offsec.lan","Hello","Delivered","","198.51.100.7",'
    '"4120","20000000-0000-4000-8000-000000000001"\n'
)
_WRITTEN = {
    "signins.json": json.dumps({"value": [_SIGN_IN]}),
    "audit.jsonl": json.dumps(_AUDITED) + "\n",
    "trace.csv": _TRACE,
}
_EVENT_LOGS = ("kerberos_users.evtx", "group_members.evtx")


def _sights(sources: Iterable[Source]) -> Sightings:
    tables: dict[str, list[pa.Table]] = {name: [table.schema.empty_table()] for name, table in TABLES.items()}
    for source in sources:
        loader = find(source)
        assert loader is not None
        for batch in loader.read(source, Options()):
            for name, rows in batch.tables.items():
                tables[name].append(rows)
    with duckdb.connect() as connection:
        for name, parts in tables.items():
            connection.register("incoming", pa.concat_tables(parts))
            connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM incoming')
            connection.unregister("incoming")
        return sight(connection)


def _sources() -> Iterator[Source]:
    for name, text in _WRITTEN.items():
        yield Content(text.encode(), name)
    for name in _EVENT_LOGS:
        yield one_source(SAMPLES / "windows" / name)


def _users(ledger: Ledger) -> set[str]:
    named = {meaning.key for meaning in ledger.combinations.values() if meaning.label == "User" and meaning.key}
    return {key for key in named if "admmig" in key or _ID in key}


def test_one_person_of_entra_audit_log_and_event_log_is_one_user_in_any_order() -> None:
    parts = [_sights([source]) for source in _sources()]
    for order in itertools.permutations(parts):
        assert _users(Ledger.of(together(list(order)))) == {"offsec\\admmig"}


@pytest.mark.parametrize("backwards", [False, True])
def test_a_mixed_load_gives_one_user_for_one_person(tmp_path: Path, *, backwards: bool) -> None:
    paths = [SAMPLES / "windows" / name for name in _EVENT_LOGS]
    for name, text in _WRITTEN.items():
        paths.append(tmp_path / name)
        paths[-1].write_text(text, encoding="utf-8")
    for path in reversed(paths) if backwards else paths:
        done = run("load", "-w", tmp_path / "w", path)
        assert done.returncode == 0, done.stderr
    found = answer("pivot", "offsec\\admmig", "--limit", "50", "--format", "json", "-w", tmp_path / "w")
    assert (found["entity"]["label"], found["entity"]["key"]) == ("User", "offsec\\admmig")
    assert {(relation["kind"], relation["neighbours"][0]["name"]) for relation in found["relations"]} == {
        ("SIGNED_IN_FROM", "203.0.113.7"),
        ("REQUESTED_TICKET", "OFFSEC.LAN\\krbtgt"),
        ("OWNS", _PERSON),
        ("ACCESSED_MAILBOX", _PERSON),
    }


_NO_USER = re.compile(
    r"(?:.*[\\|])?(?:-|--|n/a|null|none|unknown|anonymous logon|local service|network service|system|dwm-\d+|umfd-\d+|)"
    r"(?:@.*)?",
    re.IGNORECASE,
)
_GUID = re.compile(r"(?:.*\\)?\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?", re.IGNORECASE)


@cache
def _samples() -> tuple[Path, ...]:
    found = (path for one in all_loaders() for path in sorted((SAMPLES / one.name).rglob("*")) if path.is_file())
    return tuple(path for path in found if not path.name.endswith((".md", ".toml", ".expected.jsonl")))


@pytest.mark.parametrize("path", _samples(), ids=lambda path: str(path.relative_to(SAMPLES)))
def test_no_user_has_a_name_that_is_nobodys(path: Path) -> None:
    ledger = Ledger.of(_sights([one_source(path)]))
    users = {meaning.key for meaning in ledger.combinations.values() if meaning.label == "User"}
    names = {*users, *(ledger.accounts.names.get(key or "", key) for key in users)}
    assert not {name for name in names if name is None or _NO_USER.fullmatch(name)}
    # An account of which nothing else is known has its object id as its key; a name that is one there is none.
    assert not {key for key in users if key and "\\" in key and _GUID.fullmatch(key)}
