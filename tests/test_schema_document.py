"""docs/schema.md says what the schema says."""

from pathlib import Path

from graph_hunt.schema.__main__ import document

FILE = Path(__file__).parents[1] / "docs" / "schema.md"


def test_the_page_is_up_to_date() -> None:
    assert FILE.read_text("utf-8") == document(), "run: python -m graph_hunt.schema > docs/schema.md"
