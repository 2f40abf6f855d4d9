"""What is broken on purpose, word by word of the language, in each generated engine.

`(word, cases, python, javascript, duckdb)`: the cases are an expression of `conformance/operators/`, or a rule's name,
as a pattern; a break is (right, wrong) in what is written from the rules, or (part, right, wrong) in what that leans
on. A break that changes nothing is itself a fault, so none of these can outlive what it breaks.
"""

from __future__ import annotations

import re

Break = tuple[str, str] | tuple[str, str, str]
V = r"(v\d+)"
E = re.escape


def _same(right: str, wrong: str) -> tuple[Break, Break, Break]:
    return (right, wrong), (right, wrong), (right, wrong)


OPERATORS: list[tuple[str, str, Break, Break, Break]] = [
    (
        "=",
        "angka_a = angka_b",
        (f"== {V}", r">= \1"),
        (f"=== {V}", r">= \1"),
        (' = "angka_b"', ' >= "angka_b"'),
    ),
    ("!=", "angka_a != angka_b", (f"!= {V}", r"> \1"), (f"!== {V}", r"> \1"), (' <> "', ' > "')),
    ("<", "angka_a < 5", *_same(" < 5", " <= 5")),
    ("<=", "angka_a <= 5", *_same(" <= 5", " < 5")),
    (">", "angka_a > 5", *_same(" > 5", " >= 5")),
    (">=", "angka_a >= 5", *_same(" >= 5", " > 5")),
    ("within []", r"angka_a within \[3, 5\]", *_same(" <= 5", " < 5")),
    ("within [)", r"angka_a within \[3, 5\)", *_same(" < 5", " <= 5")),
    (
        "and",
        "ya_a and ya_b",
        (r"else None if (.*) else True", r"else False if \1 else True"),
        (r": (.*) \? null : true", r": \1 ? false : true"),
        ('and "ya_b"', 'and coalesce("ya_b", false)'),
    ),
    (
        "or",
        "ya_a or ya_b",
        (r"v2 is True else None if (.*) else", r"v2 is True else False if \1 else"),
        (r"v2 === true \? true : (.*) \? null :", r"v2 === true ? true : \1 ? false :"),
        ('or "ya_b"', 'or coalesce("ya_b", false)'),
    ),
    (
        "not",
        "not ya_a",
        (r"None if v1 is None else not v1", "not v1"),
        (E("v1 === null ? null : !v1"), "!v1"),
        (E('(not "ya_a")'), '(not coalesce("ya_a", false))'),
    ),
    (
        "is known",
        r"\(angka_a \+ angka_b\) is known",
        (f"= {V} is not None", r"= \1 is None"),
        (f"= {V} !== null", r"= \1 === null"),
        ("is not null", "is null"),
    ),
    (
        "is unknown",
        "angka_a is unknown",
        (f"= not {V}", r"= \1"),
        (f"= !{V}", r"= \1"),
        (E('not ("angka_a" is not null)'), '"angka_a" is not null'),
    ),
    (
        "if",
        "if ya_a then ya_b else ya_c",
        ("elif v1 is None:", "elif False:"),
        (E("else if (v1 === null)"), "else if (false)"),
        ('when not "ya_a"', "when true"),
    ),
    (
        "in",
        r"warna_a in \[merah, biru\]",
        ("'merah', 'biru'", "'merah', 'hijau'"),
        ('"biru"', '"hijau"'),
        (", 'biru'", ", 'hijau'"),
    ),
    (
        "not in",
        r"angka_pasti not in \[2\]",
        (r"in \(2,\)", "in (3,)"),
        ("=== 2", "=== 3"),
        (r"in \(2\)", "in (3)"),
    ),
    (
        "has",
        "warna_a has hangat",
        ("'merah', 'hijau'", "'merah', 'biru'"),
        ('"hijau"', '"biru"'),
        (", 'hijau'", ", 'biru'"),
    ),
    (
        "date + days",
        r"hari_a \+ 2 weeks \+ 1 day",
        ("dates", E("else day + days"), "else day - days"),
        ("runtime", E("day + days"), "day - days"),
        ("macros", r"else d \+ n", "else d - n"),
    ),
    (
        "date + months, clamped",
        r"hari_a \+ 1 month",
        ("runtime", "moved if moved < stop else stop - 1", "moved"),
        ("runtime", E("day < stop ? day : stop - 1"), "day"),
        (
            "macros",
            E("nd_(dt_(d) + to_months((n)::integer))"),
            "(nd_(date_trunc('month', dt_(d)) + to_months((n)::integer)) + day(dt_(d))::integer - 1)",
        ),
    ),
    (
        "never + days",
        r"\(never \+ 1 day = never\) and .*",
        ("dates", E("NEVER if day >= NEVER else day + days"), "day + days"),
        ("runtime", E("day >= NEVER ? NEVER : day + days"), "day + days"),
        ("macros", r"case when d >= \d+ and n is not null then \d+ else d \+ n end", "d + n"),
    ),
    (
        "never + months",
        r"\(never \+ 1 day = never\) and .*",
        ("dates", r"if day >= NEVER:\n        return NEVER\n", "if False:\n        return NEVER\n"),
        ("runtime", E("if (day >= NEVER) return NEVER;"), ""),
        ("macros", r"case when d >= \d+ and n is not null then \d+ else (add_months_\(d, n\)) end", r"\1"),
    ),
    (
        "plus_days",
        r"plus_days\(hari_a, angka_a\)",
        (r"dates\.add_days\(v1, v2\)", "v1"),
        (r"addDays\(v1, v2\)", "v1"),
        (r'add_days_or_never_\("hari_a", "angka_a"\)', '"hari_a"'),
    ),
    (
        "plus_days, unknown",
        r"plus_days\(hari_a, angka_a\)",
        (
            f"None if v1 is None or v2 is None else {E('dates.add_days(v1, v2)')}",
            "None if v1 is None else dates.add_days(v1, v2 or 0)",
        ),
        (
            E("v1 === null || v2 === null ? null : addDays(v1, v2)"),
            "v1 === null ? null : addDays(v1, v2 ?? 0)",
        ),
        (
            r'add_days_or_never_\("hari_a", "angka_a"\)',
            'add_days_or_never_("hari_a", coalesce("angka_a", 0))',
        ),
    ),
    (
        "date - date",
        "hari_a - hari_b",
        (f"else {V} - {V}", r"else \2 - \1"),
        (f": {V} - {V}", r": \2 - \1"),
        ('"hari_a" - "hari_b"', '"hari_b" - "hari_a"'),
    ),
    (
        "+",
        r"angka_a \+ angka_b",
        (rf"{V} \+ {V}", r"\1 - \2"),
        (rf"{V} \+ {V}", r"\1 - \2"),
        (r'"angka_a" \+', '"angka_a" -'),
    ),
    (
        "-",
        "angka_a - angka_b - 1",
        (f"{V} - {V}", r"\1 + \2"),
        (f"{V} - {V}", r"\1 + \2"),
        ('"angka_a" -', '"angka_a" +'),
    ),
    ("*", r"angka_a \* 3 \+ 1", *_same(r" \* 3", " * 2")),
    (
        "latest_of",
        r"latest_of\(hari_a, hari_b, hari_c\)",
        (r"\bmax\(", "min("),
        (r"Math\.max", "Math.min"),
        ("greatest", "least"),
    ),
    (
        "latest_of, unknown",
        r"latest_of\(hari_a, hari_b, hari_c\)",
        (
            r"None if v1 is None or v2 is None or v3 is None else max\(v1, v2, v3\)",
            "max((x for x in (v1, v2, v3) if x is not None), default=None)",
        ),
        (E("v1 === null || v2 === null || v3 === null ? null : Math.max"), "Math.max"),
        (r"case when (?:\"\w+\" is null(?: or )?)+ then null else (greatest\([^)]*\)) end", r"\1"),
    ),
    (
        "earliest_of",
        r"earliest_of\(hari_a, hari_b\)",
        ("v1 <= v2", "v1 >= v2"),
        ("v1 <= v2", "v1 >= v2"),
        ("least", "greatest"),
    ),
    (
        "first_known",
        r"first_known\(angka_a, angka_b, angka_c\)",
        ("v1 if v1 is not None else", "v2 if v2 is not None else"),
        (E("v1 !== null ? v1 :"), "v2 !== null ? v2 :"),
        (E('coalesce("angka_a", "angka_b"'), 'coalesce("angka_b", "angka_a"'),
    ),
    (
        "age_days",
        r"age_days\(hari_a\)",
        (f"{V} - {V}", r"\2 - \1"),
        (f"{V} - {V}", r"\2 - \1"),
        ('"hari_a" - "birth"', '"birth" - "hari_a"'),
    ),
    (
        "age_months",
        r"age_months\(hari_a\)",
        ("runtime", "b - a if moved <= end else", "b - a if moved < end else"),
        ("runtime", E("<= end ? months"), "< end ? months"),
        ("macros", "then 1 else 0 end", "then 0 else 0 end"),
    ),
    (
        "age_years",
        r"age_years\(hari_a\)",
        (
            "runtime",
            r"months_between\(birth, on\) // dates.MONTHS_PER_YEAR",
            "int(months_between(birth, on) / dates.MONTHS_PER_YEAR)",
        ),
        (
            "runtime",
            r"quotient\(monthsBetween\(start, end\), 12\)",
            "Math.trunc(monthsBetween(start, end) / 12)",
        ),
        (r"floor\(", "trunc("),
    ),
    (
        "months_between",
        r"months_between\(hari_a, hari_b\)",
        ("runtime", r"moved = stop - 1\n    ", "moved = stop\n    "),
        ("runtime", E("day < stop ? day : stop - 1"), "day < stop ? day : stop"),
        ("macros", E("least(day(dt_(a)), day(last_day(dt_(b))))"), "day(dt_(a))"),
    ),
    (
        "weeks_between",
        r"weeks_between\(hari_a, hari_b\)",
        ("dates", r"\(end - start\) // DAYS_PER_WEEK", "int((end - start) / DAYS_PER_WEEK)"),
        ("runtime", r"quotient\(end - start, 7\)", "Math.trunc((end - start) / 7)"),
        (r"floor\(", "trunc("),
    ),
    (
        "month",
        r"month\(hari_a\)",
        (r"month_of\(", "year_of("),
        (r"monthOf\(", "yearOf("),
        (r"month\(dt_", "year(dt_"),
    ),
    (
        "year",
        r"year\(hari_a\)",
        (r"year_of\(", "month_of("),
        (r"yearOf\(", "monthOf("),
        (r"year\(dt_", "month(dt_"),
    ),
    (
        "start_of_month",
        r"start_of_month\(hari_a\)",
        (r"start_of_month\(", "dates.start_of_year("),
        ("startOfMonth", "startOfYear"),
        ("'month'", "'year'"),
    ),
    (
        "start_of_year",
        r"start_of_year\(hari_a\)",
        ("start_of_year", "start_of_school_year"),
        ("startOfYear", "startOfSchoolYear"),
        ("'year'", "'month'"),
    ),
    (
        "start_of_school_year",
        r"start_of_school_year\(hari_a\)",
        ("start_of_school_year", "start_of_year"),
        ("startOfSchoolYear", "startOfYear"),
        (r"to_months\(6\)", "to_months(5)"),
    ),
    (
        "start_of_week",
        r"start_of_week\(hari_a\)",
        ("start_of_week", "start_of_month"),
        ("startOfWeek", "startOfMonth"),
        ("'week'", "'month'"),
    ),
    (
        "period.from, period.to",
        r"period\.to - period\.from",
        ("P1 - P0", "P0 - P1"),
        ("P1 - P0", "P0 - P1"),
        (r"(\d{5}) - (\d{5})", r"\2 - \1"),
    ),
]

