"""Rules -> DuckDB SQL for whole populations: episodes, one fold a kind of record, then the finish of a day.

Text only. The caller connects, fills `u_person` and `r_KIND` with effective records, and runs the statements in
order: `macros`, `episodes`, `fold`, `answers_table`, `answers`; then `indicators`, `classes` and `state` as wanted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from siklus.kernel.periods import Period
from siklus.rules import tree as t
from siklus.rules.book import Classification, Indicator, Need, Rules
from siklus.rules.emitters.duckdb_episodes import write_episodes
from siklus.rules.emitters.duckdb_expressions import MACROS, literal, quoted, sql_type
from siklus.rules.emitters.duckdb_finish import DAYS, Layers, answered, base_of, rows_of
from siklus.rules.emitters.duckdb_fold import fold_members, fold_table, state_column, write_folds
from siklus.rules.emitters.duckdb_lasting import (
    LASTING,
    LASTS,
    counted_lasts,
    into,
    judged_lasts,
    lasts_row,
    shared_lasts,
    shut,
)
from siklus.rules.lasting import PackageLasts, packages_last, shares_last
from siklus.rules.plan import (
    Plan,
    expressions_of_classification,
    expressions_of_indicator,
    expressions_of_need,
    plan_of,
    plan_of_needs,
)
from siklus.rules.vocabulary import HOUSEHOLD, MEMBER, PERSON

_ANSWERS = (
    "need varchar, unit varchar, unit_id bigint, person bigint, package varchar, occurrence integer, status varchar, "
    "opens integer, due integer, overdue integer, until integer, asks varchar[]"
)
_INDICATORS = (
    "indicator varchar, unit varchar, unit_id bigint, person bigint, "
    "counted boolean, reached boolean, components boolean[]"
)
_SHARES = "s_"
_CLASSES = 'classification varchar, unit_id bigint, value varchar, "do" varchar'


@dataclass(frozen=True)
class Sql:
    """The statements of one rule book.

    `person` is everywhere whose it is: of what is about a household, the household.
    """

    rules: Rules

    @cached_property
    def plans(self) -> dict[str, Plan]:
        """Accumulators of each unit that a need is about; the same places as in the Python engine."""
        return {
            unit: plan for unit in self.rules.units() if (plan := plan_of_needs(self.rules, unit)) is not None
        }

    def macros(self) -> list[str]:
        """Month arithmetic."""
        return [text for text in MACROS.split(";\n") if text.strip()]

    def input_tables(self) -> list[str]:
        """Empty tables of persons and of each kind of record, with the columns the other statements rest on."""
        vocabulary = self.rules.vocabulary
        facts = "".join(
            f", {quoted(name)} {sql_type(field.type)}" for name, field in vocabulary.person.items()
        )
        statements = [
            f"create or replace temp table u_person (id bigint{facts}, died integer, household bigint)"
        ]
        own = "".join(
            f", {quoted(name)} {sql_type(field.type)}" for name, field in vocabulary.household.items()
        )
        statements.append(f"create or replace temp table u_household (id bigint{own}, died integer)")
        for name, kind in vocabulary.kinds.items():
            fields = "".join(
                f", {quoted(field.name)} {sql_type(field.type)}"
                for field in kind.fields.values()
                if field.name != "date"
            )
            columns = f"person bigint, id bigint, date integer{fields}, unit bigint"
            statements.append(f"create or replace temp table {quoted(f'r_{name}')} ({columns})")
        return statements

    def episodes(self) -> list[str]:
        """Units and their records from the openings and closings."""
        return write_episodes(self.rules.vocabulary)

    def fold(self) -> list[str]:
        """Accumulators of every unit."""
        return [
            text
            for unit, plan in self.plans.items()
            for text in write_folds(self.rules.vocabulary, unit, plan)
        ]

    def answers_table(self) -> str:
        """Where answers go."""
        return f"create or replace temp table answers ({_ANSWERS})"

    def answers(
        self,
        today: int | str,
        statuses: Collection[str] | None = None,
        packages: Collection[str] | None = None,
        lasting: bool = False,
        sought: bool = False,
    ) -> list[str]:
        """One statement for each unit and package; packages whose gate is false and the dead give no rows.

        `today` may be the name of a column of `u_person`, so that many days are answered in one run. `lasting`: with a
        row more for each unit, of the status `LASTS`, whose occurrence is the next day on which answers can change.
        `sought`: only the needs for which people are sought out.
        """
        queries = self.answer_queries(today, statuses, packages, lasting, sought)
        return [f"insert into answers {query}" for query in queries.values()]

    def answer_queries(
        self,
        today: int | str,
        statuses: Collection[str] | None = None,
        packages: Collection[str] | None = None,
        lasting: bool = False,
        sought: bool = False,
    ) -> dict[tuple[str, str], str]:
        """The same as queries by (unit, package), each with the columns of `answers`."""
        return {
            (unit, package): self._package(unit, package, today, statuses, lasting, sought)
            for unit in self.plans
            for package, needs in self._needs_by_package(unit).items()
            if packages is None or package in packages
            if lasting or not sought or any(need.is_sought for need in needs)
        }

    @cached_property
    def lasts(self) -> dict[tuple[str, str], PackageLasts]:
        """How long answers last, by (unit, package)."""
        return {(each.unit, each.package.name): each for each in packages_last(self.rules)}

    def lasting(self, today: int | str) -> list[str]:
        """Makes `lasting` (person, package, lasts), with the packages that are shut: see `duckdb_lasting`."""
        return [LASTING, *self.shut(today), *self.shared(today)]

    def shut(self, today: int | str, packages: Collection[str] | None = None) -> list[str]:
        """Adds to `lasting` until when packages (these, or all) are surely not about somebody."""
        return [
            into(shut(each, self.plans[each.unit], today), each.package.name)
            for each in self.lasts.values()
            if packages is None or each.package.name in packages
        ]

    def shared(self, today: int | str) -> list[str]:
        """Adds to `lasting` until when what members share with their household stays."""
        if HOUSEHOLD not in self.plans or PERSON not in self.plans:
            return []
        return [into(shared_lasts(shares_last(self.rules), self.plans[PERSON], today))]

    def _needs_by_package(self, unit: str) -> dict[str, list[Need]]:
        found: dict[str, list[Need]] = {}
        for need in self.rules.needs:
            if need.unit == unit:
                found.setdefault(need.package.name, []).append(need)
        return found

    def _package(
        self,
        unit: str,
        package: str,
        today: int | str,
        statuses: Collection[str] | None,
        lasting: bool,
        sought: bool,
    ) -> str:
        needs = self._needs_by_package(unit)[package]
        layers = Layers(self.plans[unit], today)
        gate = needs[0].package.gate
        open_gate = "" if gate == t.TRUE else f" and coalesce({layers.write(gate)}, true)"
        lasts = [self.lasts[unit, package].open] if lasting else []
        layers.share([*(node for need in needs for node in expressions_of_need(need)), *lasts])
        for need in needs:
            layers.steps(need)
        answers = [layers.need(need) for need in needs if need.is_sought or not sought]
        answers += [lasts_row(layers.slot(bound)) for bound in lasts]
        plan = self.plans[unit]
        members = self._members(plan, self.plans.get(PERSON), today) if unit == HOUSEHOLD else ""
        where = f"where u.died is null{open_gate}"
        query = layers.select(base_of(unit, layers, plan, where, members=members))
        rows = answered(unit, answers, query)
        kept = ""
        if statuses is not None:
            listed = (*statuses, LASTS) if lasting else statuses
            kept = f" where status in ({', '.join(map(literal, listed))})"
        return (
            f"select need, {literal(unit)} as unit, unit_id, whose as person, {literal(package)} as package, "
            f"occurrence, status, {', '.join(DAYS)}, asks from ({rows}){kept}"
        )

    def indicators(self, period: Period, today: int) -> list[str]:
        """Every indicator of the period's kind, judged on its cut-off day; units surely not counted give no rows."""
        return [*self.indicator_folds(period), *self.indicator_answers(period, today)]

    def indicator_folds(self, period: Period) -> list[str]:
        """Accumulators of every unit that an indicator of the period's kind is about; they serve any day."""
        chosen_by_unit = self._chosen(period)
        statements = [
            text
            for unit, chosen in chosen_by_unit.items()
            for text in write_folds(
                self.rules.vocabulary, unit, _plan_of_indicators(chosen), "i_", (period.start, period.stop)
            )
        ]
        if HOUSEHOLD in chosen_by_unit and self.rules.shares:
            statements += write_folds(self.rules.vocabulary, PERSON, self._shares, _SHARES)
        return statements

    @cached_property
    def _shares(self) -> Plan:
        """What is folded of persons only for what they share with their household."""
        return plan_of(share.node for share in self.rules.shares)

    def _members(
        self,
        plan: Plan,
        shares: Plan | None,
        today: int | str,
        bounds: tuple[int, int] | None = None,
        prefix: str = "",
    ) -> str:
        """What households ask of their members on a day, from what is folded of persons; empty when they ask none."""
        if not plan.of_members():
            return ""
        plan_of_persons = shares or Plan()
        layers = Layers(plan_of_persons, today)
        texts = "".join(f", {layers.slot(share.node)} as {quoted(share.name)}" for share in self.rules.shares)
        living = "where u.died is null and u.household is not null"
        base = layers.select(base_of(PERSON, layers, plan_of_persons, living, prefix))
        return fold_members(self.rules.vocabulary, plan, f"select household{texts} from ({base})", bounds)

    def indicator_answers(self, period: Period, today: int) -> list[str]:
        """The answers in a table of their own, from `indicator_folds`."""
        bounds, day = (period.start, period.stop), period.cut_off(today)
        statements = [f"create or replace temp table indicator_answers ({_INDICATORS})"]
        for unit, chosen in self._chosen(period).items():
            statements.append(self._indicators(unit, chosen, day, bounds))
        return statements

    def indicator_lasting(self, period: Period, today: int) -> list[str]:
        """Adds to `lasting` how long they last, from `indicator_folds`; after the last day of a period for ever."""
        day, bounds = period.cut_off(today), (period.start, period.stop)
        if day < today:
            return []
        return [
            f"insert into lasting select id, NULL, {day} + 1 from u_household"
            if unit == HOUSEHOLD
            else into(counted_lasts(unit, chosen, _plan_of_indicators(chosen), day, bounds))
            for unit, chosen in self._chosen(period).items()
        ]

    def _chosen(self, period: Period) -> dict[str, list[Indicator]]:
        units: dict[str, list[Indicator]] = {unit: [] for unit in self.rules.units()}
        for each in self.rules.indicators:
            if each.period == period.kind:
                units[each.unit].append(each)
        return {unit: chosen for unit, chosen in units.items() if chosen}

    def _indicators(self, unit: str, chosen: Sequence[Indicator], today: int, bounds: tuple[int, int]) -> str:
        """Those of one kind of unit in one statement, which share their columns."""
        plan = _plan_of_indicators(chosen)
        layers = Layers(plan, today, bounds)
        layers.share(node for each in chosen for node in expressions_of_indicator(each))
        answers = [
            (
                literal(each.name),
                layers.slot(each.counted),
                layers.slot(each.reached),
                f"[{', '.join(map(layers.slot, each.components.values()))}]",
            )
            for each in chosen
        ]
        members = self._members(plan, self._shares, today, bounds, _SHARES) if unit == HOUSEHOLD else ""
        query = layers.select(base_of(unit, layers, plan, "", "i_", members))
        names, kinds = (
            ("indicator", "counted", "reached", "components"),
            ("varchar", "boolean", "boolean", "boolean[]"),
        )
        rows = rows_of(unit, zip(names, kinds, zip(*answers, strict=True), strict=True), query)
        return (
            f"insert into indicator_answers select indicator, {literal(unit)}, unit_id, whose, counted, reached, "
            f"components from ({rows}) where coalesce(counted, true)"
        )

    def classes(self, today: int | str, action: str | None = None, lasting: bool = False) -> list[str]:
        """Every classification that has something to judge; with an action, only those that may ask for it.

        `lasting`: how long they last is added to `lasting`.
        """
        asked = [
            table
            for table in self.rules.classifications
            if action is None or any(row.do == action for row in table.rows)
        ]
        plan = plan_of(node for table in asked for node in expressions_of_classification(table))
        statements = [f"create or replace temp table class_answers ({_CLASSES})"]
        statements += write_folds(self.rules.vocabulary, PERSON, plan, "c_")
        by_package: dict[str, list[Classification]] = {}
        for table in asked:
            by_package.setdefault(table.package.name, []).append(table)
        statements += [self._classes(tables, plan, today) for tables in by_package.values()]
        return [*statements, into(judged_lasts(asked, plan, today))] if lasting else statements

    def _classes(self, tables: Sequence[Classification], plan: Plan, today: int | str) -> str:
        """Those of one package in one statement, which share their columns."""
        layers = Layers(plan, today)
        gate = tables[0].package.gate
        layers.share((gate, *(node for table in tables for node in expressions_of_classification(table))))
        judged = [(literal(table.name), *_judged(layers, table)) for table in tables]
        is_open = layers.slot(gate)
        query = layers.select(base_of(PERSON, layers, plan, "", "c_"))
        names, kinds = (
            ("classification", "is_judged", "value", "action"),
            ("varchar", "boolean", "varchar", "varchar"),
        )
        rows = rows_of(
            PERSON,
            zip(names, kinds, zip(*judged, strict=True), strict=True),
            f"select * from ({query}) where coalesce({is_open}, true)",
        )
        return f"insert into class_answers select classification, unit_id, value, action from ({rows}) where is_judged"

    def state(self, unit: str) -> str:
        """`unit_id, body`: JSON text of the accumulators that hold something; units without any are left out."""
        parts = ["select null::bigint as unit_id, 0 as first, null::varchar as part where false"]
        for (kind, attached), group in self.plans[unit].by_kind().items():
            if kind == MEMBER:
                continue
            columns = ", ".join(state_column(self.rules.vocabulary, place, each) for place, each in group)
            table = fold_table(unit, kind, attached)
            first = group[0][0]
            parts.append(
                f"select unit_id, {first} as first, nullif(concat_ws(',', {columns}), '') as part from {table}"
            )
        union = " union all ".join(parts)
        return (
            f"select unit_id, '{{' || string_agg(part, ',' order by first) || '}}' as body from ({union}) "
            "where part is not null group by unit_id"
        )


def write_sql(rules: Rules) -> Sql:
    """The SQL of a rule book."""
    return Sql(rules)


def _judged(layers: Layers, table: Classification) -> tuple[str, str, str]:
    """Whether there is something to judge, the class, and what to do."""
    who, measured = layers.slot(table.who), layers.slot(table.measured)
    value = action = ""
    unclear = [f"{who} is null"] if table.who.nullable else []
    for row in table.rows:
        holds, word = layers.slot(row.when), literal(row.value)
        sure = f"case when {' or '.join(unclear)} then 'unknown' else {word} end" if unclear else word
        value += f" when {holds} then {sure}"
        action += f" when {holds} then {literal(row.do)}"
        unclear += [f"{holds} is null"] if row.when.nullable else []
    return f"{measured} and coalesce({who}, true)", f"case{value} end", f"case{action} end"


def _plan_of_indicators(chosen: Iterable[Indicator]) -> Plan:
    return plan_of(node for each in chosen for node in expressions_of_indicator(each))
