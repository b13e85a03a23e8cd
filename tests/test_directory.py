import base64
from pathlib import Path

import pytest

from graph_hunt.errors import InputError, WorkspaceError
from graph_hunt.events.directory import Directory, Entry, keep, kept, read_directory
from graph_hunt.events.identity import Edits, Ledger, links_of, sight
from graph_hunt.events.resolve import resolve
from graph_hunt.events.tags import read_tags
from tests.identity_events import HOUR, NOON, Row, connect, logon, own_connection, row

USERS = """#TYPE Selected.Microsoft.ActiveDirectory.Management.ADUser
"SamAccountName","UserPrincipalName","SID","DistinguishedName","EmailAddress","Title","Department","MemberOf","VIP"
"ann","ann.lee@corp.example","S-1-5-21-1-2-3-1104","CN=Lee\\, Ann,OU=Staff,DC=corp,DC=example","a.lee@mail.example",\
"CFO","Finance","CN=Domain Admins,CN=Users,DC=corp,DC=example",true
"sqlsvc","","S-1-5-21-1-2-3-1200","CN=sqlsvc,DC=corp,DC=example","","","","",
"","","","OU=Staff,DC=corp,DC=example","","","","",
"""

ANN = Entry(
    name="ann",
    domain="corp.example",
    sid="S-1-5-21-1-2-3-1104",
    upn="ann.lee@corp.example",
    mails=("a.lee@mail.example",),
    job_title="CFO",
    department="Finance",
    privileged=True,
    tags=("vip",),
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_powershell_export_of_users_is_read(tmp_path: Path, encoding: str, delimiter: str) -> None:
    file = tmp_path / "users.csv"
    text = (
        USERS if delimiter == "," else USERS.replace('","', '";"').replace('",true', '";true').replace('",\n', '";\n')
    )
    file.write_text(text, encoding=encoding)
    found = read_directory(file)
    assert ANN in found.entries
    assert (len(found.entries), found.skipped) == (2, 1)


def test_ldif_is_read_with_folded_lines_and_binary_sids(tmp_path: Path) -> None:
    sid = base64.b64encode(bytes.fromhex("01050000000000051500000001000000020000000300000050040000")).decode()
    file = tmp_path / "export.ldf"
    file.write_text(
        "version: 1\n# all of\n  it\n"
        "dn: CN=Ann,DC=corp,DC=exam\n ple\nobjectClass: top\nobjectClass: user\n"
        f"sAMAccountName: ann\nobjectSid:: {sid}\n"
        f"displayName:: {base64.b64encode('Ännchen'.encode()).decode()}\nadminCount: 1\n\n"
        "dn: CN=DC1,OU=Domain Controllers,DC=corp,DC=example\nobjectClass: computer\nsAMAccountName: DC1$\n"
        "dNSHostName: DC1.corp.example\noperatingSystem: Windows Server 2022\nprimaryGroupID: 516\n\n"
        "dn: CN=sql,DC=corp,DC=example\nobjectClass: msDS-GroupManagedServiceAccount\nsAMAccountName: sql$\n\n"
        "dn: CN=Staff,DC=corp,DC=example\nobjectClass: group\nsAMAccountName: Staff\n"
    )
    found = read_directory(file)
    assert found.skipped == 1
    assert set(found.entries) == {
        Entry(name="ann", domain="corp.example", sid="S-1-5-21-1-2-3-1104", display="Ännchen", privileged=True),
        Entry(computer=True, name="DC1$", domain="corp.example", dns_name="DC1.corp.example", role="domain_controller"),
        Entry(name="sql$", domain="corp.example", service=True),
    }


@pytest.mark.parametrize("shape", ['{"value": [%s]}', "[%s]", "%s\n"])
def test_entra_users_are_read(tmp_path: Path, shape: str) -> None:
    file = tmp_path / "users.json"
    user = (
        '{"id": "73d664e4-0886-4a73-b745-c694da45ddb4", "userPrincipalName": "ann.lee@corp.example", "jobTitle": "CFO",'
        '"onPremisesSecurityIdentifier": "S-1-5-21-1-2-3-1104", "onPremisesSamAccountName": "ann", "mail": null,'
        '"onPremisesDomainName": "corp.example",'
        '"proxyAddresses": ["SMTP:ann.lee@corp.example", "smtp:al@corp.example"],'
        '"memberOf": [{"@odata.type": "#microsoft.graph.directoryRole", "displayName": "Global Administrator"}]}'
    )
    file.write_text(shape % user)
    assert read_directory(file).entries == (
        Entry(
            name="ann",
            domain="corp.example",
            sid="S-1-5-21-1-2-3-1104",
            object_id="73d664e4-0886-4a73-b745-c694da45ddb4",
            upn="ann.lee@corp.example",
            mails=("al@corp.example",),
            job_title="CFO",
            privileged=True,
        ),
    )


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "[1, 2", '[{"color": "red"}]', "SamAccountName\n"])
def test_what_is_no_directory_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "x.csv"
    file.write_text(text)
    with pytest.raises(InputError, match=r"x\.csv"):
        read_directory(file)


