"""`demo`: the bundled telemetry, loaded and hunted."""


def demo() -> None:
    """Load the bundled telemetry, hunt in it, trace the blast radius, and say what to try next."""
