"""Forming episodes in SQL by window functions; the same algorithm as `siklus.rules.episodes`, point by point."""

from __future__ import annotations

from siklus.kernel.dates import NEVER
from siklus.rules.emitters.duckdb_expressions import literal, quoted
from siklus.rules.episode_spec import NAMED
from siklus.rules.vocabulary import EPISODE_KIND, Episode, Selection, Vocabulary

_LARGEST_FIRST = "{'d': date, 'i': id}"


def write_episodes(vocabulary: Vocabulary) -> list[str]:
    """Statements that make `u_NAME` and `r_ep:NAME` of every episode and give attached records their `unit`."""
    return [text for episode in vocabulary.episodes.values() for text in _episode(vocabulary, episode)]


def _selected(selection: Selection, columns: str) -> str:
    where = (
        "" if selection.field is None else f" where {quoted(selection.field)} = {literal(selection.value)}"
    )
    return f"select person, id, date{columns} from {quoted(f'r_{selection.kind}')}{where}"


def _after(episode: Episode, day: str) -> str:
    if episode.lasts is None:
        return str(NEVER)
    count = episode.lasts.count
    return f"add_months_({day}, {count})" if episode.lasts.in_months else f"({day} + {count})"


def _episode(vocabulary: Vocabulary, episode: Episode) -> list[str]:
    name, facts = episode.name, [quoted(fact) for fact in episode.facts]
    listed = "".join(f", {fact}" for fact in facts)
    closings = " union all ".join(_selected(selection, "") for selection in episode.closed_by)
    closings = (
        closings or "select null::bigint as person, null::bigint as id, null::integer as date where false"
    )
    last_known = "".join(
        f", arg_max({fact}, {_LARGEST_FIRST}) filter (where {fact} is not null) as {fact}" for fact in facts
    )
    statements = [
        f"create or replace temp table e_closings as {closings}",
        f"""create or replace temp table e_openings as
            select *, lag(date) over (partition by person order by date, id) as before
            from ({_selected(episode.opened_by, listed)})""",
        # A closing in [opening before, this opening), or `lasts` gone by, begins a new one; else it repeats.
        f"""create or replace temp table e_groups as
            select * exclude (begins), sum(begins) over (partition by person order by date, id) as place from (
              select o.*, case when before is null or o.date >= {_after(episode, "before")} or c.closed >= before
                then 1 else 0 end as begins
              from e_openings o asof left join (select distinct person, date as closed from e_closings) c
                on o.person = c.person and o.date > c.closed)""",
        f"""create or replace temp table e_formed as
            select *, lead(opened) over (partition by person order by place) as following from (
              select person, place, min(date) as opened, arg_min(id, {_LARGEST_FIRST}) as id,
                {_after(episode, "max(date)")} as stops{last_known}
              from e_groups group by 1, 2)""",
        f"""create or replace temp table e_units as
            select person, id, opened, ended,
              coalesce(ended, least(stops, coalesce(following, {NEVER})) - 1) as last_day{listed} from (
              select e.*, case when c.closed < e.stops and (e.following is null or c.closed < e.following)
                then c.closed end as ended
              from e_formed e asof left join (select distinct person, date as closed from e_closings) c
                on e.person = c.person and e.opened <= c.closed)""",
    ]
    if episode.closing_alone:
        statements.append(
            f"""insert into e_units select person, min(id), date, date, date{", null" * len(facts)} from e_closings c
                where not exists (
                  select 1 from e_units u where u.person = c.person and c.date between u.opened and u.last_day)
                group by person, date"""
        )
    start = ", ".join(
        f"nullif({quoted(fact)}, {NEVER})" + (f" - {before}" if before else "")
        for fact, before in episode.start
    )
    units, own = quoted(f"u_{name}"), quoted(f"r_{EPISODE_KIND}{name}")
    start = f"coalesce({start})" if start else "opened"
    statements += [
        f"""create or replace temp table {units} as
            select e.*, {start} as start, p.* exclude (id) from e_units e join u_person p on p.id = e.person""",
        f"""create or replace temp table {own} as
            select person, id, opened as date, null::varchar as oleh, null::varchar as tempat,
              opened, start, last_day, ended{listed}
            from {units}""",
    ]
    if episode.attaches:
        # Every opening of an episode is a name of it; of one that a closing made alone, that closing.
        statements.append(
            """create or replace temp table e_names as
                select g.person, g.id as name, f.id as unit from e_groups g join e_formed f using (person, place)
                union select person, id, id from e_units"""
        )
    return statements + [_attach(f"r_{kind}", units) for kind in episode.attaches]


def _attach(table: str, units: str) -> str:
    """Records with their `unit`: the episode each names, else of those that hold its day the one that starts last."""
    records = quoted(table)
    return f"""create or replace temp table {records} as
        select r.*, coalesce(n.unit, m.unit) as unit from (select * exclude (unit) from {records}) r
        left join e_names n on n.person = r.person and n.name = r.{quoted(NAMED)}
        left join (
          select r.id, u.id as unit from {records} r join {units} u
            on u.person = r.person and r.date between least(u.opened, coalesce(u.start, u.opened)) and u.last_day
          qualify row_number() over (
            partition by r.id order by least(u.opened, coalesce(u.start, u.opened)) desc, u.id desc) = 1
        ) m on m.id = r.id"""
