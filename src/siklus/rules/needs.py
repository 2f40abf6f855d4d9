"""One `need:` or `series:` of a package -> Need objects, every slot a typed tree (rule language, sections 3 and 4)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from siklus.kernel.dates import NEVER
from siklus.rules import tree as t
from siklus.rules.book import Exclusion, Need, Package
from siklus.rules.expressions import check, check_selection
from siklus.rules.names import (
    Reading,
    check_slots,
    confidence_of,
    inherited,
    lets_of,
    performers_of,
    scope_for,
    unit_of,
)
from siklus.rules.schedules import Rolling, read_schedule
from siklus.rules.scopes import Scope, aggregate
from siklus.rules.source import MarkedMap, fault

_NEED_SLOTS = (
    "need title title_en per who counts opens due overdue until done not_needed every starts appointment let "
    "values by cites confidence examples say note"
).split()
_SERIES_SLOTS = (
    "series title per who counts number let values by cites confidence steps say note examples".split()
)
_STEP_SLOTS = (
    "need title title_en who opens due overdue until not_needed by cites confidence examples say note".split()
)
FOREVER = t.Literal(NEVER, "date")
_RECORD_DATE = t.RecordField("date", "date", False)


@dataclass(frozen=True)
class _Slots:
    """Reads the slots of one item in one scope."""

    item: MarkedMap
    scope: Scope

    def get(self, slot: str, want: str, default: t.Node | None = None) -> t.Node | None:
        if slot not in self.item:
            return default
        return check(self.item[slot], self.item.at(slot), self.scope, want)

    def need(self, slot: str, want: str, default: t.Node) -> t.Node:
        found = self.get(slot, want, default)
        assert found is not None
        return found

    def exclusions(self) -> tuple[Exclusion, ...]:
        found = []
        for entry in self.item.get("not_needed") or ():
            when = check(entry["when"], entry.at("when"), self.scope, "bool")
            found.append(Exclusion(when, str(entry["say"])))
        return tuple(found)


def read_need(reading: Reading, document: MarkedMap, package: Package, item: MarkedMap) -> Need:
    """A single need: one-off, calendar, campaign, by age, or rolling."""
    name = str(item["need"])
    check_slots(item, _NEED_SLOTS, name)
    reading.define(name, item.at("need"))
    unit = unit_of(reading, item, document)
    scope = scope_for(reading, unit, document, item)
    who_text, who_mark = inherited("who", name, item), item.at("who")
    schedule = read_schedule(str(item["every"]), item.at("every")) if "every" in item else None
    names = dict(scope.names)
    scope = replace(scope, names=names)
    slots = _Slots(item, scope)
    kind, where = (
        check_selection(item["counts"], item.at("counts"), scope) if "counts" in item else ("", t.TRUE)
    )
    if not kind and (isinstance(schedule, Rolling) or "done" not in item):
        raise fault("R15", item.mark, f"need '{name}' has neither 'counts' nor 'done'")
    occurrence: t.Node = t.Literal(0, "int")
    if isinstance(schedule, Rolling):
        last = aggregate(scope, "last", kind, "date", where)
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
        in_this = t.both(where, t.Compare(">=", _RECORD_DATE, schedule.start))
        done = slots.get("done", "bool") or aggregate(scope, "exists", kind, None, in_this)
        occurrence = schedule.start
    else:
        opens_or_none = slots.get("opens", "date")
        due_or_none = slots.get("due", "date", opens_or_none)
        if due_or_none is None:
            raise fault("R15", item.mark, f"need '{name}' has neither 'opens' nor 'due'")
        due, opens = due_or_none, opens_or_none or due_or_none
        until = slots.need("until", "date", FOREVER)
        in_window = t.both(
            where,
            t.Compare(">=", _RECORD_DATE, opens),
            *(() if until == FOREVER else (t.Compare("<", _RECORD_DATE, until),)),
        )
        done = slots.get("done", "bool") or aggregate(scope, "exists", kind, None, in_window)
    overdue = slots.need("overdue", "date", FOREVER)
    if "appointment" in item:
        rolling = isinstance(schedule, Rolling)
        due, overdue, done = _appointment(scope, item, kind, where, due, overdue, done, rolling)
        opens = opens if "opens" in item else due
        occurrence = due if rolling else occurrence
    who = check(who_text, who_mark, scope, "bool")
    if "until" not in item and schedule is None and _has_upper_age(who):
        reading.warnings.append(
            f"{item.mark}: R23 who has an upper age and until is absent: a person would vanish instead of being missed"
        )
    return _finish(
        reading,
        document,
        package,
        item,
        (item, document),
        name,
        unit,
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
    kind: str,
    where: t.Node,
    due: t.Node,
    overdue: t.Node,
    done: t.Node,
    rolling: bool,
) -> tuple[t.Node, t.Node, t.Node]:
    """A date a doctor gave overrides, until somebody is seen on or after it."""
    mark = item.at("appointment")
    date = check(f"last(janji.tanggal where urusan = {item['appointment']})", mark, scope, "date")
    last = aggregate(scope, "last", kind, "date", where)
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
    check_slots(item, _SERIES_SLOTS, name)
    unit = unit_of(reading, item, document)
    scope = scope_for(reading, unit, document, item)
    kind, where = check_selection(item["counts"], item.at("counts"), scope)
    dates = aggregate(scope, "dates", kind, "date", where)
    assert isinstance(dates, t.Aggregate)
    who = check(inherited("who", name, item), item.at("who"), scope, "bool")
    number = count = None
    if "number" in item:
        written = str(item["number"])
        if written not in reading.vocabulary.fields_of(kind):
            raise fault("R05", item.at("number"), f"'{kind}' has no field '{written}'.")
        number = t.FirstKnown((aggregate(scope, "max", kind, written, where), t.Literal(0, "int")))
        count = aggregate(scope, "days_with", kind, None, where)
    needs: list[Need] = []
    settled: dict[str, t.Node] = {}
    for position, step in enumerate(item["steps"], 1):
        step_name = str(step["need"])
        check_slots(step, _STEP_SLOTS, step_name)
        reading.define(step_name, step.at("need"))
        step_scope = replace(scope, names={**scope.names, **settled})
        slots = _Slots(step, step_scope)
        opens = slots.get("opens", "date")
        if opens is None:
            raise fault("R15", step.mark, f"step '{step_name}' has no 'opens'")
        until = slots.need("until", "date", FOREVER)
        before = needs[-1] if needs else None
        waits = t.surely(t.Not(t.StepValue(f"{before.name}.done", "bool", True))) if before else t.FALSE
        day = t.StepValue(f"{step_name}.on", "date", True)
        done: t.Node = t.IsKnown(day)
        if number is not None and count is not None:
            missing = t.both(
                t.Compare(">=", number, t.Literal(position, "int")), t.Compare(">", number, count)
            )
            done = t.Choice(done, t.TRUE, t.Choice(missing, t.UNKNOWN, t.FALSE))
        limits = [t.Not(t.IsKnown(limit)) for limit in (opens, until) if limit.nullable]
        if limits:
            cannot_judge = t.both(t.HasDates(dates), t.Not(waits), t.either(*limits))
            done = t.Choice(cannot_judge, t.UNKNOWN, done)
        own_who = t.both(who, slots.need("who", "bool", t.TRUE))
        needs.append(
            _finish(
                reading,
                document,
                package,
                step,
                (step, item, document),
                step_name,
                unit,
                step_scope,
                who=own_who,
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


def _finish(
    reading: Reading,
    document: MarkedMap,
    package: Package,
    item: MarkedMap,
    documents: tuple[MarkedMap, ...],
    name: str,
    unit: str,
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
    return Need(
        name=name,
        title=str(inherited("title", name, *documents[:-1])),
        package=package,
        unit=unit,
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
        cites=str(inherited("cites", name, *documents)),
        confidence=confidence_of(name, *documents),
        source=item,
        mark=item.mark,
    )


def _refusal(reading: Reading, scope: Scope, item: MarkedMap, name: str, occurrence: t.Node) -> t.Node:
    """The last refusal that names this need still holds, and belongs to this occurrence."""
    named = t.Compare("=", t.RecordField("kebutuhan", "need", False), t.Literal(name, "need"))
    refusal = aggregate(scope, "last", "penolakan", "date", named)
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
