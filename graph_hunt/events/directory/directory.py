"""A directory's entries, whatever export they came from."""

from dataclasses import dataclass, field, fields
from hashlib import blake2b


@dataclass(frozen=True, slots=True)
class Entry:
    """One account or computer; null or empty where the export does not say."""

    computer: bool = False
    name: str | None = None
    """Its Windows account name, without domain."""
    domain: str | None = None
    sid: str | None = None
    object_id: str | None = None
    upn: str | None = None
    mails: tuple[str, ...] = ()
    display: str | None = None
    job_title: str | None = None
    department: str | None = None
    service: bool = False
    privileged: bool = False
    dns_name: str | None = None
    role: str = ""
    """Of a computer: workstation, server, domain_controller."""
    tags: tuple[str, ...] = ()

    @property
    def named(self) -> bool:
        """It has an identifier that telemetry may bear."""
        return bool(
            self.sid or self.object_id or self.upn or self.mails or self.dns_name or (self.name and self.domain)
        )


@dataclass(frozen=True, slots=True)
class Directory:
    """Entries in one order, each once; two directories with the same entries are equal and look the same."""

    entries: tuple[Entry, ...] = field(default=(), repr=False)
    skipped: int = field(default=0, compare=False, repr=False)
    """Records of the export that name nobody."""
    digest: str = field(init=False, default="")

    def __post_init__(self) -> None:
        ordered = tuple(sorted(set(self.entries), key=_order))
        object.__setattr__(self, "entries", ordered)
        text = repr(ordered).encode("utf-8", "surrogatepass")
        object.__setattr__(self, "digest", blake2b(text, digest_size=8).hexdigest() if ordered else "")

    def plus(self, other: "Directory") -> "Directory":
        """Add another export's entries."""
        return Directory(self.entries + other.entries, self.skipped + other.skipped)


def _order(entry: Entry) -> tuple[str, ...]:
    return tuple(repr(getattr(entry, f.name)) for f in fields(Entry))
