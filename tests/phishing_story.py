"""A phishing that was answered, as telemetry: the message, sign-ins, the mailbox's audit, and a task on the machine.

ann@corp.example gets a message with a link; her account is then used from 198.51.100.7 over EWS, a rule forwards her
mail, and a task is made on PC1. bob@corp.example gets the same message and does nothing.
"""

import json
from pathlib import Path
from typing import Any

ANN, BOB, EVIL = "ann@corp.example", "bob@corp.example", "billing@evil.example"
OUTSIDE, OFFICE = "198.51.100.7", "192.0.2.10"
LINK = "https://evil.example/login"

_MESSAGE = """Received: from mx.evil.example ([203.0.113.66]) by mx.corp.example; Tue, 5 Mar 2024 08:0{n}:00 +0000
From: Billing <{sender}>
To: <{to}>
Subject: Your invoice is overdue
Date: Tue, 5 Mar 2024 08:0{n}:00 +0000
Message-ID: <{n}@evil.example>
Content-Type: text/plain; charset=utf-8

Pay here: {link}
"""


def message(number: int, to: str) -> str:
    """One message of the attacker's."""
    return _MESSAGE.format(n=number, sender=EVIL, to=to, link=LINK)


def audit(number: int, at: str, operation: str, **more: Any) -> dict[str, Any]:
    """A record of the Unified Audit Log."""
    return {
        "CreationTime": at,
        "Id": f"00000000-0000-0000-0000-{number:012d}",
        "Operation": operation,
        "OrganizationId": "11111111-2222-3333-4444-555555555555",
        "RecordType": 2,
        "ResultStatus": "Succeeded",
        "UserKey": ANN,
        "UserType": 0,
        "Version": 1,
        "Workload": "Exchange",
        "UserId": ANN,
        **more,
    }


def _sign_in(number: int, at: str, ip: str) -> dict[str, Any]:
    return audit(number, at, "UserLoggedIn", RecordType=15, Workload="AzureActiveDirectory", ClientIP=ip)


def _mailbox(number: int, at: str, operation: str, ip: str, client: str, **more: Any) -> dict[str, Any]:
    own = {"MailboxOwnerUPN": ANN, "ClientIPAddress": ip, "ClientInfoString": client, "LogonType": 0}
    return audit(number, at, operation, ClientIP=ip, **own, **more)


AUDIT = [
    _sign_in(1, "2024-03-03T08:00:00", OFFICE),
    _mailbox(2, "2024-03-03T08:01:00", "Send", OFFICE, "Client=OWA;Mozilla/5.0", Item={"Subject": "lunch"}),
    _sign_in(3, "2024-03-04T08:00:00", OFFICE),
    _sign_in(4, "2024-03-05T09:00:00", OUTSIDE),
    _mailbox(5, "2024-03-05T09:05:00", "MailItemsAccessed", OUTSIDE, "Client=WebServices;ExchangeServicesClient/15",
             RecordType=50, OperationProperties=[{"Name": "MailAccessType", "Value": "Bind"}],
             Folders=[{"Path": "\\Inbox", "FolderItems": [{"InternetMessageId": "<a@corp.example>"}]}]),
    audit(6, "2024-03-05T09:10:00", "New-InboxRule", RecordType=1, ClientIP=OUTSIDE, ObjectId=f"{ANN}\\.",
          Parameters=[{"Name": "Name", "Value": "."}, {"Name": "Mailbox", "Value": ANN},
                      {"Name": "ForwardTo", "Value": "x@evil.example"}]),
    _mailbox(7, "2024-03-05T09:20:00", "Send", OUTSIDE, "Client=WebServices;ExchangeServicesClient/15",
             Item={"Subject": "new bank details"}),
]  # fmt: skip

TASK = {
    "EventID": 4698,
    "Channel": "Security",
    "SourceName": "Microsoft-Windows-Security-Auditing",
    "Hostname": "PC1.corp.example",
    "RecordNumber": 7,
    "@timestamp": "2024-03-05T10:00:00.000Z",
    "SubjectUserName": "ann",
    "SubjectDomainName": "CORP",
    "SubjectLogonId": "0x3e9",
    "TaskName": "\\Updater",
    "TaskContent": "<Task><Actions><Exec><Command>C:\\Users\\ann\\u.exe</Command></Exec></Actions></Task>",
}


def write(folder: Path) -> Path:
    """Write the telemetry to a folder."""
    folder.mkdir()
    for number, to in ((1, ANN), (2, BOB)):
        (folder / f"{number}.eml").write_text(message(number, to), encoding="utf-8")
    (folder / "audit.jsonl").write_text("".join(json.dumps(one) + "\n" for one in AUDIT), encoding="utf-8")
    (folder / "security.json").write_text(json.dumps(TASK) + "\n", encoding="utf-8")
    return folder
