"""Coverage as a layer of the ATT&CK Navigator (layer format 4.5)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from graph_hunt.hunting import attack
from graph_hunt.hunting.coverage.coverage import Coverage, Covered, State
from graph_hunt.hunting.visibility import in_words

_LAYER, _NAVIGATOR = "4.5", "5.1.0"
_COLOURS: Mapping[State, tuple[int, str, str]] = MappingProxyType(
    {
        State.SEEN: (100, "#8ec843", "all of its hunts see"),
        State.PARTLY: (50, "#ffe766", "some of its hunts see"),
        State.BLIND: (0, "#ff6666", "it has hunts, and the telemetry is not there"),
    }
)


def layer(coverage: Coverage, name: str = "graph-hunt") -> dict[str, Any]:
    """Draw what has a hunt in colours by what is seen; the comments name the hunts and the missing logs."""
    return {
        "name": name,
        "versions": {"attack": attack.VERSION.partition(".")[0], "navigator": _NAVIGATOR, "layer": _LAYER},
        "domain": "enterprise-attack",
        "description": "What graph-hunt's hunts look for, and what the workspace's telemetry lets them see.",
        "sorting": 3,
        "hideDisabled": False,
        "techniques": [_technique(one) for one in coverage.techniques if one.hunts],
        "gradient": {"colors": ["#ff6666", "#ffe766", "#8ec843"], "minValue": 0, "maxValue": 100},
        "legendItems": [{"label": words, "color": colour} for _, colour, words in _COLOURS.values()],
        "showTacticRowBackground": False,
        "selectTechniquesAcrossTactics": True,
        "selectSubtechniquesWithParent": False,
    }


def _technique(one: Covered) -> dict[str, Any]:
    score, colour, _ = _COLOURS[one.state]
    lines = [f"{sight.hunt.id}: {'sees' if sight.sees else 'needs ' + in_words(sight.missing)}" for sight in one.hunts]
    return {
        "techniqueID": one.technique.id,
        "score": score,
        "color": colour,
        "comment": "\n".join(lines),
        "enabled": True,
        "metadata": [],
        "links": [],
        "showSubtechniques": True,
    }
