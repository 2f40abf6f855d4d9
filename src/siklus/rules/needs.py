"""One `need:` or `series:` of a package -> Need objects, every slot a typed tree (rule language, sections 3 and 4)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from siklus.kernel.dates import NEVER
from siklus.rules import tree as t
from siklus.rules.book import ACTIVE, Exclusion, Need, Package
from siklus.rules.expressions import check, check_selection
from siklus.rules.names import (
    Reading,
    check_slots,
    confidence_of,
    inherited,
    lets_of,
    performers_of,
    reach_of,
    required,
    scope_for,
    unit_of,
)
from siklus.rules.nevers import check_never
from siklus.rules.schedules import Rolling, read_schedule
from siklus.rules.scopes import Broken, Scope, aggregate, no_such_field
from siklus.rules.source import Mark, MarkedMap, entries_of
from siklus.rules.vocabulary import HOUSEHOLD

_NEED_SLOTS = (
    "need title title_en per who counts opens due overdue until done not_needed every starts appointment let "
    "values by reach cites confidence examples never say note"
).split()
_SERIES_SLOTS = (
    "series title per who counts number let values by reach cites confidence steps say note examples".split()
)
_STEP_SLOTS = (
    *"need title title_en who opens due overdue until not_needed by reach".split(),
    *"cites confidence examples never say note".split(),
)
FOREVER = t.Literal(NEVER, "date")
_REFUSALS_OF_HOUSEHOLD = "penolakan_keluarga"
_RECORD_DATE = t.RecordField("date", "date", False)


@dataclass(frozen=True)
class _Slots:
    """Reads the slots of one item in one scope. A slot with a fault is unknown, so that the others are read too."""

    reading: Reading
    item: MarkedMap
    scope: Scope

    def read(self, text: object, mark: Mark, want: str) -> t.Node:
        """An expression of the type it must have."""
        unknown: t.Node = t.Literal(None, want)
        return self.reading.faults.tried(lambda: check(text, mark, self.scope, want), unknown)

    def get(self, slot: str, want: str) -> t.Node | None:
        """The slot, or None when it is absent."""
        return self.read(self.item[slot], self.item.at(slot), want) if slot in self.item else None

    def need(self, slot: str, want: str, default: t.Node) -> t.Node:
        found = self.get(slot, want)
        return default if found is None else found

    def required(self, slot: str, want: str, code: str, found: str) -> t.Node:
        """The slot; its absence is a fault."""
        node = self.get(slot, want)
        if node is None:
            self.reading.faults.add(code, self.item.mark, found)
        return t.Literal(None, want) if node is None else node

    def exclusions(self) -> tuple[Exclusion, ...]:
        found = []
        for entry in entries_of(self.item, "not_needed"):
            with self.reading.faults.guard():
                say = str(required("say", "not_needed", entry))
                when = self.read(required("when", "not_needed", entry), entry.at("when"), "bool")
                found.append(Exclusion(when, say))
        return tuple(found)

    def counts(self) -> _Counts:
        """What settles the need; nothing where there is no such slot or it has a fault."""
        if "counts" not in self.item:
            return _Counts(self.scope, "", t.TRUE)
        text, mark = self.item["counts"], self.item.at("counts")
        nothing: tuple[str, t.Node] = ("", t.TRUE)
        found = self.reading.faults.tried(lambda: check_selection(text, mark, self.scope), nothing)
        return _Counts(self.scope, *found)


@dataclass(frozen=True)
class _Counts:
    """The records that settle a need; unknown throughout when they could not be read."""

    scope: Scope
    kind: str
    where: t.Node

    def exists(self, *limits: t.Node) -> t.Node:
        """One of them within limits."""
        if not self.kind:
            return t.UNKNOWN
        return aggregate(self.scope, "exists", self.kind, None, t.both(self.where, *limits))

    def last(self) -> t.Node:
        """The day of the last of them."""
        if not self.kind:
            return t.Literal(None, "date")
        return aggregate(self.scope, "last", self.kind, "date", self.where)


def read_need(reading: Reading, document: MarkedMap, package: Package, item: MarkedMap) -> Need:
    """A single need: one-off, calendar, campaign, by age, or rolling."""
    name = str(item["need"])
    check_slots(reading, item, _NEED_SLOTS, name)
    reading.define(name, item.at("need"))
    unit = unit_of(reading, item, document)
    scope = scope_for(reading, unit, document, item)
    names = dict(scope.names)
    scope = replace(scope, names=names)
    slots = _Slots(reading, item, scope)
    schedule, is_readable = None, True
    if "every" in item:
        text, mark = str(item["every"]), item.at("every")
        schedule = reading.faults.tried(lambda: read_schedule(text, mark), None)
        is_readable = schedule is not None
    if not is_readable:
        names |= {each: Broken() for each in ("this.from", "this.to", "this.due", "last")}
    counts = slots.counts()
    if "counts" not in item and (isinstance(schedule, Rolling) or "done" not in item):
        reading.faults.add("R15", item.mark, f"need '{name}' has neither 'counts' nor 'done'")
    occurrence: t.Node = t.Literal(0, "int")
    if isinstance(schedule, Rolling):
        last = counts.last()
        again = schedule.after(last)
        starts = slots.get("starts", "date")
        due: t.Node = t.FirstKnown((again, starts)) if starts is not None else again
        names |= {"last": last, "this.due": due}
        opens = slots.need("opens", "date", due)
        done = t.surely(t.Compare("<", t.Today(), again))
        until = slots.need("until", "date", FOREVER)
        occurrence = due
    elif schedule is not None:
        names |= {"this.from": schedule.start, "this.to": schedule.stop}
        due = slots.need("due", "date", schedule.start)
        opens = slots.need("opens", "date", due)
        until = slots.need("until", "date", schedule.stop)
        done = slots.get("done", "bool") or counts.exists(t.Compare(">=", _RECORD_DATE, schedule.start))
        occurrence = schedule.start
    else:
        opens_or_none = slots.get("opens", "date")
        due_or_none = slots.get("due", "date") or opens_or_none
        if due_or_none is None and is_readable:
            reading.faults.add("R15", item.mark, f"need '{name}' has neither 'opens' nor 'due'")
        due = due_or_none or t.Literal(None, "date")
        opens = opens_or_none or due
        until = slots.need("until", "date", FOREVER)
        window = [t.Compare(">=", _RECORD_DATE, opens), t.Compare("<", _RECORD_DATE, until)]
        done = slots.get("done", "bool") or counts.exists(*window[: 1 if until == FOREVER else 2])
    overdue = slots.need("overdue", "date", FOREVER)
    if "appointment" in item:
        rolling = isinstance(schedule, Rolling)
        due, overdue, done = reading.faults.tried(
            lambda: _appointment(scope, item, counts, due, overdue, done, rolling), (due, overdue, done)
        )
        opens = opens if "opens" in item else due
        occurrence = due if rolling else occurrence
    who = slots.required("who", "bool", "R03", f"need '{name}' has no 'who'")
    if "until" not in item and schedule is None and _has_upper_age(who):
        reading.warnings.append(
            f"{item.mark}: R23 who has an upper age and until is absent: a person would vanish instead of being missed"
        )
    return _finish(
        reading,
        package,
        (item, document),
        name,
        scope,
        who=who,
        done=done,
        opens=opens,
        due=due,
        overdue=overdue,
        until=until,
        occurrence=occurrence,
        exclusions=slots.exclusions(),
        repeats=str(item["every"]) if schedule else None,
    )


def _appointment(
    scope: Scope,
    item: MarkedMap,
    counts: _Counts,
    due: t.Node,
    overdue: t.Node,
    done: t.Node,
    rolling: bool,
) -> tuple[t.Node, t.Node, t.Node]:
    """A date a doctor gave overrides, until somebody is seen on or after it."""
    mark = item.at("appointment")
    date = check(f"last(janji.tanggal where urusan = {item['appointment']})", mark, scope, "date")
    last = counts.last()
    stands = t.both(t.IsKnown(date), t.either(t.Not(t.IsKnown(last)), t.surely(t.Compare(">", date, last))))
    grace = check("today + appointment_grace", mark, scope, "date")
    assert isinstance(grace, t.Shift)
    late = t.Shift(date, grace.count, grace.in_months)
    if rolling:
        done = t.both(done, t.Not(t.both(stands, t.surely(t.Compare("<=", date, t.Today())))))
    return (
        t.Choice(stands, t.FirstKnown((date, due)), due),
        t.Choice(stands, t.FirstKnown((late, overdue)), overdue),
        done,
    )


def read_series(reading: Reading, document: MarkedMap, package: Package, item: MarkedMap) -> list[Need]:
    """Doses and k-th visits.

    Each step is settled by the earliest counted day in its window; dates decide, not written numbers.
    """
    name = str(item["series"])
    check_slots(reading, item, _SERIES_SLOTS, name)
    if "examples" in item:
        reading.faults.add(
            "R02",
            item.key_marks["examples"],
            f"the examples of series '{name}' would never be run;",
            "write each under the step it is about",
        )
    unit = unit_of(reading, item, document)
    scope = scope_for(reading, unit, document, item)
    slots = _Slots(reading, item, scope)
    if "counts" not in item:
        reading.faults.add("R03", item.mark, f"need '{name}' has no 'counts'")
    who = slots.required("who", "bool", "R03", f"need '{name}' has no 'who'")
    counts = slots.counts()
    number = None
    if counts.kind:
        dates = aggregate(scope, "dates", counts.kind, "date", counts.where)
        number = reading.faults.tried(lambda: _written_number(counts, item), None)
    else:
        dates = t.Aggregate("dates", "", "date", t.TRUE, 0, False, "dates")
    assert isinstance(dates, t.Aggregate)
    needs: list[Need] = []
    settled: dict[str, t.Node] = {}
    if not item.get("steps"):
        reading.faults.add("R03", item.mark, f"need '{name}' has no 'steps'")
    for position, step in enumerate(entries_of(item, "steps"), 1):
        step_name = str(step.get("need", ""))
        if not step_name:
            reading.faults.add("R03", step.mark, f"a step of '{name}' has no 'need'")
        check_slots(reading, step, _STEP_SLOTS, step_name)
        with reading.faults.guard():
            reading.define(step_name, step.at("need"))
        step_scope = replace(scope, names={**scope.names, **settled})
        slots = _Slots(reading, step, step_scope)
        opens = slots.required("opens", "date", "R15", f"step '{step_name}' has no 'opens'")
        until = slots.need("until", "date", FOREVER)
        before = needs[-1] if needs else None
        waits = t.surely(t.Not(t.StepValue(f"{before.name}.done", "bool", True))) if before else t.FALSE
        day = t.StepValue(f"{step_name}.on", "date", True)
        done: t.Node = t.IsKnown(day)
        if number is not None:
            missing = t.both(t.Compare(">=", number[0], t.Literal(position, "int")), t.Compare(">", *number))
            done = t.Choice(done, t.TRUE, t.Choice(missing, t.UNKNOWN, t.FALSE))
        limits = [t.Not(t.IsKnown(limit)) for limit in (opens, until) if limit.nullable]
        if limits:
            cannot_judge = t.both(t.HasDates(dates), t.Not(waits), t.either(*limits))
            done = t.Choice(cannot_judge, t.UNKNOWN, done)
        needs.append(
            _finish(
                reading,
                package,
                (step, item, document),
                step_name,
                step_scope,
                who=t.both(who, slots.need("who", "bool", t.TRUE)),
                done=t.StepValue(f"{step_name}.done", "bool", True),
                opens=opens,
                due=slots.need("due", "date", opens),
                overdue=slots.need("overdue", "date", FOREVER),
                until=until,
                occurrence=t.Literal(0, "int"),
                exclusions=slots.exclusions(),
                repeats=None,
                waits=waits,
                after=before.name if before else None,
                steps=(
                    (f"{step_name}.on", t.EarliestWithin(dates, opens, until)),
                    (f"{step_name}.done", done),
                ),
            )
        )
        settled["prev"] = day
        settled.setdefault("first", day)
    return needs


def _written_number(counts: _Counts, item: MarkedMap) -> tuple[t.Node, t.Node] | None:
    """The highest number written on the records, and how many days there are."""
    if "number" not in item:
        return None
    written, scope = str(item["number"]), counts.scope
    if written not in scope.vocabulary.fields_of(counts.kind):
        raise no_such_field(scope, counts.kind, written, item.at("number"))
    highest = aggregate(scope, "max", counts.kind, written, counts.where)
    days = aggregate(scope, "days_with", counts.kind, None, counts.where)
    return t.FirstKnown((highest, t.Literal(0, "int"))), days


def _finish(
    reading: Reading,
    package: Package,
    documents: tuple[MarkedMap, ...],
    name: str,
    scope: Scope,
    *,
    who: t.Node,
    done: t.Node,
    opens: t.Node,
    due: t.Node,
    overdue: t.Node,
    until: t.Node,
    occurrence: t.Node,
    exclusions: tuple[Exclusion, ...],
    repeats: str | None,
    waits: t.Node = t.FALSE,
    after: str | None = None,
    steps: tuple[tuple[str, t.Node], ...] = (),
) -> Need:
    item, tried = documents[0], reading.faults.tried
    check_never(reading.faults, item)
    return Need(
        name=name,
        title=tried(lambda: str(inherited("title", name, *documents[:-1])), ""),
        package=package,
        unit=scope.unit,
        who=who,
        done=done,
        excluded=t.either(*(exclusion.when for exclusion in exclusions)),
        exclusions=exclusions,
        opens=opens,
        due=due,
        overdue=overdue,
        until=until,
        waits=waits,
        refused=_refusal(reading, scope, item, name, occurrence),
        occurrence=occurrence,
        steps=steps,
        lets=lets_of(scope, *reversed(documents)),
        after=after,
        repeats=repeats,
        by=performers_of(reading, name, *documents),
        cites=tried(lambda: str(inherited("cites", name, *documents)), ""),
        confidence=tried(lambda: confidence_of(name, *documents), ""),
        source=item,
        mark=item.mark,
        reach=tried(lambda: reach_of(name, item, *documents[1:]), ACTIVE),
    )


def _refusal(reading: Reading, scope: Scope, item: MarkedMap, name: str, occurrence: t.Node) -> t.Node:
    """The last refusal that names this need still holds, and belongs to this occurrence."""
    kind = _REFUSALS_OF_HOUSEHOLD if scope.unit == HOUSEHOLD else "penolakan"
    if scope.unit == HOUSEHOLD and kind not in scope.vocabulary.kinds:
        return t.FALSE
    named = t.Compare("=", t.RecordField("kebutuhan", "need", False), t.Literal(name, "need"))
    refusal = aggregate(scope, "last", kind, "date", named)
    holds = check("today + refusal_holds", item.mark, replace(scope, names=reading.values), "date")
    assert isinstance(holds, t.Shift)
    recent = t.surely(t.Compare("<", t.Today(), t.Shift(refusal, holds.count, holds.in_months)))
    if occurrence.type != "date":
        return recent
    return t.both(recent, t.surely(t.Compare(">=", refusal, occurrence)))


def _has_upper_age(who: t.Node) -> bool:
    return any(
        isinstance(node, t.Compare)
        and node.op in ("<", "<=")
        and isinstance(node.left, t.Call)
        and node.left.function.startswith("age_")
        for node in t.walk(who)
    )
