"""Windows events become rows of the event tables."""

import pytest

from tests.windows_events import event, row, rows


def test_a_logon_names_its_account_source_and_target() -> None:
    found = row(
        event(
            "Security",
            4624,
            {
                "SubjectLogonId": "0x3e7",
                "TargetUserSid": "S-1-5-21-1-2-3-1104",
                "TargetUserName": "ann",
                "TargetDomainName": "CORP",
                "TargetLogonId": "0x00000000000A1B2C",
                "LogonType": "3",
                "LogonProcessName": "NtLmSsp ",
                "AuthenticationPackageName": "NTLM",
                "WorkstationName": "PC2",
                "IpAddress": "::ffff:10.0.0.2",
                "IpPort": "50123",
                "ProcessName": "-",
                "ElevatedToken": "%%1842",
            },
        )
    )
    assert found == {
        "kind": "logon",
        "outcome": "success",
        "user": "ann",
        "user_domain": "CORP",
        "user_sid": "S-1-5-21-1-2-3-1104",
        "source_host": "PC2",
        "source_ip": "10.0.0.2",
        "source_port": 50123,
        "target_host": "PC1.corp.example",
        "logon_type": "network",
        "package": "NTLM",
        "logon_process": "NtLmSsp",
        "logon_id": "0xa1b2c",
        "caller_logon_id": "0x3e7",
        "elevated": True,
    }


def test_security_1102_is_a_cleared_log_and_rdp_clients_1102_is_not() -> None:
    cleared = event("Security", 1102, {"SubjectUserName": "ann"}, provider="Microsoft-Windows-Eventlog")
    client = event(
        "Microsoft-Windows-TerminalServices-RDPClient/Operational",
        1102,
        {"Name": "Server Name", "Value": "10.0.0.9"},
        provider="Microsoft-Windows-TerminalServices-ClientActiveXCore",
    )
    assert [(table, found["code"]) for table, found in rows(cleared)] == [("change", "Security/1102")]
    assert all(table != "change" for table, _ in rows(client))


@pytest.mark.parametrize(
    ("source", "target"),
    [
        # Before Sysmon 10 the machine's own end stood first, however the connection began.
        (("10.0.2.16", "PC1", 445), ("10.0.2.17", "", 55683)),
        # UDP to a server's port is written so to this day, without names.
        (("10.0.2.16", "-", 53), ("10.0.2.17", "-", 55683)),
        (("10.0.2.17", "-", 55683), ("10.0.2.16", "PC1.corp.example", 135)),
    ],
)
def test_an_inbound_connection_comes_from_the_other_machine(
    source: tuple[str, str, int], target: tuple[str, str, int]
) -> None:
    data: dict[str, object] = {"Initiated": "false", "Protocol": "tcp", "Image": "System"}
    for end, (ip, name, port) in (("Source", source), ("Destination", target)):
        data |= {f"{end}Ip": ip, f"{end}Hostname": name, f"{end}Port": port}
    found = row(event("Microsoft-Windows-Sysmon/Operational", 3, data, provider="Microsoft-Windows-Sysmon"))
    assert (found["source_ip"], found["source_port"]) == ("10.0.2.17", 55683)
    assert found["target_ip"] == "10.0.2.16"
    assert found["direction"] == "inbound"
