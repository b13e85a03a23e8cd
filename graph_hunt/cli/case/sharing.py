"""`case export`: a case's findings as OCSF, the case for TheHive, its indicators for MISP."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from graph_hunt.casework import cases
from graph_hunt.casework.cases import Judged
from graph_hunt.casework.neighbours import as_misp_event, as_ocsf
from graph_hunt.casework.neighbours.share import dumped
from graph_hunt.cli.case.opening import CaseArgument
from graph_hunt.cli.options import WorkspaceOption
from graph_hunt.cli.output import print_jsonl
from graph_hunt.cli.token import store
from graph_hunt.hunting.finding import restored


class Neighbour(StrEnum):
    """Who it is for."""

    OCSF = "ocsf"
    THEHIVE = "thehive"
    MISP = "misp"


def export(
    case: CaseArgument,
    format: Annotated[
        Neighbour, typer.Option(help="ocsf: Detection Findings as lines of JSON; thehive: an alert; misp: an event.")
    ] = Neighbour.OCSF,
    workspace: WorkspaceOption = None,
) -> None:
    """Write a case for other programs: a SIEM, XDR or SOAR, TheHive, MISP."""
    with store(workspace) as state:
        found = cases.get(state, case)
    match format:
        case Neighbour.OCSF:
            judged = (one.entry for one in found.each(Judged))
            print_jsonl(as_ocsf(restored(one.finding), judgement=one.judgement, because=one.because) for one in judged)
        case Neighbour.THEHIVE:
            sys.stdout.write(dumped(found))
        case Neighbour.MISP:
            sys.stdout.write(as_misp_event(found))
