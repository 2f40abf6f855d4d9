"""The Parquet tables a bulk run gives, column by column: what the programs write and what docs/reference tells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its DuckDB type, and what it says."""

    name: str
    kind: str
    says: str


@dataclass(frozen=True, slots=True)
class Table:
    """One folder of Parquet files, partitioned by kabupaten."""

    name: str
    says: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns in the order in which they are written."""
        return tuple(column.name for column in self.columns)


_PLACE = (
    Column("desa_code", "VARCHAR", "village of residence (`17.02.06.1004`); empty where unknown"),
    Column("posyandu_code", "VARCHAR", "posyandu of residence; empty where unknown"),
    Column("puskesmas_code", "VARCHAR", "puskesmas of residence; empty where unknown"),
)
_UNIT = (
    Column(
        "unit",
        "VARCHAR",
        "what is judged: `person`, `household`, or the name of an episode (`kehamilan` ...)",
    ),
    Column(
        "unit_id",
        "BIGINT",
        "id of the person, of the family, or of the record that opened the episode",
    ),
    Column("person", "BIGINT", "id of the person; of a family's the person who stands for it"),
)

NEEDS = Table(
    "needs",
    "What each unit is owed on the day asked for, a row for each need. A need that does not apply has no row, and "
    "nobody who has died or left by that day has any.",
    (
        Column("on_day", "DATE", "the day asked for"),
        Column("need", "VARCHAR", "name of the need"),
        Column("package", "VARCHAR", "its package"),
        *_UNIT,
        Column("occurrence", "DATE", "which one of a series, by its day; null for what is owed once"),
        Column("status", "VARCHAR", "`not_yet due overdue missed done refused unknown`"),
        Column("opens", "DATE", "first day on which it may be done; null: never, or unknown"),
        Column("due", "DATE", "day it falls due; null: never, or unknown"),
        Column("overdue", "DATE", "day from which it is late; null: never, or unknown"),
        Column("until", "DATE", "first day on which it is too late; null: never, or unknown"),
        Column("asks", "VARCHAR[]", "the missing facts, when the status is `unknown`"),
        *_PLACE,
    ),
)
UNITS = Table(
    "units",
    "Who stands under which indicator on the cut-off day of the period, a row for each unit that is or may be counted; "
    "nobody who has died or left the district by then.",
    (
        Column("period", "VARCHAR", "`2026`, `2026-Q1`, `2026-03` ..."),
        Column("indicator", "VARCHAR", "name of the indicator"),
        *_UNIT,
        Column("counted", "BOOLEAN", "true: counted; null: a missing fact keeps it unclear"),
        Column("reached", "BOOLEAN", "served at all"),
        Column("complete", "BOOLEAN", "all components true"),
        Column("lacking", "VARCHAR[]", "components that are false, in the order of the rule"),
        Column("unknown", "VARCHAR[]", "components that are not known"),
        *_PLACE,
    ),
)
COVERAGE = Table(
    "coverage",
    "The sums of `units` by indicator and place of residence: the figures of the SPM page but for the target, which is "
    "entered and never computed.",
    (
        Column("period", "VARCHAR", "as in `units`"),
        Column("indicator", "VARCHAR", "name of the indicator"),
        *_PLACE,
        Column("registered", "BIGINT", "units counted"),
        Column("reached", "BIGINT", "of these, served at all"),
        Column("complete", "BIGINT", "of these, with all components"),
        Column(
            "unclear", "BIGINT", "units of which it is not known whether they count; in none of the others"
        ),
    ),
)
LASTING = Table(
    "lasts",
    "Written with `--keep`: until when the answers of each person and household last, rows for each on each day they "
    "were worked out. A row of `needs` holds until there is a row here of its owner, and of its package or of "
    "everything, with a later `on_day`.",
    (
        Column("on_day", "DATE", "the day they were worked out for"),
        Column("owner", "BIGINT", "id of the person, or of the household (under its own needs)"),
        Column("package", "VARCHAR", "the package; null: everything that has no row of its own beside it"),
        Column(
            "lasts", "DATE", "the next day on which an answer can change if no record comes; null: on none"
        ),
    ),
)
TABLES = (NEEDS, UNITS, COVERAGE)

SQL_OF_BUCKET = "(xor({person}, {person} >> 32) & {mask})::SMALLINT"
BUCKETS = 1024
"""Persons lie in so many buckets of like size; a shard is a range of them. A power of two."""


def bucket_of(person: str) -> str:
    """SQL text: the bucket of an id, of a family or of a person without one. Part of the format, to be made again."""
    return SQL_OF_BUCKET.format(person=person, mask=BUCKETS - 1)


def bulk_tables_page() -> str:
    """The page `docs/reference/bulk-tables.md`."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield "<!-- Made by `siklus docs reference` from src/siklus/bulk/tables.py. Change that, not this page. -->"
    yield _INTRODUCTION
    for table in (*TABLES, LASTING):
        yield f"\n## {table.name}\n\n{table.says}\n"
        yield "| column | type | what it says |"
        yield "|---|---|---|"
        for column in table.columns:
            yield f"| `{column.name}` | {column.kind} | {column.says} |"


