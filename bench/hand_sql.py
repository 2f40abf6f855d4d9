"""The eleven needs of `hand_python`, written by hand for DuckDB over the same tables the generated SQL starts from.

One statement, no macros but month arithmetic; each table is read once. The fragments that repeat for each dose are
filled in by Python, as a person would with a text editor.
"""

from __future__ import annotations

from bench.hand_python import _MR, _PENTA

MONTHS = (
    "create or replace temp macro months_later(d, n) as "
    "((date '1970-01-01' + d + to_months(n))::date - date '1970-01-01')::integer"
)
_REFUSABLE = (
    "hb0", "penta1", "penta2", "penta3", "penta4", "mr1", "mr2", "weigh", "vita_m", "bp_adult", "ht_fu",
)  # fmt: skip


def statements(today: int) -> list[str]:
    """Leaves the answers in `hand_answers(need, unit_id, status)`."""
    return [MONTHS, _ANSWERS.format(today=today, **_fragments(today))]


def _fragments(today: int) -> dict[str, str]:
    refusals = ", ".join(f"max(date) filter (where kebutuhan = '{need}') as no_{need}" for need in _REFUSABLE)
    return {
        "refusals": refusals,
        "penta": _layers("child_vaccines", "penta", _PENTA, today),
        "mr": _layers("penta4_layer", "mr", _MR, today),
        "doses": ", ".join(
            f"('{need}', {need}_status)" for need in ("penta1", "penta2", "penta3", "penta4", "mr1", "mr2")
        ),
    }


def _layers(source: str, name: str, steps: tuple[tuple[int, int, int, int, int], ...], today: int) -> str:
    """One layer of columns a dose: it opens, it is overdue, the day that settles it, what is known of it, its status."""
    texts = []
    for number, (age, apart, late_age, late_apart, early) in enumerate(steps, 1):
        dose, before = f"{name}{number}", f"{name}{number - 1}"
        due, overdue = f"months_later(birth, {age})", f"months_later(birth, {late_age})"
        opens = due
        waiting = ""
        known = ""
        if number > 1:
            due = (
                f"case when {before}_on is not null then "
                f"least(greatest({due}, months_later({before}_on, {apart})), until) end"
            )
            opens = f"least({before}_on + {early}, until)" if early else due
            overdue = f"least(greatest({overdue}, months_later({before}_on, {late_apart})), until)"
            waiting = (
                f"when {before}_on is null then case when {before}_done is null then 'unknown' "
                f"when {today} >= until then 'missed' else 'not_yet' end "
            )
            known = f"when {before}_on is null and {before}_done is null then null "
        missing = (
            f"coalesce({name}_written, 0) >= {number} and coalesce({name}_written, 0) > {name}_counted"
            if name == "penta"
            else "false"
        )
        texts.append(
            f"{dose}_open as (select *, {opens} as {dose}_opens, {due} as {dose}_due from {source}), "
            f"{dose}_day as (select *, list_min(list_filter({name}, lambda d: d >= {dose}_opens)) as {dose}_first from {dose}_open), "
            f"{dose}_settled as (select *, case when {dose}_first < until then {dose}_first end as {dose}_on from {dose}_day), "
            f"{dose}_layer as (select *, "
            f"case when {dose}_on is not null then true {known}when {missing} then null else false end as {dose}_done, "
            f"case when birth is null then 'unknown' when {dose}_on is not null then 'done' {waiting}"
            f"when {today} < {dose}_due then 'not_yet' when {missing} then 'unknown' when {today} >= until then 'missed' "
            f"when {today} < no_{dose} + 90 then 'refused' when {today} >= {overdue} then 'overdue' else 'due' end "
            f"as {dose}_status from {dose}_settled)"
        )
        source = f"{dose}_layer"
    return ", ".join(texts)


