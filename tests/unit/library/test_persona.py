"""Siapa berhak apa: words become a small life, nothing is passed over in silence, what is not said stays unknown."""

from __future__ import annotations

import pytest
import yaml

from siklus.kernel.dates import parse_day
from siklus.library.case_reading import read_case
from siklus.library.education import load_education
from siklus.library.loading import knowledge_folder, load_book
from siklus.library.persona import Group, Owing, Reading, load_persona, read_phrase, who_is_owed
from siklus.library.persona.telling import as_json, lines_of

TODAY = parse_day("2026-11-22")


def read(phrase: str) -> Reading:
    return read_phrase(phrase, load_persona(), TODAY)


def asked(phrase: str) -> Owing:
    return who_is_owed(load_book(), load_persona(), read(phrase))


def names(owing: Owing, group: Group) -> set[str]:
    return {each.need.name for each in owing.of(group)}


@pytest.mark.parametrize(
    ("phrase", "facts", "kinds"),
    [
        ("bayi 9 bulan", {"birth": "2026-02-22"}, []),
        ("9bln", {"birth": "2026-02-22"}, []),
        ("Bayi perempuan, umur 9 bulan", {"birth": "2026-02-22", "sex": "p"}, []),
        ("anak 1 tahun 4 bulan laki-laki", {"birth": "2025-07-22", "sex": "l"}, []),
        ("laki-laki 45 tahun perokok", {"birth": "1981-11-22", "sex": "l", "merokok": True}, []),
        ("pria empat puluh lima", {"sex": "l"}, []),
        ("lansia 74 tahun hipertensi", {"birth": "1952-11-22"}, ["diagnosis"]),
        ("perempuan 50 thn kencing manis", {"birth": "1976-11-22", "sex": "p"}, ["diagnosis"]),
        ("ibu hamil 26 minggu", {"sex": "p"}, ["daftar_kehamilan"]),
        ("26 minggu hamil", {"sex": "p"}, ["daftar_kehamilan"]),
        ("ibu nifas 10 hari", {"sex": "p"}, ["persalinan"]),
        ("anak kelas 5 perempuan", {"sex": "p", "kelas": 5}, []),
        ("siswi kelas 2 SMP", {"sex": "p", "kelas": 8}, []),
        ("perempuan 30 tahun tidak merokok", {"birth": "1996-11-22", "sex": "p", "merokok": False}, []),
        ("lahir 12/03/2026 laki-laki", {"birth": "2026-03-12", "sex": "l"}, []),
        ("bayi 3 hari berat lahir 2,3 kg", {"birth": "2026-11-19", "berat_lahir": 2.3}, []),
        ("laki-laki 60 tahun gagal jantung", {"birth": "1966-11-22", "sex": "l"}, ["diagnosis"]),
        ("bayi baru lahir 6 jam", {"birth": "2026-11-22"}, []),
        ("ibu menyusui", {"sex": "p"}, []),
        ("catin perempuan 24 tahun", {"birth": "2002-11-22", "sex": "p"}, ["daftar_catin"]),
        (
            "wanita usia subur 35 tahun KB suntik 3 bulan",
            {"birth": "1991-11-22", "sex": "p"},
            ["pelayanan_kb"],
        ),
        ("anak 9 tahun TB", {"birth": "2017-11-22"}, ["diagnosis", "mulai_obat_tb"]),
        ("woman 30 years smoker", {"birth": "1996-11-22", "sex": "p", "merokok": True}, []),
    ],
)
def test_a_phrase_becomes_facts_and_records(phrase: str, facts: dict[str, object], kinds: list[str]) -> None:
    found = read(phrase)
    assert found.facts == facts
    assert [record["kind"] for record in found.records] == kinds


def test_the_second_month_is_one_month_ago_and_an_age_stays_an_age() -> None:
    began = {record["kind"]: record["on"] for record in read("pasien TB bulan ke-2 umur 40 tahun").records}
    assert began == {"diagnosis": "2026-10-22", "mulai_obat_tb": "2026-10-22"}
    assert read("hamil bulan ke-7").records[0]["hpht"] == "2026-05-22"
    toddler = read("tb anak 20 bulan")
    assert (toddler.facts["birth"], toddler.records[0]["on"]) == ("2025-03-22", "2026-11-22")


