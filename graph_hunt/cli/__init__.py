"""The command line."""


def main() -> None:
    """Run `graph-hunt`."""