FOLDS: list[tuple[str, str, Break, Break, Break]] = [
    (
        "exists",
        r"exists\(kunjungan where baik = true\)",
        (r"A\[0\] = True", "pass"),
        (r"A\[0\] = true;", ""),
        (r"bool_or\(true\)", "bool_and(false)"),
    ),
    (
        "exists, unclear",
        r"exists\(kunjungan where baik = true\)",
        (r"A\[1\] = True", "pass"),
        (r"A\[1\] = true;", ""),
        (r"is null\) as a1", "is null and false) as a1"),
    ),
    (
        "count",
        r"count\(kunjungan where nilai >= 5\)",
        (r"= len\((v\d+)\)", r"= len(\1) + 1"),
        (f"= {V}.length;", r"= \1.length + 1;"),
        (r"::integer as a0", "::integer + 1 as a0"),
    ),
    (
        "days_with",
        r"days_with\(kunjungan where nilai >= 5\)",
        (r"len\(set\(", "len(list("),
        (r"distinct\(", "((days) => days.length)("),
        (r"count\(distinct ", "count("),
    ),
    (
        "months_with",
        r"months_with\(kunjungan\)",
        (r"month_number\((.*?)\) for", r"\1 for"),
        (r"monthsWith\(", "distinct("),
        (r'month_number_\((r\."date")\)', r"\1"),
    ),
    (
        "first",
        r"first\(kunjungan\.nilai\)",
        (r"\[0\]\['nilai'\]", "[-1]['nilai']"),
        (r"\[0\]\.nilai", ".at(-1).nilai"),
        ("arg_min_null", "arg_max_null"),
    ),
    (
        "first, empty field",
        r"first\(kunjungan\.nilai\)",
        (r"(v\d+)\[0\]\['nilai'\]", r"next((r['nilai'] for r in \1 if r['nilai'] is not None), None)"),
        (r"(\w+(?:\[\d+\])?)\[0\]\.nilai", r"(\1.find((r) => r.nilai !== null) ?? \1[0]).nilai"),
        ("arg_min_null", "arg_min"),
    ),
    (
        "last",
        r"last\(timbang\.berat where berat is known\)",
        (r"A\[0\] = (r.*)", r"A[0] = A[0] or \1"),
        (r"A\[0\] = (r.*);", r"A[0] = A[0] ?? \1;"),
        ("arg_max_null", "arg_min_null"),
    ),
    (
        "last, empty field",
        r"last\(timbang\.berat\)",
        (
            r"A\[0\] = (\w+(?:\['timbang'\])?)\[-1\]\['berat'\]",
            r"A[0] = next((r['berat'] for r in \1[::-1] if r['berat']), None)",
        ),
        (
            r"A\[0\] = (R\[\d+\]|v\d+)\[.*?\]\.berat;",
            r"A[0] = \1.findLast((r) => r.berat !== null)?.berat ?? null;",
        ),
        ("arg_max_null", "arg_max"),
    ),
    (
        "nth",
        r"nth\(2, kunjungan\.nilai\)",
        (r"\[1\]\['nilai'\]", "[0]['nilai']"),
        (r"\[1\]\.nilai", "[0].nilai"),
        (r"\)\[2\] as a0", ")[1] as a0"),
    ),
    (
        "last(2",
        r"last\(2, kunjungan\.nilai\)",
        (r"\[-2\]", "[-1]"),
        (r"length - 2\]", "length - 1]"),
        (r"\[-2\]", "[-1]"),
    ),
    (
        "min",
        r"min\(kunjungan\.nilai\)",
        (r"\bmin\(", "max("),
        (r"Math\.min", "Math.max"),
        (r"\bmin\(", "max("),
    ),
    (
        "max",
        r"max\(timbang\.panjang where lengkap\)",
        (r"\bmax\(", "min("),
        (r"Math\.max", "Math.min"),
        (r"\bmax\(", "min("),
    ),
    (
        "sum",
        r"sum\(kunjungan\.nilai\)",
        (r"\bsum\(", "max("),
        (r"\btotal\(", "Math.max(..."),
        (r"\bsum\(", "max("),
    ),
    (
        "a limit that waits for the day",
        "exists.kunjungan where nilai > 5 and date >= today - 30 days.",
        (r">= (v\d+)", r"> \1"),
        (r">= (v\d+)", r"> \1"),
        (r">= \((\d{5})", r"> (\1"),
    ),
    (
        "kept days",
        r"first\(kunjungan\.date where date > mula\)",
        (r"\[0\] if", "[-1] if"),
        (r"\? (v\d+)\[0\]", r"? \1.at(-1)"),
        (r"list_min\(", "list_max("),
    ),
    (
        "kept days, counted",
        r"count\(kunjungan where date > today - 30 days\)",
        (r"= len\((v\d+)\)", r"= len(\1) + 1"),
        (f"= {V}.length;", r"= \1.length + 1;"),
        (r"len\((list_filter.*?)\)::integer", r"(len(\1) + 1)::integer"),
    ),
    ("open", r"open\(masa\)", (r">= today", "> today"), (r">= today", "> today"), (r">= (\d{5})", r"> \1")),
    (
        "an attached record",
        r"count\(periksa\)",
        (r"\['unit'\] != i", "['unit'] == -1"),
        (r"\.unit !== i", ".unit === -1"),
        (
            "episodes",
            r"between least\(u\.opened, coalesce\(u\.start, u\.opened\)\) and",
            "between u.opened and",
        ),
    ),
]

