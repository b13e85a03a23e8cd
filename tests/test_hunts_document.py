"""docs/hunts.md says what the hunts say."""

from graph_hunt.hunting.document import document
from tests.paths import ROOT


def test_the_document_is_made_from_the_hunts() -> None:
    written = (ROOT / "docs" / "hunts.md").read_text(encoding="utf-8")
    assert written == document(), "run: python -m graph_hunt.hunting > docs/hunts.md"