_INTRODUCTION = f"""\
# Tables of a bulk run

```
siklus bulk extract  --out EXTRACT [--on DATE] [--for PURPOSE]
siklus bulk needs    --extract EXTRACT --on DATE --out ANSWERS [--keep | --renew]
siklus bulk coverage --extract EXTRACT --on DATE --out ANSWERS [--period 2026] [--keep]
```

`--engine spark --master ...` gives the same tables ([scale](../explanation/scale.md)). Files are Parquet with zstd.
Every table is a folder with a folder for each kabupaten, `needs/kabupaten=17.02/*.parquet`; who has no known village is
in `kabupaten=00.00`. The code of a kabupaten is a word: tell your reader so, or it makes 17.1 of `17.10`.

```sql
-- DuckDB                    (Spark: spark.sql.sources.partitionColumnTypeInference.enabled = false)
FROM read_parquet('ANSWERS/needs/**/*.parquet', hive_partitioning = true, hive_types_autocast = false)
```

Ids are whole numbers (`device << 32 | number`); a null is *unknown*, never *no*. There are no names and no NIK in any
of these tables, but ids and villages are personal data all the same: keep the folders where the database may be kept.

## The extract

`extract.json` says of which records it is made (`last_seq`, `on`), how many persons and records each kabupaten has, and
which columns there are. `person/` and `records/KIND/` hold what rules read, typed as the generated SQL wants: days are
INTEGER (1970-01-01 = 0), decimals whole numbers of their last place, words VARCHAR, yes/no BOOLEAN. Only effective
records are there, under the id of the record they correct, each with `person`, `id`, `date`, `oleh`, `tempat`; those of
a kind that is `for` an episode also with `episode`, a BIGINT: the id of a record that opened it, null where none is
named.
`person/` has `id`, the facts, `died`, `left_day`, `gone_day` (the earlier of both) and the place of residence.
`bucket` is `(id xor (id >> 32)) mod {BUCKETS}` of the person's family, or of the person where there is none: rows are
sorted by bucket, person, date, so that a shard (a range of buckets) reads its own row groups only, and holds families
whole. With `--on`, nothing dated later is in it; with `--for pihak_luar`
or `--for penelitian` nobody is who objects to that use of their data.

`kept/BOOK/` appears with `--keep`: the folded records of each shard by the rule book of that hash, from which any day
is answered without reading a record. Another rule book or another extract never reads it.

## A new day

`siklus bulk needs --renew --on DATE --out ANSWERS` brings answers made with `--keep` (or brought on by `--renew`) to a
later day: only what has a row in `lasts` that ends by then is worked out again, a package of a person or all of them.
The rows are added to `needs` and `lasts`; nothing is taken away. The answers of the newest day are then

```sql
FROM needs ANTI JOIN lasts
  ON lasts.owner = CASE unit WHEN 'household' THEN unit_id ELSE person END
  AND coalesce(lasts.package, needs.package) = needs.package
  AND lasts.on_day > needs.on_day
```

`answers.json` beside the tables says for which day they hold, of which extract and by which rule book. Of another
extract, by another book, for an earlier day, or when the day changes very many, everybody is worked out again and the
old rows go."""
