"""Build the wheel and the sdist, and compare their contents with the tree."""

import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINKS = ("loaders", "queries", "api")
SKIPPED = {"__pycache__", ".mypy_cache", ".ruff_cache"}


def tree() -> set[str]:
    """Every tracked file that the package must ship, as its name in the wheel."""
    listed = subprocess.run(
        ["git", "ls-files", "graph_hunt", *LINKS], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    names = set()
    for name in listed:
        path = Path(name)
        if path.is_symlink() or SKIPPED & set(path.parts):
            continue
        names.add(name if path.parts[0] == "graph_hunt" else f"graph_hunt/{name}")
    return names - {f"graph_hunt/{link}" for link in LINKS}


def main() -> int:
    """Say what is missing from the wheel or stands in it without being tracked."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, str(ROOT)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        wheel = next(Path(folder).glob("*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            shipped = {name for name in archive.namelist() if ".dist-info/" not in name and not name.endswith("/")}
        sdist = next(Path(folder).glob("*.tar.gz"))
        with tarfile.open(sdist) as archive:
            packed = {name.partition("/")[2] for name in archive.getnames()}
    wanted = tree()
    missing, extra = wanted - shipped, shipped - wanted
    lost = {name for name in wanted if name not in packed}
    for name in sorted(missing):
        print(f"not in the wheel: {name}")
    for name in sorted(extra):
        print(f"in the wheel, not tracked: {name}")
    for name in sorted(lost):
        print(f"not in the sdist: {name}")
    print(
        f"wheel: {len(shipped)} files, all tracked" if not (missing | extra | lost) else "wheel: differs from the tree"
    )
    return 1 if missing | extra | lost else 0


if __name__ == "__main__":
    sys.exit(main())
