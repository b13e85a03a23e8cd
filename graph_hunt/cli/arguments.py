"""What a finding says against itself, in a few lines."""

from rich.text import Text

from graph_hunt.cli.output import out, shown
from graph_hunt.hunting.finding import Finding

_PULLS = 2


def print_argument(finding: Finding, indent: str = "   ") -> None:
    """Print what could make a finding harmless, how to tell, which events to pull, and what cannot be told."""
    lines = (
        ("could be benign if", "; or ".join(finding.benign)),
        ("to rule that out", " ".join(_ended(one) for one in finding.rule_out)),
        ("events to pull", "; ".join(one.words for one in finding.pull[:_PULLS])),
        ("not evaluable", "; ".join(f"{one.title} ({_first(one.codes)})" for one in finding.not_evaluable)),
    )
    for title, text in lines:
        if text:
            out.print(Text.assemble((f"{indent}{title}: ", "bold dim"), (shown(text), "dim")))


def _first(codes: tuple[str, ...]) -> str:
    return codes[0] if len(codes) == 1 else f"{codes[0]} …"


def _ended(text: str) -> str:
    return text if text.endswith(("?", ".", "!")) else text + "."
