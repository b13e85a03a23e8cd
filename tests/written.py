"""Telemetry written for tests: LANL lines, and Windows logons as flat JSON lines."""

import json
import random
from pathlib import Path

DAY = 86_400


def lanl_lines(count: int, *, seed: int = 1, days: int = 3) -> list[str]:
    """Lines of LANL `auth.txt`, in order of time, some of them alike."""
    chance = random.Random(seed)
    times = sorted(chance.randrange(1, days * DAY) for _ in range(count))
    lines = []
    for at in times:
        user, source, target = (chance.randrange(1, limit) for limit in (12, 9, 9))
        outcome = "Success" if chance.random() < 0.9 else "Fail"
        line = f"{at},U{user}@DOM1,U{user}@DOM1,C{source},C{target},NTLM,Network,LogOn,{outcome}"
        lines += [line] * (2 if chance.random() < 0.05 else 1)
    return lines


def windows_logon(
    record: int, user: str, *, domain: str = "CORP", target: str = "SRV1.corp.example", **more: str
) -> str:
    """A 4624 as a flat JSON line, as NXLog writes it."""
    event = {
        "EventID": 4624,
        "Channel": "Security",
        "SourceName": "Microsoft-Windows-Security-Auditing",
        "Hostname": target,
        "RecordNumber": record,
        "@timestamp": f"2024-03-01T12:{record // 60 % 60:02d}:{record % 60:02d}.000Z",
        "TargetUserName": user,
        "TargetDomainName": domain,
        "LogonType": "3",
        "AuthenticationPackageName": "NTLM",
        "WorkstationName": "PC1",
        "IpAddress": "10.1.2.3",
        "TargetLogonId": hex(record),
        **more,
    }
    return json.dumps(event)


def write_lines(path: Path, lines: list[str]) -> Path:
    """Write lines to a file."""
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return path
