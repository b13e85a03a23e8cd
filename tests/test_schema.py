"""The schema is whole: names are unique, kinds refer to what exists."""

import pyarrow as pa
import pytest

from graph_hunt.schema import COMMON, EDGES, NODES, TABLES, EdgeKind, EventTable, Grain


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)
def test_a_table_begins_with_the_common_columns_and_repeats_none(table: EventTable) -> None:
    assert table.columns[: len(COMMON)] == COMMON
    assert len(set(table.names)) == len(table.names)
    assert all(name.isidentifier() for name in table.names)


@pytest.mark.parametrize("edge", EDGES.values(), ids=lambda e: e.type)
def test_an_edge_joins_labels_and_comes_from_tables_that_exist(edge: EdgeKind) -> None:
    assert set(edge.sources) | set(edge.targets) <= set(NODES)
    assert set(edge.tables) <= set(TABLES)
    reserved = {"key", "first_seen", "last_seen", "count", "evidence", "bucket"}
    assert not reserved & {p.name for p in edge.properties}


def test_types_become_arrow_types() -> None:
    schema = TABLES["mail"].schema
    assert schema.field("time").type == pa.int64()
    assert schema.field("urls").type == pa.list_(pa.string())
    assert TABLES["authentication"].schema.field("elevated").type == pa.bool_()


def test_grains_are_those_of_the_design() -> None:
    assert EDGES["LOGGED_ON"].grain is Grain.LIFETIME
    assert EDGES["LOGON_TO"].grain is Grain.BUCKETED
    assert EDGES["SENT"].grain is Grain.EVENT
