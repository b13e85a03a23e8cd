"""Asks what is usual: for one entity, before a moment; first times, rarity, and what a day's volume is like."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from graph_hunt.hunting.baselines.traits import VOLUMES
from graph_hunt.hunting.summary import iso

DAY = 86_400_000
COLD = 7
"""With fewer days of telemetry before the moment, what is usual is not known yet."""
_FOREVER = 1 << 62


@dataclass(frozen=True, slots=True)
class Usual:
    """A value that was seen: how much, on how many days, when first and last, and how many other entities have it."""

    trait: str
    value: str
    count: int
    days: int
    first_seen: int
    last_seen: int
    others: int


@dataclass(frozen=True, slots=True)
class Volume:
    """How much there is a day, over all days of the entity's span: median, median absolute deviation, highest."""

    trait: str
    median: float
    deviation: float
    most: int
    days: int

    def stands(self, amount: float) -> float:
        """Give how many deviations (scaled to a standard one) an amount is above the median.

        >>> Volume("sent", 10.0, 2.0, 14, 30).stands(40)
        10.1
        """
        return round((amount - self.median) / max(1.4826 * self.deviation, 0.1 * self.median, 1.0), 1)


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is usual for an entity; `days` of telemetry lie before the moment."""

    label: str
    key: str
    days: int
    active_days: int
    usual: tuple[Usual, ...]
    volumes: tuple[Volume, ...]

    @property
    def cold_start(self) -> bool:
        """There is too little history for 'usual' to mean much."""
        return self.days < COLD

    def as_json(self) -> dict[str, Any]:
        """The baseline as the command line and the API show it."""
        return {
            "label": self.label,
            "key": self.key,
            "days": self.days,
            "active_days": self.active_days,
            "cold_start": self.cold_start,
            "usual": [
                {
                    "trait": one.trait,
                    "value": one.value,
                    "count": one.count,
                    "days": one.days,
                    "first_seen": iso(one.first_seen),
                    "last_seen": iso(one.last_seen),
                    "others": one.others,
                }
                for one in self.usual
            ],
            "volumes": [
                {"trait": v.trait, "median": v.median, "deviation": v.deviation, "most": v.most, "days": v.days}
                for v in self.volumes
            ],
        }


_USUAL = """
    WITH mine AS (
        SELECT trait, value, sum(count)::BIGINT AS count, count(DISTINCT day) AS days, min(first_seen) AS first_seen,
            max(last_seen) AS last_seen
        FROM usual WHERE label = $label AND key = $key AND value <> '' AND first_seen < $before
        GROUP BY ALL
    ), others AS (
        SELECT trait, value, count(DISTINCT key) - 1 AS others FROM usual
        WHERE label = $label AND first_seen < $before AND (trait, value) IN (SELECT (trait, value) FROM mine)
        GROUP BY ALL
    )
    SELECT trait, value, count, days, first_seen, last_seen, others
    FROM mine JOIN others USING (trait, value)
    ORDER BY trait, days DESC, count DESC, value
"""
_VOLUMES = """
    WITH mine AS (
        SELECT trait, day, sum(count)::BIGINT AS count FROM usual
        WHERE label = $label AND key = $key AND value = '' AND day < $day GROUP BY ALL
    ), span AS (
        SELECT min(day) AS since, max(day) AS until FROM usual WHERE label = $label AND key = $key AND day < $day
    ), every AS (
        SELECT trait, d.day, coalesce(m.count, 0) AS count
        FROM (SELECT DISTINCT trait FROM mine) CROSS JOIN (SELECT unnest(range(since, until + 1)) AS day FROM span) d
        LEFT JOIN mine m USING (trait, day)
    )
    SELECT trait, median(count), mad(count), max(count), count(*) FROM every GROUP BY trait ORDER BY trait
"""


@dataclass(frozen=True, slots=True)
class Baselines:
    """What is usual, in Parquet files of one row an entity, trait, value and day."""

    files: tuple[Path, ...]

    def connection(self) -> duckdb.DuckDBPyConnection:
        """Open a connection with the view `usual`: label, key, trait, value, day, count, first_seen, last_seen."""
        connection = duckdb.connect()
        if self.files:
            listed = ", ".join("'" + str(file).replace("'", "''") + "'" for file in self.files)
            connection.execute(f"CREATE VIEW usual AS SELECT * FROM read_parquet([{listed}])")
        else:
            columns = "label VARCHAR, key VARCHAR, trait VARCHAR, value VARCHAR, day INTEGER, count BIGINT"
            connection.execute(f"CREATE TABLE usual ({columns}, first_seen BIGINT, last_seen BIGINT)")
        return connection

    def of(self, label: str, key: str, before: int = _FOREVER) -> Baseline:
        """Give what was usual for an entity before a moment."""
        asked = {"label": label, "key": key}
        with self.connection() as connection:
            rows = connection.execute(_USUAL, {**asked, "before": before}).fetchall()
            day = min(before // DAY, 1 << 30)
            volumes = connection.execute(_VOLUMES, {**asked, "day": day}).fetchall()
            span = connection.execute(
                "SELECT count(DISTINCT day), count(DISTINCT day) FILTER (WHERE label = $label AND key = $key) "
                "FROM usual WHERE first_seen < $before",
                {**asked, "before": before},
            ).fetchone()
        days, active = span or (0, 0)
        told = tuple(Usual(*row) for row in rows if row[0] not in VOLUMES)
        return Baseline(label, key, int(days), int(active), told, tuple(Volume(*row) for row in volumes))

    def first_seen(self, label: str, key: str, trait: str, value: str) -> int | None:
        """Give when an entity first had a value, or none."""
        asked = {"label": label, "key": key, "trait": trait, "value": value}
        with self.connection() as connection:
            found = connection.execute(
                "SELECT min(first_seen) FROM usual "
                "WHERE label = $label AND key = $key AND trait = $trait AND value = $value",
                asked,
            ).fetchone()
        return None if found is None or found[0] is None else int(found[0])
