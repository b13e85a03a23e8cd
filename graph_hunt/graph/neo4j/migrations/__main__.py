"""Writes the next step: `python -m graph_hunt.graph.neo4j.migrations`."""

from pathlib import Path

from graph_hunt.graph.neo4j.migrations import missing, steps

if __name__ == "__main__" and (statements := missing()):
    number = max(steps(), default=0) + 1
    text = "".join(f"{statement};\n" for statement in statements)
    Path(__file__).with_name(f"{number:04d}.cypher").write_text(text, "utf-8")
