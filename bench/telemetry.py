"""The telemetry that benchmarks run on: made by the shared generator, or the visible EVTX files; kept between runs."""

import os
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("GRAPH_HUNT_SHARED", ROOT.parent / "shared"))
CACHE = Path(os.environ.get("GRAPH_HUNT_BENCH", Path(tempfile.gettempdir()) / "graph-hunt-bench"))
SEED = 7


def lanl(events: int, seed: int = SEED) -> Path:
    """A folder of LANL telemetry of about so many events, made once."""
    folder = CACHE / f"lanl-{events}-{seed}"
    if not (folder / "entities.csv").exists():
        generator = SHARED / "bench" / "gen_lanl.py"
        if not generator.exists():
            raise SystemExit(
                f"{generator} is missing: set GRAPH_HUNT_SHARED to the folder that holds bench/gen_lanl.py"
            )
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, str(generator), "--events", str(events), "--out", str(folder), "--seed", str(seed)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder


def evtx() -> list[Path]:
    """Every visible EVTX file."""
    found = sorted(path for path in (SHARED / "data").rglob("*.evtx") if path.is_file())
    if not found:
        raise SystemExit(f"no EVTX file under {SHARED / 'data'}: set GRAPH_HUNT_SHARED")
    return found


_HEADER, _CHUNK, _MAGIC = 4096, 65536, b"ElfChnk\0"


def evtx_joined(rounds: int) -> Path:
    """One EVTX file of the chunks of all visible ones, so many times over: what a log of that size is read like."""
    file = CACHE / f"joined-{rounds}.evtx"
    if not file.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        contents = [path.read_bytes() for path in evtx()]
        chunks = [
            content[start : start + _CHUNK]
            for content in contents
            for start in range(_HEADER, len(content) - _CHUNK + 1, _CHUNK)
            if content.startswith(_MAGIC, start)
        ]
        chunks *= rounds
        header = bytearray(contents[0][:_HEADER])
        struct.pack_into("<QQ", header, 8, 0, len(chunks) - 1)
        struct.pack_into("<H", header, 42, min(len(chunks), 65535))
        struct.pack_into("<I", header, 124, zlib.crc32(header[:120]))
        unfinished = file.with_suffix(".unfinished")
        unfinished.write_bytes(bytes(header) + b"".join(chunks))
        unfinished.replace(file)
    return file
