"""The page's sentences: each in English and in French, with the same blanks, and each that the page says is there."""

import re
from pathlib import Path

import pytest

from tests.paths import ROOT

SOURCES = ROOT / "page" / "src"
FILES = sorted(SOURCES.rglob("words.ts"))
_ENTRY = re.compile(r'^\s*"([\w.]+)":\s*(".*"|`.*`),$', re.MULTILINE)
_PLURALS = re.compile(r"\.(one|other|many)$")


def said(file: Path) -> dict[str, dict[str, str]]:
    """A file's entries by language."""
    english, _, french = file.read_text(encoding="utf-8").partition("\n  fr: {")
    return {"en": dict(_ENTRY.findall(english)), "fr": dict(_ENTRY.findall(french))}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_both_languages_have_the_same_sentences(file: Path) -> None:
    languages = said(file)
    assert languages["en"], "no sentence was read"
    assert sorted(languages["en"]) == sorted(languages["fr"])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_both_languages_have_the_same_blanks(file: Path) -> None:
    english, french = said(file)["en"], said(file)["fr"]
    blanks = re.compile(r"\{(\w+)\}")
    differing = {key for key in english if set(blanks.findall(english[key])) != set(blanks.findall(french[key]))}
    # In the singular, "one" may be written out.
    assert {key for key in differing if not key.endswith(".one")} == set()


def test_no_sentence_is_said_by_two_files() -> None:
    keys = [key for file in FILES for key in said(file)["en"]]
    assert sorted({key for key in keys if keys.count(key) > 1}) == []


def test_what_the_page_says_is_in_the_catalogue() -> None:
    keys = {key for file in FILES for key in said(file)["en"]}
    known = keys | {_PLURALS.sub("", key) for key in keys}
    asked = set()
    for file in [*SOURCES.rglob("*.ts"), *SOURCES.rglob("*.tsx")]:
        asked |= {(key, file.name) for key in re.findall(r'\bt\(\s*"([\w.]+)"', file.read_text(encoding="utf-8"))}
    assert sorted(one for one in asked if one[0] not in known) == []
