"""Records of utmp, wtmp, btmp and lastlog, written as utmp(5) and glibc's headers lay them out."""

import ipaddress
import struct
from pathlib import Path

from tests.paths import SAMPLES

BEGUN = 1_700_000_000
FORMS = {
    "x86-64": "<hxxi32s4s32s256shhiii16s20x",
    "aarch64": "<hxxi32s4s32s256shhqqq16s20x4x",
    "powerpc": ">hxxi32s4s32s256shhiii16s20x",
}


def login(
    kind: int,
    line: str,
    user: str = "",
    host: str = "",
    *,
    pid: int = 0,
    at: int = 0,
    ip: str = "",
    form: str = "x86-64",
) -> bytes:
    """One record; `at` counts seconds from `BEGUN`."""
    address = ipaddress.ip_address(ip).packed if ip else b""
    texts = (line.encode(), line[-4:].encode(), user.encode(), host.encode())
    return struct.pack(FORMS[form], kind, pid, *texts, 0, 0, 0, BEGUN + at, 250_000, address)


def wtmp(form: str = "x86-64") -> bytes:
    """A machine's day: boot, a console, a logon over SSH and its end, a window in it, an address without a name."""
    return b"".join(
        [
            login(2, "~", "reboot", "6.1.0-13-amd64", form=form),
            login(1, "~", "runlevel", "6.1.0-13-amd64", pid=53, at=1, form=form),
            login(6, "tty1", "LOGIN", pid=700, at=2, form=form),
            login(7, "tty1", "root", pid=700, at=60, form=form),
            login(7, "pts/0", "ann", "pc1.corp.example", pid=900, at=100, ip="10.1.2.3", form=form),
            login(7, "pts/1", "ann", "tmux(901).%0", pid=901, at=130, form=form),
            login(8, "pts/0", pid=900, at=400, form=form),
            login(7, "pts/2", "bob", "2001:db8::9", pid=950, at=500, ip="2001:db8::9", form=form),
            login(8, "tty9", pid=1, at=600, form=form),
        ]
    )


def btmp() -> bytes:
    """Failures: over SSH by a known name, by one that is none, and at a console; a terminal that waits."""
    return b"".join(
        [
            login(6, "ssh:notty", "root", "203.0.113.9", pid=1000, ip="203.0.113.9"),
            login(6, "ssh:notty", "root", "203.0.113.9", pid=1000, ip="203.0.113.9"),
            login(6, "ssh:notty", "", "203.0.113.9", pid=1001, at=5, ip="203.0.113.9"),
            login(6, "tty1", "(unknown)", pid=700, at=9),
            login(6, "tty2", "LOGIN", pid=701, at=9),
        ]
    )


def lastlog(form: str = "<i32s256s", uid: int = 1000) -> bytes:
    """Accounts 0 and this one logged on; the others never did."""
    size = struct.calcsize(form)
    root = struct.pack(form, BEGUN + 60, b"tty1", b"")
    ann = struct.pack(form, BEGUN + 100, b"pts/0", b"10.1.2.3")
    return root + bytes(size * (uid - 1)) + ann


def main(folder: Path = SAMPLES / "utmp") -> None:
    """Write the samples."""
    for form in FORMS:
        (folder / f"wtmp-{form}").write_bytes(wtmp(form))
    (folder / "btmp").write_bytes(btmp())
    (folder / "lastlog").write_bytes(lastlog(uid=33))


if __name__ == "__main__":
    main()
