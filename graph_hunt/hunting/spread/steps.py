"""The rules as the kernel's arrays."""

from functools import cache

import numpy as np

from graph_hunt.hunting.spread.acts import ACTS
from graph_hunt.hunting.spread.kernel import Steps
from graph_hunt.hunting.spread.rules import RULES


@cache
def steps() -> Steps:
    """Lay out the rules by act; those that hold for a span are not among them."""
    found = [
        (code, number, rule, rule.likelihood[act.name])
        for code, act in enumerate(ACTS)
        for number, rule in enumerate(RULES)
        if act.name in rule.likelihood and act.name not in rule.holds
    ]
    return Steps(
        first=np.searchsorted([code for code, *_ in found], np.arange(len(ACTS) + 1)).astype(np.int32),
        start=np.array([rule.start for _, _, rule, _ in found], np.int8),
        end=np.array([rule.end for _, _, rule, _ in found], np.int8),
        fixed=np.array([0.0 if rule.rare else likelihood for _, _, rule, likelihood in found]),
        scaled=np.array([likelihood if rule.rare else 0.0 for _, _, rule, likelihood in found]),
        rule=np.array([number for _, number, *_ in found], np.int32),
    )
