"""The part of Cypher that both engines run with the same answers; hunts are held to it when they are loaded.

Works on both: labels and types with `|`, bounded `*1..5`, `all/any/none`, `reduce`, comprehensions, `EXISTS {}`,
`COUNT {}`, `CALL (x) {}`, `shortestPath`, map projections, `=~`, `UNION`, list and map parameters. Time-outs, limits
and text written by the engine itself are each adapter's own affair.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """What of a text is not portable, and in which line (from 1)."""

    line: int
    found: str
    why: str


_QUANTIFIER = r"(?:\+(?=\s*(?:[-<(,)]|\w|$))|\*(?=\s*[-<(])|\{\s*\d*\s*(?:,\s*\d*\s*)?\})"
_RULES: tuple[tuple[str, str], ...] = (
    (r"/\*", "block comments: kglite has none; begin each line with //"),
    (r"(?:->|\]-)\s*\{\s*\d*\s*(?:,\s*\d*\s*)?\}|-->\s*\+", "quantified relationships: kglite has none; use *1..5"),
    (r"[->]\s*\([^()]*\)\s*\)\s*" + _QUANTIFIER, "quantified path patterns: kglite has none; use *1..5"),
    (r"\bCOLLECT\s*\{", "COLLECT {}: kglite has none; use CALL (x) { … RETURN collect(…) AS … }"),
    (r"\bpercentile(?:Cont|Disc)\s*\(", "percentiles: the engines differ; sort and index a list"),
    (r"\bSHORTEST\b", "SHORTEST: kglite has none; use shortestPath"),
    (r"-\s*\[[^\]]*\bWHERE\b", "WHERE inside a relationship pattern: kglite has none; put it after the MATCH"),
    (
        r"\(\s*\w*\s*(?::[^(){}]*?)?(?:\{[^{}]*\})?\s*\bWHERE\b",
        "WHERE inside a node pattern: kglite has none; put it after the MATCH",
    ),
    (
        r"\b(?:timestamp|datetime|localdatetime|date|time|localtime|duration)(?:\.\w+)?\s*\(",
        "times: they are integer epoch milliseconds in the graph and in parameters",
    ),
    (r"\b(?:properties|keys)\s*\(", "properties() and keys(): the engines differ; name what you need"),
    (r"\b(?:id|elementId)\s*\(", "ids of the engine: they change when a graph is rebuilt; use key"),
    (
        r"-\s*\[[^\]]*\*\s*(?:\d*\s*\.\.\s*(?!\s*\d)|(?![\s\d.]))",
        "a variable length without upper bound: it may never end; use *1..5",
    ),
    (r"-\s*\[[^\]]*\*\s*\]", "a variable length without upper bound: it may never end; use *1..5"),
    (r"\.(?:id|title|type|label|node_type)\b(?!\s*\()", "a property that kglite answers itself"),
    (
        r"\b(?:CREATE|MERGE|SET|DELETE|REMOVE|DROP|FOREACH|LOAD\s+CSV)\b",
        "writing: a hunt only reads",
    ),
    (r"\bCALL\s+[A-Za-z_]\w*\s*[.(]", "procedures: each engine has its own"),
)
_RELATIONSHIP = re.compile(r"-\s*\[\s*(\w+)\s*[:\]]")
_NODE_MAP = re.compile(r"\(\s*\w*\s*:[\w|&!]+\s*\{[^{}]*?:\s*(\w+)\.\w+")
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), why) for pattern, why in _RULES)
_QUOTED = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|`[^`]*`|//[^\n]*", re.DOTALL)


def refusals(text: str) -> list[Refusal]:
    """Say what of a text either engine lacks or answers otherwise, in the order of the lines."""
    return sorted(_found(text), key=lambda refusal: (refusal.line, refusal.found))


def _found(text: str) -> Iterator[Refusal]:
    bare = _QUOTED.sub(_blank, text)
    for rule, why in _COMPILED:
        for match in rule.finditer(bare):
            yield _refusal(bare, match, why)
    # Silent: kglite 0.21.2 finds no node for it.
    relationships = set(_RELATIONSHIP.findall(bare))
    for match in _NODE_MAP.finditer(bare):
        if match[1] in relationships:
            yield _refusal(
                bare, match, "a relationship's property in a node's map: kglite finds nothing; name it first"
            )


def _refusal(bare: str, match: re.Match[str], why: str) -> Refusal:
    return Refusal(bare.count("\n", 0, match.start()) + 1, " ".join(match[0].split()), why)


def _blank(match: re.Match[str]) -> str:
    """Keep the lines and the length of what is quoted or commented, and nothing that it says."""
    quoted = match[0]
    mark = quoted[0] if quoted[0] in "'\"" else " "
    return mark + re.sub(r"[^\n]", " ", quoted[1:-1]) + mark if len(quoted) > 1 else quoted
