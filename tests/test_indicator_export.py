"""What is exported reads back as it was."""

from pathlib import Path

from graph_hunt.casework.indicators.export import as_csv
from graph_hunt.casework.indicators.indicator import Indicator
from graph_hunt.casework.indicators.reading import read_file
from graph_hunt.casework.indicators.value import Kind, read


def test_csv_reads_back_the_same(tmp_path: Path) -> None:
    given = [
        Indicator(read("evil.example"), ("a", "b"), 70, "amber", 1_001, 2_002, ("T1566.002",)),
        Indicator(read('*your "invoice", now*', Kind.SUBJECT), ("a",)),
        Indicator(read("198.51.100.0/24"), ("c",), 0),
    ]
    (tmp_path / "out.csv").write_text(as_csv(given))
    assert list(read_file(tmp_path / "out.csv")) == given