_ANSWERS = """
create or replace temp table hand_answers as
with
the_day as (
  select {today} as today, (date_trunc('month', date '1970-01-01' + {today})::date - date '1970-01-01')::integer as month_start,
    (make_date(year(d) - case when month(d) < 2 then 1 else 0 end, case when month(d) >= 8 or month(d) < 2 then 8 else 2 end, 1)
      - date '1970-01-01')::integer as season
  from (select date '1970-01-01' + {today} as d)),
child as (
  select id, birth, months_later(birth, 60) as until from u_person
  where died is null and (birth is null or months_later(birth, 72) > {today})),
refusal as (select person, {refusals} from r_penolakan group by person),
vaccine as (
  select person,
    coalesce(bool_or(vaksin = 'hb0' and date >= birth and date < birth + 8), false) as hb0,
    list_sort(list(date) filter (where vaksin in ('dpt_hb_hib', 'heksavalen'))) as penta,
    max(dosis) filter (where vaksin in ('dpt_hb_hib', 'heksavalen')) as penta_written,
    count(distinct date) filter (where vaksin in ('dpt_hb_hib', 'heksavalen')) as penta_counted,
    list_sort(list(date) filter (where vaksin = 'mr')) as mr
  from r_imunisasi join child on child.id = person group by person),
weight as (
  select person, max(date) as weighed from r_timbang semi join child on child.id = person
  where berat is not null group by person),
capsule as (
  select person, max(date) filter (where kapsul = 'merah') as red, max(date) filter (where kapsul = 'biru') as blue
  from r_vitamin_a semi join child on child.id = person group by person),
child_vaccines as (
  select child.*, vaccine.* exclude (person, penta_counted), coalesce(penta_counted, 0) as penta_counted,
    refusal.* exclude (person), weighed, red, blue
  from child left join vaccine on vaccine.person = child.id left join refusal on refusal.person = child.id
    left join weight on weight.person = child.id left join capsule on capsule.person = child.id),
{penta},
{mr},
child_answers as (
  select mr2_layer.*,
    case when birth is null then 'unknown' when hb0 then 'done' when today < birth then 'not_yet'
      when today >= birth + 8 then 'missed' when today < no_hb0 + 90 then 'refused' when today >= birth + 1 then 'overdue'
      else 'due' end as hb0_status,
    case when months_later(birth, 60) <= today then 'not_applicable' when weighed >= month_start then 'done'
      when birth is null then 'unknown' when today < no_weigh + 90 and no_weigh >= month_start then 'refused'
      else 'due' end as weigh_status,
    case when months_later(birth, 12) > months_later(season, 1) - 1
        or months_later(birth, 60) <= least(today, months_later(season, 1) - 1) then 'not_applicable'
      when red >= season then 'done' when blue >= season then 'not_applicable' when birth is null then 'unknown'
      when today < greatest(season, months_later(birth, 12)) then 'not_yet' when today >= months_later(season, 2) then 'missed'
      when today < no_vita_m + 90 and no_vita_m >= season then 'refused' when today >= months_later(season, 1) then 'overdue'
      else 'due' end as vita_m_status
  from mr2_layer, the_day),
opening as (
  select person, id, date, lag(date) over (partition by person order by date, id) as before from r_diagnosis
  where kondisi = 'hipertensi'),
closing as (select person, date from r_kondisi_selesai where kondisi = 'hipertensi'),
first_opening as (
  select person, id, date as opened, lead(date) over (partition by person order by date, id) as following from opening
  where before is null or exists (
    select 1 from closing where closing.person = opening.person and closing.date >= before and closing.date < opening.date)),
illness as (
  select first_opening.person, first_opening.id, opened, any_value(following) as following, min(closing.date) as ended
  from first_opening semi join (select id from u_person where died is null) alive on alive.id = person
    left join closing on closing.person = first_opening.person and closing.date >= opened
      and (following is null or closing.date < following)
  group by first_opening.person, first_opening.id, opened),
pressure as (select person, max(date) as measured from r_ukur_td where sistolik is not null group by person),
ill_now as (
  select distinct person from illness, the_day
  where coalesce(ended, following - 1, 2932896) >= today),
adult as (
  select u.id, u.birth, measured, no_bp_adult as refused, ill_now.person is not null as is_ill,
    coalesce(months_later(measured, 12), months_later(birth, 180)) as due
  from u_person u left join pressure on pressure.person = u.id left join refusal on refusal.person = u.id
    left join ill_now on ill_now.person = u.id
  where u.died is null and (birth is null or months_later(birth, 180) <= {today})),
seen as (
  select illness.id, max(td.date) as last from illness join r_ukur_td td on td.person = illness.person and td.date >= opened
  where sistolik is not null and oleh in ('bidan', 'perawat', 'dokter') group by illness.id),
promise as (
  select person, max(struct_pack(d := date, i := id, t := tanggal)).t as promised from r_janji
  where urusan = 'kontrol_hipertensi' group by person),
control as (
  select illness.id, ended, last, no_ht_fu as refused, coalesce(months_later(last, 1), opened) as usual,
    case when promised is not null and (last is null or promised > last) then promised end as promised
  from illness left join seen on seen.id = illness.id left join refusal on refusal.person = illness.person
    left join promise on promise.person = illness.person)
select 'hb0' as need, id as unit_id, hb0_status as status from child_answers
union all select 'weigh', id, weigh_status from child_answers
union all select 'vita_m', id, vita_m_status from child_answers
union all select dose.need, id, dose.status
  from (select id, unnest([{doses}]::struct(need varchar, status varchar)[]) as dose from child_answers)
union all select 'bp_adult', id,
  case when is_ill then 'not_applicable' when measured is not null and today < due then 'done' when birth is null then 'unknown'
    when today < due then 'not_yet' when today < refused + 90 and refused >= due then 'refused'
    when today >= months_later(due, 1) then 'overdue' else 'due' end
  from adult, the_day
union all select 'ht_fu', id,
  case when ended is not null then 'not_applicable'
    when last is not null and today < usual and not coalesce(promised <= today, false) then 'done'
    when today < coalesce(promised, usual) then 'not_yet'
    when today < refused + 90 and refused >= coalesce(promised, usual) then 'refused'
    when today >= coalesce(promised, usual) + 7 then 'overdue' else 'due' end
  from control, the_day
"""
