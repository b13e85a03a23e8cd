"""What no loader reads is refused by name, with the reason and what to do instead."""

import json
from pathlib import Path

import pytest

from graph_hunt.events.inputs import one_source
from graph_hunt.loaders import all_loaders, find, refusal
from tests.paths import DATA
from tests.sources import Content

_OSQUERY = {"name": "pack_x_shell_history", "action": "added", "columns": {"command": "ls"}, "hostIdentifier": "h"}
_SSHD = (
    " Accepted password for ubuntu from 192.0.2.4 port 51826 ssh2\n"
    " Invalid user ann from 192.0.2.4 port 51894\n"
    "pam_faillock(sshd:auth): User unknown\n"
)
_POSTFIX = (
    "11FDF5F62A: to=<a@corp.example>, relay=local, delay=1, dsn=2.0.0, status=sent (ok)\n"
    "connect from unknown[192.0.2.1]\n"
    "NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 554 5.7.1\n"
)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            b"\xd4\xc3\xb2\xa1\x02\0\x04\0" + bytes(100),
            "is a capture of packets (pcap); run Zeek on it, and load Zeek's logs",
        ),
        (
            b"\x0a\x0d\x0d\x0a\x1c\0\0\0" + bytes(100),
            "is a capture of packets (pcap); run Zeek on it, and load Zeek's logs",
        ),
        (b"\xff\xd8\xff\xe0" + bytes(100), "is a picture (JPEG); it holds no events"),
        (b"LPKSHHRH" + bytes(100), "is systemd's journal in its own form; export it: journalctl --file FILE -o json"),
        (
            json.dumps(_OSQUERY).encode() + b"\n",
            "is results of osquery: what tables held, by queries of your own; map those that are events with --map",
        ),
        (
            _SSHD.encode(),
            "is messages of sshd without time and machine, so they cannot be placed; load syslog's whole lines",
        ),
        (
            _POSTFIX.encode(),
            "is messages of Postfix without time and machine, so they cannot be placed; load syslog's whole lines",
        ),
        (
            b'{"colour": "red", "size": 3}\n',
            "is JSON of a kind that no loader knows (fields colour, size); map it with --map",
        ),
        (
            b"when;who;what\n1;ann;left\n",
            "is a table of a kind that no loader knows (fields when, who, what); map it with --map",
        ),
    ],
)
def test_what_is_not_read_is_refused_by_name(content: bytes, said: str) -> None:
    assert find(Content(content)) is None
    assert refusal(content) == said


@pytest.mark.parametrize("content", [b"", b"\0\1\2\3" * 9, b"Dear Ann,\nsee you.\n"])
def test_what_cannot_be_told_is_not_named(content: bytes) -> None:
    assert refusal(content) is None


@pytest.mark.skipif(not DATA.is_dir(), reason="the shared telemetry is not there")
@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("panther-analysis/windows_sysmon_osquery.jsonl", "is results of osquery"),
        ("sekoia-intake-formats/openssh.log", "is messages of sshd"),
        ("sekoia-intake-formats/postfix.log", "is messages of Postfix"),
    ],
)
def test_files_of_the_recordings_that_are_not_read_say_why(path: str, said: str) -> None:
    source = one_source(Path(DATA, path))
    assert [loader.name for loader in all_loaders() if loader.claims(source)] == []
    assert (refusal(source.head) or "").startswith(said)
