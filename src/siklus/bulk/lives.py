"""Lives in memory through the bulk engine: for examples, conformance and parity.

There DuckDB must answer as the other engines do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from siklus.kernel.periods import Period
from siklus.library.loading import Book
from siklus.rules.answers import ClassAnswer, IndicatorAnswer, NeedAnswer
from siklus.rules.emitters.duckdb_expressions import quoted, sql_type
from siklus.rules.emitters.duckdb_lasting import LASTING_OF_ANSWERS
from siklus.rules.life import Life
from siklus.rules.vocabulary import HOUSEHOLD, PERSON

_ARROW = {"BOOLEAN": pa.bool_(), "INTEGER": pa.int32(), "BIGINT": pa.int64(), "VARCHAR": pa.string()}

_OWN_DAY = "as_of"


class Population:
    """Lives loaded and folded once; any day can then be asked.

    A life is known by its person's (or household's) `id`; record ids are unique among all. With `days`, each life has
    a day of its own, and `needs()` without a day answers them all in one run. `threads`: as many as there are, if not
    said.
    """

    def __init__(
        self,
        book: Book,
        lives: Iterable[Life],
        days: Sequence[int] | None = None,
        threads: int | None = None,
    ) -> None:
        self.book = book
        self.connection = duckdb.connect(config={} if threads is None else {"threads": threads})
        self._load(list(lives), days)
        self._run(book.sql.episodes())
        self._run(book.sql.fold())

    def needs(
        self, today: int | None = None, packages: Collection[str] | None = None
    ) -> dict[int, list[NeedAnswer]]:
        """Answers by person, from these packages or all."""
        self.settle(today, packages)
        return self._needs("answers")

    def settle(self, today: int | None = None, packages: Collection[str] | None = None) -> None:
        """Works out the answers, which `needs_of` then tells."""
        day = _OWN_DAY if today is None else today
        self._run([self.book.sql.answers_table(), *self.book.sql.answers(day, packages=packages)])

    def needs_of(self, persons: Sequence[int]) -> dict[int, list[NeedAnswer]]:
        """What was worked out about some of the lives, by person."""
        self.connection.register("wanted", pa.table({"person": pa.array(persons, pa.int64())}))
        return self._needs("answers where person in (select person from wanted)")

    def _needs(self, answers: str) -> dict[int, list[NeedAnswer]]:
        found: dict[int, list[NeedAnswer]] = {}
        persons, *columns, asks = self._columns(
            f"select person, need, unit, unit_id, occurrence, status, opens, due, overdue, until, asks from {answers}"
        )
        told = map(NeedAnswer, *columns, (tuple(each) if each else () for each in asks))
        for person, answer in zip(persons, told, strict=True):
            found.setdefault(person, []).append(answer)
        return found

    def indicators(
        self, today: int, period: Period, book: Book | None = None
    ) -> dict[int, list[IndicatorAnswer]]:
        """Indicator answers by person; units surely not counted are left out.

        `book`: those of another book with the same closed lists, say of one that holds but a few indicators.
        """
        book = book or self.book
        self._run(book.sql.indicators(period, today))
        found: dict[int, list[IndicatorAnswer]] = {}
        rows = self.connection.execute(
            "select person, indicator, unit, unit_id, counted, components, reached from indicator_answers"
        ).fetchall()
        for person, name, unit, unit_id, counted, components, reached in rows:
            named = dict(zip(book.indicator(name).components, components, strict=True))
            found.setdefault(person, []).append(IndicatorAnswer(name, unit, unit_id, counted, named, reached))
        return found

    def classes(self, today: int | None = None) -> dict[int, list[ClassAnswer]]:
        """Classifications by person."""
        self._run(self.book.sql.classes(_OWN_DAY if today is None else today))
        found: dict[int, list[ClassAnswer]] = {}
        rows = self.connection.execute(
            'select classification, unit_id, value, "do" from class_answers'
        ).fetchall()
        for row in rows:
            found.setdefault(row[1], []).append(ClassAnswer(*row))
        return found

    def lasting(self, today: int, periods: Sequence[Period] = ()) -> dict[int, int]:
        """The next day on which something about a person can change, by person; who is not there never changes."""
        sql = self.book.sql
        self._run([*sql.lasting(today), sql.answers_table(), *sql.answers(today, (), lasting=True)])
        self._run([LASTING_OF_ANSWERS])
        for period in periods:
            self._run([*sql.indicator_folds(period), *sql.indicator_lasting(period, today)])
        if periods:
            self._run(sql.classes(today, lasting=True))
        return dict(self.connection.execute("select person, min(lasts) from lasting group by 1").fetchall())

    def owners(self, unit: str) -> dict[int, int]:
        """The person of each unit by unit id."""
        person = "id" if unit in (PERSON, HOUSEHOLD) else "person"
        return dict(self.connection.execute(f"select id, {person} from {quoted(f'u_{unit}')}").fetchall())

    def states(self, unit: str) -> dict[int, str]:
        """JSON text of the kept accumulators by unit id."""
        return dict(self.connection.execute(self.book.sql.state(unit)).fetchall())

    def _columns(self, query: str) -> list[list[Any]]:
        """The answer of a query column by column: quicker than row by row, and a word is one object however often."""
        columns = []
        for column in self.connection.sql(query).to_arrow_table().combine_chunks().columns:
            if pa.types.is_string(column.type):
                encoded = column.combine_chunks().dictionary_encode()
                words = encoded.dictionary.to_pylist()
                columns.append([None if n is None else words[n] for n in encoded.indices.to_pylist()])
            else:
                columns.append(column.to_pylist())
        return columns

    def _run(self, statements: Sequence[str]) -> None:
        for statement in statements:
            self.connection.execute(statement)

    def _load(self, lives: list[Life], days: Sequence[int] | None) -> None:
        vocabulary = self.book.vocabulary
        self._run(self.book.sql.macros())
        self._run(self.book.sql.input_tables())
        persons: list[dict[str, object]] = []
        households: list[dict[str, object]] = []
        everybody = list(lives)
        for place, life in enumerate(lives):
            day = None if days is None else days[place]
            (persons if life.members is None else households).append(
                {"household": None, **life.person, _OWN_DAY: day}
            )
            for member in life.members or ():
                persons.append({**member.person, "household": life.person["id"], _OWN_DAY: day})
                everybody.append(member)
        for unit, listed, own in (
            (PERSON, persons, vocabulary.person),
            (HOUSEHOLD, households, vocabulary.household),
        ):
            facts = {"id": pa.int64(), **{n: _ARROW[sql_type(f.type)] for n, f in own.items()}}
            facts |= {"died": pa.int32()} | ({"household": pa.int64()} if unit == PERSON else {})
            if days is not None:
                self.connection.execute(f"alter table u_{unit} add column {_OWN_DAY} integer")
                facts[_OWN_DAY] = pa.int32()
            self._insert(f"u_{unit}", facts, listed)
        rows: dict[str, list[dict[str, object]]] = {}
        for life in everybody:
            for record in life.records:
                rows.setdefault(record["kind"], []).append({**record, "person": life.person["id"]})
        for kind, records in rows.items():
            fields = {n: _ARROW[sql_type(f.type)] for n, f in vocabulary.kinds[kind].fields.items()}
            columns = {"person": pa.int64(), "id": pa.int64(), **fields}
            self._insert(f"r_{kind}", columns, records)

    def _insert(
        self, table: str, columns: dict[str, pa.DataType], rows: Sequence[Mapping[str, object]]
    ) -> None:
        arrays = {name: pa.array([row[name] for row in rows], kind) for name, kind in columns.items()}
        batch = pa.table(arrays)
        self.connection.register("batch", batch)
        listed = ", ".join(quoted(name) for name in columns)
        self.connection.execute(f"insert into {quoted(table)} ({listed}) select {listed} from batch")
        self.connection.unregister("batch")
