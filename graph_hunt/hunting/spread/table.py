"""The rules and acts as the tables of docs/blast-radius.md; run as a module it writes them there."""

import re
import sys
from pathlib import Path

from graph_hunt.hunting.spread.acts import ACTS
from graph_hunt.hunting.spread.rules import DAY, HOUR, RULES, Hold, Rule


def rules_table() -> str:
    """Give the rules as Markdown."""
    lines = ["| rule | from -> to | acts and likelihood | in words | why |", "|---|---|---|---|---|"]
    for rule in RULES:
        acts = "; ".join(_act(rule, act) for act in rule.likelihood)
        words = re.sub(r"[{}]", "", rule.words)
        when = f"{acts}; **times rarity**" if rule.rare else acts
        lines.append(f"| `{rule.name}` | {rule.labels} | {when} | {words} | {rule.why} |")
    return "\n".join(lines)


def _act(rule: Rule, act: str) -> str:
    held = f" (for {_span(rule.holds[act])})" if act in rule.holds else ""
    return f"`{act}` {rule.likelihood[act]:g}{held}"


def _span(hold: Hold) -> str:
    span = f"{hold.span // DAY} days" if hold.span % DAY == 0 else f"{hold.span // HOUR} h"
    return f"the session, or {span}" if hold.until_logoff else f"{span}, logoff or not"


def acts_table() -> str:
    """Give the acts as Markdown."""
    lines = ["| act | what it is in the telemetry |", "|---|---|"]
    return "\n".join([*lines, *(f"| `{act.name}` | {act.doc} |" for act in ACTS)])


def written(page: str) -> str:
    """Put the tables between their marks in a page."""
    for name, table in (("rules", rules_table()), ("acts", acts_table())):
        begin, end = f"<!-- {name}: made from the code -->\n", f"<!-- end of {name} -->\n"
        before, _, rest = page.partition(begin)
        _, found, after = rest.partition(end)
        if not found:
            raise ValueError(f"the page has no place for the table of {name}")
        page = before + begin + table + "\n" + end + after
    return page


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(written(page.read_text()))