RULES: list[tuple[str, str, Break, Break, Break]] = [
    *(
        (
            f"status {status}",
            "jendela|ditolak",
            (rf"s = '{status}'", "s = 'lain'"),
            (rf's = "{status}"', 's = "lain"'),
            (rf"(then|else) '{status}(:\w+)?'", r"\1 'lain\2'"),
        )
        for status in ("done", "not_applicable", "unknown", "not_yet", "missed", "refused", "overdue", "due")
    ),
    (
        "due, the first day",
        "jendela",
        ("today < v", "today <= v"),
        ("today < v", "today <= v"),
        (r"as_of < (c\d+) then 'not_yet'", r"as_of <= \1 then 'not_yet'"),
    ),
    (
        "until, the first day after",
        "jendela",
        (r"today >= v4", "today > v4"),
        (r"today >= v4", "today > v4"),
        (r"(\d{5}|as_of) >= (c\d+) then 'missed' when c6", r"\1 > \2 then 'missed' when c6"),
    ),
    (
        "asks",
        "bertanya",
        (r"asked\(", "(lambda *_: ())("),
        (r"asked\(", "((..._) => [])("),
        (r"is null then '", "is not null then '"),
    ),
    (
        "a gate",
        "dengan_gerbang",
        (r"    if not \(", "    if True or not ("),
        (r" if \(!\(", " if (true || !("),
        (r" and coalesce\((.*?), true\)", ""),
    ),
    (
        "not_needed",
        "beberapa_alasan",
        (r"= True if (v\d+) is True or (v\d+) is True", r"= True if \1 is True"),
        (r"= (v\d+) === true \|\| v\d+ === true \?", r"= \1 === true ?"),
        (r'"ya_a" or \(', '"ya_a" and ('),
    ),
    (
        "a step's window opens",
        "tiga_dosis",
        (r"if (v\d+) <= d", r"if \1 < d"),
        (r"\((v\d+) <= d\)", r"(\1 < d)"),
        (r"d >= ", "d > "),
    ),
    (
        "a step's window closes",
        "tiga_dosis",
        (r"if d < (v\d+)", r"if d <= \1"),
        (r"\(d < (v\d+)\)", r"(d <= \1)"),
        (r" and d < ", " and d <= "),
    ),
    (
        "counted",
        "cakupan",
        (r"u\['id'\], v\d+,", "u['id'], True,"),
        (r"u\.id, v\d+,", "u.id, true,"),
        (r"id, id, c\d+,", "id, id, true,"),
    ),
    (
        "class, unclear",
        "tekanan",
        (r"'unknown' if", "None if"),
        (r"\"unknown\" :", "null :"),
        (r"then 'unknown'", "then null"),
    ),
    ("do", "tekanan", *_same(r"(['\"])segera\1", r"\1none\1")),
]

TABLE = [*OPERATORS, *FOLDS, *RULES]
