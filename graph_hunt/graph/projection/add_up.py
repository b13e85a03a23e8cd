"""Adds up the deltas of all loads into one, so that a workspace of a thousand loads is as quick as one of ten."""

import shutil
from contextlib import closing

import duckdb

from graph_hunt.events.identity import together
from graph_hunt.graph.projection.deltas import Deltas, copy, files
from graph_hunt.graph.projection.reduce import IDENTITIES, edges_together, kinds, nodes_together
from graph_hunt.schema import NODES


def add_up(deltas: Deltas) -> None:
    """Put one folder in the place of all; the graph stays as it is."""
    olds, marks = deltas.all(), deltas.marks
    new = deltas.begin()
    with closing(duckdb.connect()) as connection:
        for kind in kinds():
            if parts := [old.edges(kind.type) for old in olds if old.edges(kind.type).exists()]:
                copy(connection, edges_together(kind, files(parts)), new.edges(kind.type))
        for label in NODES:
            if parts := [old.nodes(label) for old in olds if old.nodes(label).exists()]:
                copy(connection, nodes_together(label, files(parts)), new.nodes(label))
    for label in IDENTITIES:
        shutil.copyfile(olds[-1].identities(label), new.identities(label))
    new.keep_sightings(together(deltas.sightings()))
    new.keep_said(olds[-1].said)
    deltas.finish(new, *marks)