def test_a_kept_directory_is_the_same_in_any_order(tmp_path: Path) -> None:
    other = Entry(upn="eve@corp.example")
    assert kept(tmp_path / "directory.jsonl") == Directory()
    keep(tmp_path / "directory.jsonl", Directory((ANN, other)).plus(Directory((other,))))
    assert kept(tmp_path / "directory.jsonl") == Directory((other, ANN))
    assert repr(kept(tmp_path / "directory.jsonl")) == repr(Directory((other, ANN)))
    (tmp_path / "directory.jsonl").write_text("{")
    with pytest.raises(WorkspaceError, match="give the directory again"):
        kept(tmp_path / "directory.jsonl")


EVENTS = [
    logon(NOON, user="ann", user_domain="CORP", target_host="DC1"),
    logon(NOON + 1, user_upn="ANN.LEE@corp.example", kind="sign_in", source_ip="203.0.113.7"),
    logon(NOON + 2, user_upn="a.lee@mail.example", kind="sign_in"),
    logon(NOON + 3, user_sid="S-1-5-21-1-2-3-1104", target_host="WS1"),
]


def nodes(events: list[Row], edits: Edits, text: str) -> list[tuple[object, ...]]:
    with connect(events) as connection:
        resolve(connection, Ledger.of(sight(connection), edits))
        return connection.execute(text).fetchall()


def test_a_directory_makes_one_user_of_identifiers_that_never_met() -> None:
    asked = "SELECT key, upn, kind, privileged, job_title, department, tags FROM user_nodes ORDER BY key"
    assert len(nodes(EVENTS, Edits(), asked)) == 4
    assert nodes(EVENTS, Edits(directory=Directory((ANN,))), asked) == [
        ("corp\\ann", "a.lee@mail.example", "human", True, "CFO", "Finance", "vip")
    ]


def test_a_directory_says_so_among_the_links_without_a_time() -> None:
    with connect(EVENTS) as connection:
        ledger = Ledger.of(sight(connection), Edits(directory=Directory((ANN,))))
    link = next(link for link in links_of(ledger, "corp\\ann") if link.left == ANN.sid and link.right == "corp\\ann")
    assert (link.reason, link.confidence, link.first, link.count) == ("listed in the directory", 1.0, None, 0)


def test_a_directory_names_computers_but_adds_none_that_was_not_seen() -> None:
    computers = [
        Entry(computer=True, name="DC1$", dns_name="DC1.corp.example", role="domain_controller"),
        Entry(computer=True, name="WS1$", dns_name="ws1.corp.example", role="workstation"),
        Entry(computer=True, name="WS9$", dns_name="ws9.corp.example", role="workstation"),
    ]
    found = nodes(
        EVENTS, Edits(directory=Directory(tuple(computers))), "SELECT key, role, tier0 FROM host_nodes ORDER BY 1"
    )
    assert found == [("dc1.corp.example", "domain_controller", True), ("ws1.corp.example", "workstation", False)]


TAGS = """
[critical]
hosts = ["dc*"]

[crew]
users = ["corp\\\\ann", "*@mail.example"]

[money]
departments = ["finance"]

[office]
addresses = ["10.0.0.0/24"]

[vpn]
addresses = ["203.0.113.0/24", "10.0.9.0/24"]
shared = true

[tier0]
hosts = ["WS1"]
"""


def test_tags_mark_users_hosts_and_addresses(tmp_path: Path) -> None:
    file = tmp_path / "tags.toml"
    file.write_text(TAGS)
    edits = Edits(directory=Directory((ANN,)), tags=read_tags(file))
    events = [*EVENTS, own_connection(NOON, "WS1", "10.0.0.5"), own_connection(NOON + HOUR, "DC1", "10.0.9.5")]
    assert nodes(events, edits, "SELECT key, tags FROM user_nodes") == [("corp\\ann", "crew,money,vip")]
    assert nodes(events, edits, "SELECT key, tags, tier0 FROM host_nodes ORDER BY key") == [
        ("dc1", "critical", False),
        ("ws1", "office,tier0", True),
    ]
    assert nodes(events, edits, "SELECT key, tags FROM ip_nodes WHERE tags IS NOT NULL ORDER BY key") == [
        ("10.0.0.5", "office"),
        ("10.0.9.5", "vpn"),
        ("203.0.113.7", "vpn"),
    ]
    asked = "SELECT DISTINCT source_key, source_label FROM network_resolved ORDER BY 1"
    seen = row("network", NOON, kind="connection", source_ip="10.0.9.5", target_ip="10.0.0.5")
    assert nodes([*events, seen], edits, asked) == [("10.0.9.5", "IP"), ("dc1", "Host"), ("ws1", "Host")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1", "x is no table"),
        ("[x]\nuser = []", "user = "),
        ("[x]\naddresses = ['10.0.0.0/99']", "expected addresses or networks"),
        ("[x", "expected TOML"),
        ("['a,b']", "no comma"),
    ],
)
def test_a_malformed_tags_file_is_named_with_the_place(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "tags.toml"
    file.write_text(text)
    with pytest.raises(InputError, match=r"tags\.toml") as raised:
        read_tags(file)
    assert said in str(raised.value)
    assert read_tags(tmp_path / "none.toml").tags == ()
