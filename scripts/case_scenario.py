"""One case from trigger to report by the commands that an analyst gives; see `scripts/case-scenario`.

The recordings are of different organisations. What makes them one story is written here: the message is one of
phishing_pot, addressed to accounts of the audit log, the day before the mailbox was synchronised from abroad.
"""

import email
import email.policy
import io
import json
import shutil
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from graph_hunt.cli.app import app
from graph_hunt.errors import GraphHuntError

VICTIM, COLLEAGUE = "joey@dutchmasterz.onmicrosoft.com", "GradyA@dutchmasterz.onmicrosoft.com"
LATER = "AdeleV@dutchmasterz.onmicrosoft.com"
WINDOWS = "THESHIRE\\pgustavo"
SENDER, ABROAD, MACHINE = "metahelp@service.esv.info", "34.99.76.45", "WORKSTATION5"
TASKS = "otrf-security-datasets/atomic/windows"


def main(folder: Path, data: Path) -> None:
    """Do it all."""
    folder.mkdir(parents=True, exist_ok=True)
    workspace = folder / "workspace"
    incoming, later = written(folder, data)
    run("load", *sources(data), incoming, "-w", workspace)
    given = ("--account", VICTIM, "--account", WINDOWS, "--sender", SENDER, "--ip", ABROAD, "--host", MACHINE)
    case = run("case", "new", "--template", "phishing", *given, "--language", "fr", "-w", workspace).strip()
    say(run("case", "run", case, "-w", workspace))
    judged(case, workspace)
    run("case", "hosts", case, "-w", workspace)
    run("case", "respond", case, "--propose", "-w", workspace)
    run("case", "recommend", case, "renew-credentials", "check-mfa", "stronger-sign-in", "awareness", "-w", workspace)
    run("case", "learn", case, "flaw", "Le transfert automatique vers l'extérieur est permis", "-w", workspace)
    say(run("indicator", "add", "--case", case, "-w", workspace))
    run("load", later, "-w", workspace)
    say(run("indicator", "list", "-w", workspace))
    summary = (
        "Le compte joey a été synchronisé depuis l'étranger le lendemain du message ; ses courriels ont ensuite été "
        "transférés à une adresse extérieure. Le compte est réinitialisé, la règle supprimée, l'adresse bloquée."
    )
    run("case", "close", case, "--verdict", "confirmed", "--summary", summary, "-w", workspace)
    for language in ("fr", "en"):
        for form in ("pdf", "html", "md"):
            target = folder / f"report-{language}.{form}"
            run("case", "report", case, "--language", language, "-o", target, "-w", workspace)
    for form, name in (("ocsf", "findings.jsonl"), ("thehive", "alert.json"), ("misp", "event.json")):
        told = run("case", "export", case, "--format", form, "-w", workspace)
        (folder / name).write_text(told, encoding="utf-8")
    say(f"the reports are in {folder}\n")


def sources(data: Path) -> list[Path]:
    """The recordings."""
    return [
        data / "o365_dataset",
        data / "msticpy" / "SigninLogs.jsonl",
        data / TASKS / "lateral_movement/host/schtask_create.zip",
        data / TASKS / "persistence/host/empire_schtasks_creation_standard_user.zip",
    ]


def written(folder: Path, data: Path) -> tuple[Path, Path]:
    """Write the message to the accounts: to two of them at first, to a third one later."""
    places = folder / "mail", folder / "mail-later"
    found = next(one for one in sorted((data / "phishing_pot").glob("*.eml")) if SENDER.encode() in one.read_bytes())
    for place, people, hour in ((places[0], (VICTIM, COLLEAGUE), 8), (places[1], (LATER,), 9)):
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        for number, person in enumerate(people):
            message = email.message_from_bytes(found.read_bytes(), policy=email.policy.compat32)
            for name, value in (
                ("To", person),
                ("Date", f"Sun, 13 Jun 2021 0{hour}:0{number}:00 +0000"),
                ("Message-ID", f"<{hour}{number}@service.esv.info>"),
            ):
                del message[name]
                message[name] = value
            for name in [name for name in message if name.lower().startswith(("received", "delivered-to", "x-ms-"))]:
                del message[name]
            (place / f"{number}.eml").write_bytes(message.as_bytes())
    return places


def judged(case: str, workspace: Path) -> None:
    """Judge as an analyst does: what is grave is kept, what everyone does is dismissed; pin the proof."""
    shown: dict[str, Any] = json.loads(run("case", "show", case, "--json", "-w", workspace))
    findings = [one["entry"] for one in shown["items"] if one["kind"] == "finding"]
    usual = [one["id"] for one in findings if one["finding"]["level"] in ("informational", "low")]
    grave = [one for one in findings if one["id"] not in usual]
    run("case", "judge", case, *[one["id"] for one in grave], "--as", "kept", "-w", workspace)
    run("case", "judge", case, *usual, "--as", "dismissed", "--because", "usage habituel", "-w", workspace)
    proof = (
        "phishing/signed-in-from",
        "phishing/clients",
        "external-forwarding",
        "phishing/delivered",
        "phishing/made",
    )
    for name in proof:
        for one in [one for one in grave if one["finding"]["hunt"] == name][:2]:
            caption = one["finding"]["details"].get("fr", {}).get("summary") or "ce que le constat établit"
            event = one["finding"]["evidence"][0]
            run("case", "pin", case, event, "--caption", caption[:150], "--hypothesis", "1", "-w", workspace)
    because = "synchronisation depuis l'étranger, puis règle de transfert"
    run("case", "hypothesis", case, "--number", "1", "--status", "confirmed", "--because", because, "-w", workspace)


def run(*arguments: str | Path) -> str:
    """Give a command; end where it fails."""
    said = io.StringIO()
    try:
        with redirect_stdout(said):
            status = app([str(one) for one in arguments], standalone_mode=False)
    except GraphHuntError as error:
        sys.exit(f"graph-hunt {' '.join(map(str, arguments))[:200]}\n{error}")
    if status:
        sys.exit(f"graph-hunt {' '.join(map(str, arguments))[:200]}\n{said.getvalue()[-2000:]}")
    return said.getvalue()


def say(text: str) -> None:
    """Show what a command said."""
    sys.stdout.write(text)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: scripts/case-scenario FOLDER [SHARED]")
    root = Path(__file__).resolve().parent.parent
    shared = Path(sys.argv[2]) if len(sys.argv) == 3 else root.parent / "shared"
    main(Path(sys.argv[1]), shared / "data")
