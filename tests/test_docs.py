"""The documents are true: their commands parse, their links lead somewhere, the variables they name exist."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from graph_hunt.cli.app import app
from tests.commands import run
from tests.paths import ROOT, SAMPLES

DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")])
_FENCE = re.compile(r"^```(?:sh|bash|console)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)")
_VARIABLE = re.compile(r"\bGRAPH_HUNT_[A-Z0-9_]+\b")


def commands(document: Path) -> Iterator[str]:
    """The command lines of a document's shell blocks, continued lines joined, comments and prompts taken off."""
    for block in _FENCE.findall(document.read_text(encoding="utf-8")):
        for line in block.replace("\\\n", " ").splitlines():
            text = re.sub(r"(^|\s)#.*$", "", line).strip().removeprefix("$ ")
            if text:
                yield text


COMMANDS = [
    pytest.param(line, id=f"{document.name}: {line[:60]}") for document in DOCUMENTS for line in commands(document)
]


def words(line: str) -> list[str]:
    """A command's words up to where a shell would pipe or redirect it, assignments before it taken off."""
    found = shlex.split(line, comments=True)
    while found and re.fullmatch(r"[A-Z_]+=.*", found[0]):
        found.pop(0)
    for number, word in enumerate(found):
        if word in ("|", ">", ">>", "<", "&&", ";", "&") or word.startswith(("2>", "<(")):
            return found[:number]
    return found


@pytest.mark.parametrize("line", COMMANDS)
def test_a_documented_command_is_one(line: str) -> None:
    named = words(line.rpartition("| ")[2] if line.rpartition("| ")[2].startswith("graph-hunt") else line)
    if not named:
        return
    if named[0] == "graph-hunt":
        parse(named[1:])
    elif named[0].startswith(("scripts/", "bench/", ".ci/")):
        assert (ROOT / named[0]).is_file(), named[0]
    elif Path(named[0]).name.startswith("python") and len(named) > 1 and named[1].endswith(".py"):
        assert (ROOT / named[1]).is_file(), named[1]


def parse(arguments: list[str]) -> None:
    """Parse a command line of ours as if to run it."""
    command = typer.main.get_command(app)
    context = command.make_context("graph-hunt", list(arguments))
    rest = [*context._protected_args, *context.args]
    while rest and hasattr(command, "get_command"):
        inner = command.get_command(context, rest[0])
        assert inner is not None, f"graph-hunt has no command {rest[0]}"
        command, context = inner, inner.make_context(rest[0], rest[1:], parent=context)
        rest = [*context._protected_args, *context.args] if hasattr(command, "get_command") else []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_to_what_is_there(document: Path) -> None:
    for link in _LINK.findall(document.read_text(encoding="utf-8")):
        assert (document.parent / link).exists(), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_variables_named_are_read_somewhere(document: Path) -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("graph_hunt", "loaders", "api", "scripts", "tests", "bench", ".ci")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
        and path.suffix in ("", ".py", ".sh", ".java")
        # Telemetry is no code, and not all of it is text.
        and not {"__pycache__", "samples"} & set(path.parts)
    )
    for variable in set(_VARIABLE.findall(document.read_text(encoding="utf-8"))):
        assert variable in code, variable


def test_the_first_ten_minutes_of_the_readme_work(tmp_path: Path) -> None:
    evidence = sorted((SAMPLES / "windows").rglob("*.evtx"))[:3]
    place = tmp_path / "w"
    assert run("load", *evidence, "-w", place).returncode == 0
    for arguments in (("status",), ("hunts",), ("hunt", "--all"), ("doctor",)):
        done = run(*arguments, "-w", place)
        assert done.returncode == 0, done.stderr
        assert done.stdout or "0 findings" in done.stderr