@pytest.mark.parametrize(
    ("phrase", "told", "kept_back"),
    [
        ("ibu hamil 26 minggu", {"bahaya_hamil", "td_hamil_gol"}, {"td_anak", "tingkat_bahaya_nifas"}),
        ("perempuan 28 tahun nifas 10 hari", {"tingkat_bahaya_nifas"}, {"bahaya_hamil"}),
        ("bayi 3 bulan", {"tingkat_bahaya_bayi", "bengkak_balita"}, {"lila_balita", "tingkat_bahaya_balita"}),
        ("balita 30 bulan", {"tingkat_bahaya_balita", "lila_balita"}, {"tingkat_bahaya_bayi", "spo2_bbl"}),
        ("laki-laki 45 tahun", {"td_dewasa"}, {"bahaya_hamil", "td_anak"}),
    ],
)
def test_danger_signs_are_told_to_whom_they_may_befall(
    phrase: str, told: set[str], kept_back: set[str]
) -> None:
    found = {watch.table.name for watch in asked(phrase).watch}
    assert told <= found and not kept_back & found


def test_weeks_of_pregnancy_and_age_are_told_apart() -> None:
    found = read("ibu hamil 19 tahun 26 minggu 3 hari")
    assert found.facts["birth"] == "2007-11-22"
    assert found.records[0]["hpht"] == "2026-05-21"


@pytest.mark.parametrize(
    ("phrase", "strange", "guess"),
    [
        ("prempuan 30 tahun", "prempuan", "perempuan"),
        ("laki-laki 45", "45", "45 tahun"),
        ("bayi 9 bulan qwzx", "qwzx", ""),
    ],
)
def test_what_is_not_understood_is_said_with_a_guess(phrase: str, strange: str, guess: str) -> None:
    (found,) = read(phrase).strange
    assert (found.text, found.guess) == (strange, guess)


@pytest.mark.parametrize(
    ("phrase", "code"),
    [
        ("bayi 3 tahun", "outside"),
        ("bapak hamil 20 minggu", "against"),
        ("anak 3 tahun 4 tahun", "twice"),
        ("ibu hamil 60 minggu", "toolong"),
        ("anak kelas 15", "range"),
        ("lansia 70 tahun tidak hipertensi", "denied"),
        ("anak 10 tahun kelas", "notaken"),
    ],
)
def test_what_does_not_fit_is_remarked_upon(phrase: str, code: str) -> None:
    assert code in {remark.code for remark in read(phrase).remarks}


def test_a_denied_condition_opens_nothing() -> None:
    assert read("lansia 70 tahun tidak hipertensi").records == ()


def test_every_typical_phrase_is_understood_whole_and_answered() -> None:
    for one in load_persona().typical:
        owing = asked(one.say)
        assert not owing.reading.strange and not owing.reading.remarks, one.say
        assert not owing.reading.needs_age, one.say
        assert owing.of(Group.NOW) or owing.of(Group.SOON) or owing.of(Group.DEPENDS), one.say


def test_every_word_makes_a_life_that_can_be_read() -> None:
    book, persona = load_book(), load_persona()
    for word in persona.words.values():
        for phrase in word.phrases:
            if word.takes is not None:
                phrase = f"{phrase} {word.takes.most}"
            found = read_phrase(phrase, persona, TODAY)
            assert not found.strange, phrase
            assert word.key in found.words, phrase
            assert read_case(book, found.case, 1).problems == (), phrase


def test_every_condition_and_every_yes_no_fact_of_the_vocabulary_can_be_said() -> None:
    vocabulary, persona = load_book().vocabulary, load_persona()
    said = {name for word in persona.words.values() for name in word.facts}
    assert {name for name, spec in vocabulary.person.items() if spec.type == "bool"} <= said
    opened = {str(value) for word in persona.words.values() for r in word.records for value in r.values()}
    assert set(vocabulary.codes["kondisi"]) - {"lain"} <= opened


