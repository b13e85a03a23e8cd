"""What the spread reads: every act that can carry a compromise, in columns, in order of time."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph_hunt.errors import UnknownEntity
from graph_hunt.hunting.spread.kernel import Damping, Rows, Spans

_EPOCH_SHIFT = 1 << 44


@dataclass(frozen=True, slots=True, order=True)
class Entity:
    """A node of the graph, by label and key."""

    label: str
    key: str


@dataclass(frozen=True, slots=True)
class Entities:
    """The entities of an activity, by number; number 0 is nobody."""

    table: pa.Table
    """label, key, name, members (a Directory's accounts); sorted by label and key."""

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def number(self, entity: Entity) -> int:
        """Give an entity's number; names near ones where there is none."""
        labels, keys = self.table["label"], self.table["key"]
        wanted = (entity.label, entity.key)
        place = bisect_left(range(len(self)), wanted, key=lambda at: (labels[at].as_py(), keys[at].as_py()))
        if place < len(self) and (labels[place].as_py(), keys[place].as_py()) == wanted:
            return place
        same = self.table.filter(pc.field("label") == entity.label)["key"].to_pylist()
        raise UnknownEntity(f"{entity.label} {entity.key}", get_close_matches(entity.key, same[:50_000]))

    def entity(self, number: int) -> Entity:
        """Give the entity of a number."""
        return Entity(self.table["label"][number].as_py(), self.table["key"][number].as_py())

    def name(self, number: int) -> str:
        """Give an entity's name as the telemetry writes it."""
        return str(self.table["name"][number].as_py())

    def labelled(self, label: str) -> npt.NDArray[np.bool_]:
        """Tell for each entity whether it has the label."""
        return np.asarray(pc.equal(self.table["label"], label).combine_chunks().to_numpy(zero_copy_only=False), bool)


@dataclass(frozen=True, slots=True)
class Activity:
    """Acts in order of time with their evidence, what they left for a span, and the entities they name."""

    entities: Entities
    rows: Rows
    digest: npt.NDArray[np.uint64]
    part: npt.NDArray[np.uint16]
    seen: npt.NDArray[np.uint8]
    """By row and pair (account and target, account and source, source and target): earlier hours with it."""
    damping: Damping
    forward: Spans
    backward: Spans

    def __len__(self) -> int:
        return len(self.rows.time)

    @property
    def span(self) -> tuple[int, int] | None:
        """The times of the first and last act."""
        return (int(self.rows.time[0]), int(self.rows.time[-1])) if len(self) else None

    def evidence(self, row: int) -> str:
        """Give the id of the event that a row stands for."""
        stem = f"{int(self.rows.time[row]) + _EPOCH_SHIFT:012x}{int(self.digest[row]):016x}"
        part = int(self.part[row])
        return f"{stem}-{part}" if part else stem

    def arrays(self) -> Mapping[str, npt.NDArray[np.generic]]:
        """All its arrays by name."""
        spans = {
            f"{side}-{name}": array
            for side, held in (("forward", self.forward), ("backward", self.backward))
            for name, array in held._asdict().items()
        }
        own = {"digest": self.digest, "part": self.part, "seen": self.seen}
        return {**self.rows._asdict(), **self.damping._asdict(), **own, **spans}

    @classmethod
    def of_arrays(cls, entities: Entities, arrays: Mapping[str, npt.NDArray[np.generic]]) -> "Activity":
        """Put together what `arrays` gave; none of them can be written to."""
        for array in arrays.values():
            array.flags.writeable = False
        return cls(
            entities,
            Rows(*(arrays[name] for name in Rows._fields)),  # type: ignore[arg-type]
            arrays["digest"],  # type: ignore[arg-type]
            arrays["part"],  # type: ignore[arg-type]
            arrays["seen"],  # type: ignore[arg-type]
            Damping(*(arrays[name] for name in Damping._fields)),  # type: ignore[arg-type]
            Spans(*(arrays[f"forward-{name}"] for name in Spans._fields)),  # type: ignore[arg-type]
            Spans(*(arrays[f"backward-{name}"] for name in Spans._fields)),  # type: ignore[arg-type]
        )
