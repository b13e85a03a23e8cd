"""An object store (S3 and what speaks its protocol) as the event store needs it, through Arrow, boto3 and DuckDB.

Arrow reads, writes and lists; boto3 puts an object only where none is, which is how loaders agree on what stands.
Credentials, region and endpoint are taken as by every program of AWS's kits (`AWS_…`, profiles, roles); a URL may say
`?endpoint_override=HOST:PORT&scheme=http&region=NAME`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pyarrow as pa
from fsspec import AbstractFileSystem
from pyarrow import fs

from graph_hunt.errors import WorkspaceError
from graph_hunt.events.storage import MOUNTED

if TYPE_CHECKING:
    import duckdb

_TAKEN = ("PreconditionFailed", "ConditionalRequestConflict")


@dataclass(frozen=True, slots=True)
class Remote:
    """A bucket, and how an object is put into it."""

    url: str
    client: Any
    """boto3's client, which has no types."""

    def create(self, path: str, content: bytes) -> bool:
        """Put an object where none is; tell whether none was."""
        while not self._put(path, content):
            # Two at a time may both be refused, and an answer that was lost makes the client ask again.
            standing = self._standing(path)
            if standing is not None:
                return standing == content
        return True

    def remove(self, path: str) -> None:
        """Remove an object. Arrow would leave one in the place of its folder."""
        with _translated():
            self.client.delete_object(**_named(path))

    def check(self, path: str) -> None:
        """Raise where the store does not keep its word to put an object only where none is."""
        probe = f"{path}/probe-{token_hex(8)}"
        first = self.create(probe, b"1")
        second = self.create(probe, b"2")
        self.remove(probe)
        if not first or second:
            raise WorkspaceError(
                f"{self.url}: the object store writes over what stands although it was asked not to (If-None-Match), "
                "so loaders could not agree on what is there; take one that keeps it, such as AWS S3, MinIO or R2"
            )

    def _put(self, path: str, content: bytes) -> bool:
        from botocore.exceptions import ClientError

        with _translated():
            try:
                self.client.put_object(**_named(path), Body=content, IfNoneMatch="*")
            except ClientError as error:
                if error.response["Error"]["Code"] not in _TAKEN:
                    raise
                return False
        return True

    def _standing(self, path: str) -> bytes | None:
        with _translated():
            try:
                return bytes(self.client.get_object(**_named(path))["Body"].read())
            except self.client.exceptions.NoSuchKey:
                return None


def _named(path: str) -> dict[str, str]:
    bucket, _, key = path.partition("/")
    return {"Bucket": bucket, "Key": key}


@contextmanager
def _translated() -> Iterator[None]:
    """Raise for the driver's errors what a file system would."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise OSError(str(error)) from error


def connect(url: str) -> tuple[fs.FileSystem, str, Remote]:
    """Open a bucket by its URL: Arrow's file system, the path in it, and the rest."""
    try:
        import boto3
        from botocore.config import Config
    except ImportError as error:
        raise WorkspaceError(f"{url}: the driver is missing; pip install 'graph-hunt[s3]'") from error
    said = {name: values[-1] for name, values in parse_qs(urlsplit(url).query).items()}
    endpoint = said.get("endpoint_override")
    try:
        files, root = fs.FileSystem.from_uri(url)
        client = boto3.client(
            "s3",
            region_name=said.get("region") or files.region,
            endpoint_url=f"{said.get('scheme', 'https')}://{endpoint}" if endpoint else None,
            # Where an endpoint is a machine of one's own, a bucket is no name in front of it.
            config=Config(retries={"mode": "standard", "max_attempts": 5}, s3={"addressing_style": "auto"}),
        )
    except Exception as error:  # each of the two libraries has its own
        raise WorkspaceError(f"{url}: the object store cannot be opened ({error})") from error
    return files, root.rstrip("/"), Remote(url, client)


class Mounted(AbstractFileSystem):  # type: ignore[misc]  # fsspec has no types
    """What DuckDB asks of a file system, answered by Arrow's."""

    protocol = MOUNTED
    cachable = False

    def __init__(self, files: fs.FileSystem) -> None:
        super().__init__()
        self._files = files

    def glob(self, path: str, **options: object) -> list[str]:
        """Give the path itself: files are always named one by one."""
        return [path]

    def info(self, path: str, **options: object) -> dict[str, Any]:
        """Say what a path is."""
        found = self._files.get_file_info(_bare(path))
        if found.type == fs.FileType.NotFound:
            raise FileNotFoundError(path)
        kind = "file" if found.type == fs.FileType.File else "directory"
        return {"name": path, "size": found.size, "type": kind, "modified": found.mtime}

    def modified(self, path: str) -> datetime:
        """Say when a file was written."""
        found: datetime = self.info(path)["modified"]
        return found

    def open(self, path: str, mode: str = "rb", **options: object) -> pa.NativeFile:
        """Open a file for reading, anywhere in it."""
        if "r" not in mode:
            raise OSError(f"{path}: opened for reading only")
        return self._files.open_input_file(_bare(path))


def _bare(path: str) -> str:
    return path.removeprefix(f"{MOUNTED}://")


def mount(connection: duckdb.DuckDBPyConnection, files: fs.FileSystem) -> None:
    """Let DuckDB read the files."""
    connection.register_filesystem(Mounted(files))