def test_every_fact_and_kind_that_the_words_name_exists() -> None:
    vocabulary = load_book().vocabulary
    raw = yaml.safe_load((knowledge_folder() / "persona.yaml").read_text(encoding="utf-8"))["words"]
    assert {name for word in raw.values() for name in word.get("facts") or ()} <= set(vocabulary.person)
    assert {r["kind"] for word in raw.values() for r in word.get("records") or ()} <= set(vocabulary.kinds)


def test_a_child_of_nine_months_is_owed_mr1_and_is_to_catch_up_with_bcg() -> None:
    owing = asked("bayi 9 bulan")
    assert {"mr1", "weigh"} <= names(owing, Group.NOW)
    assert "bcg" in names(owing, Group.CATCH_UP)
    assert "hb0" in names(owing, Group.PAST)
    mr1 = next(each for each in owing.needs if each.need.name == "mr1")
    assert mr1.answer is not None and mr1.answer.status == "due"
    assert "mulai umur 9 bulan (22 Nov 2026)" in mr1.reason


def test_what_hangs_on_sex_says_so_and_is_settled_by_saying_it() -> None:
    open_, said = asked("orang 50 tahun"), asked("perempuan 50 tahun")
    sadanis = next(each for each in open_.needs if each.need.name == "sadanis")
    assert (sadanis.group, sadanis.when) == (Group.DEPENDS, "perempuan")
    assert [fact.label for fact in open_.unsaid][:1] == ["Jenis kelamin"]
    assert {word.key for word in open_.unsaid[0].add} == {"laki", "perempuan"}
    assert "sadanis" in names(said, Group.NOW) | names(said, Group.CATCH_UP)
    assert "sadanis" in names(asked("laki-laki 50 tahun"), Group.NOT_FOR)


def test_an_age_that_was_not_said_gives_conditions_of_age() -> None:
    owing = asked("ibu hamil 26 minggu")
    found = {each.need.name: each.when for each in owing.of(Group.DEPENDS)}
    assert found["iva"] == "umur 30 tahun ke atas, pernah menikah"


def test_of_a_pregnant_woman_without_an_age_what_the_pregnancy_asks_for_stands_first() -> None:
    first, *others = asked("ibu hamil").hanging()
    assert first.when == "awal kehamilan diketahui" and first.is_said
    assert "anc_k1" in {need.name for need in first.needs}
    assert others and not any(each.is_said for each in others)
    assert all(each.is_said for each in asked("dewasa").hanging())


def test_what_is_owed_at_every_age_of_the_group_hangs_on_nothing() -> None:
    assert "skilas" in names(asked("lansia"), Group.NOW)


def test_without_any_age_nothing_is_answered_and_it_is_asked_for() -> None:
    owing = asked("perokok")
    assert owing.reading.needs_age and owing.needs == ()
    assert "Umurnya belum disebut" in "\n".join(lines_of(owing, load_book(), load_education()))


def test_how_long_ago_is_asked_for_where_it_is_not_said() -> None:
    assert [word.key for word in read("ibu nifas").waiting] == ["nifas"]
    assert read("ibu nifas").records == ()


def test_needs_of_the_pregnancy_that_ended_are_past_for_a_woman_after_birth() -> None:
    owing = asked("ibu nifas 10 hari")
    assert "kf3" in names(owing, Group.NOW)
    assert not {each.need.unit for each in owing.of(Group.DEPENDS)} & {"kehamilan"}


def test_the_json_has_who_where_why_and_source_of_each_need() -> None:
    told = as_json(asked("bayi 9 bulan"), load_book(), load_education())
    (mr1,) = [each for each in told["groups"]["now"] if each["need"] == "mr1"]
    assert mr1["due"] == "2026-11-22" and mr1["confidence"] == "read"
    assert all(mr1[name] for name in ("title", "reason", "by", "cites", "message"))
    assert told["case"] == {"on": "2026-11-22", "person": {"birth": "2026-02-22"}, "records": []}


def test_nothing_that_somebody_types_breaks_it() -> None:
    for phrase in (
        "",
        " ",
        "tidak",
        "999 tahun",
        "0 hari",
        "31/02/2026",
        "kelas",
        "9" * 200,
        "«»-/.,",
        "hamil hamil 5 5",
    ):
        who_is_owed(load_book(), load_persona(), read(phrase))
