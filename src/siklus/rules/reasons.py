"""Why a need stands as it does today: one short Indonesian paragraph with the person's own dates and values."""

from __future__ import annotations

from dataclasses import dataclass, replace

from siklus.rules import tree as t
from siklus.rules.answers import NeedAnswer
from siklus.rules.asked import Missing
from siklus.rules.book import Need
from siklus.rules.counted import counted_days, not_counted
from siklus.rules.date_phrases import last_day
from siklus.rules.deciding import decided, rests_on
from siklus.rules.reference import Reader
from siklus.rules.sentences import Words
from siklus.rules.shown import listed, shown, shown_day
from siklus.rules.telling import TOO_LONG

_TOLD_AT_MOST = 5


@dataclass(frozen=True)
class Reasons:
    """The words about one unit on one day. `words` are those of the need's unit."""

    reader: Reader
    words: Words

    def of(self, need: Need, answer: NeedAnswer) -> str:
        """The paragraph for an answer that the reader gave."""
        match answer.status:
            case "overdue":
                since = self.since(need, need.due, answer.due)
                said = f"Terlambat sejak {_day(answer.overdue)}: {since}, belum tercatat."
            case "due":
                said = f"Waktunya: {self.since(need, need.due, answer.due)}, belum tercatat.{self.deadline(answer)}"
            case "not_yet":
                said = self.not_yet(need, answer)
            case "missed":
                said = self.missed(need, answer)
            case "done":
                said = self.done(need, answer)
            case "refused":
                said = self.refused(need, answer)
            case "unknown":
                said = f"Belum diketahui: {Missing(self.reader, self.words).told(need, answer)}"
            case _:
                said = self.not_applicable(need)
        return " ".join([said, *self.uncounted(need, answer)])

    def since(self, need: Need, limit: t.Node, day: int | None) -> str:
        """`lahir 11 Nov 2024, MR 1 mulai umur 9 bulan (11 Agu 2025)`."""
        deciding = decided(limit, self.reader.value)
        given = self.given(deciding)
        if given and isinstance(deciding, t.Fact | t.Aggregate | t.StepValue):
            started = f"{need.title} mulai hari itu"
        else:
            started = f"{need.title} mulai {self.phrase(deciding)}"
            started += f" ({shown_day(day)})" if day is not None else ""
        return ", ".join([*given, started])

    def phrase(self, node: t.Node) -> str:
        """The deciding part in words; a date told before is `tanggal itu`, a long let goes by its name."""
        dates = {part for part in rests_on(node) if isinstance(part, t.Aggregate) and part.type == "date"}
        short: dict[t.Node, str] = {
            part: "tanggal itu" for part in dates if len(dates) == 1 and self.one_given(part)
        }
        said = replace(self.words, named=short).say(node)
        if len(said) <= TOO_LONG:
            return said
        return replace(self.words, named={**self.words.named, **short}).say(node)

    def given(self, node: t.Node) -> list[str]:
        """What is known of the person: `lahir 11 Nov 2024`, `DPT-HB-Hib 1 tanggal 2 Apr 2026`."""
        told = [self.one_given(part) for part in rests_on(node)]
        return list(dict.fromkeys(part for part in told if part))[:_TOLD_AT_MOST]

    def one_given(self, part: t.Node) -> str:
        value = self.reader.value(part)
        if value is None:
            return ""
        if part == t.BIRTH:
            return f"lahir {shown_day(value)}"
        if isinstance(part, t.StepValue):
            return f"{self.words.titles[part.need]} tanggal {shown_day(value)}" if part.type == "date" else ""
        if isinstance(part, t.Aggregate) and part.function in ("exists", "dates"):
            return ""
        unit = self.words.unit_of(part)
        said = shown(self.words.vocabulary, part.type, value, unit)
        if isinstance(part, t.Aggregate) and part.function in ("first", "last") and part.type == "date":
            return f"{self.words.kind_title(part.kind)} {'terakhir' if part.function == 'last' else 'pertama'} {said}"
        return f"{self.words.say(part)}{':' if part.type == 'bool' else ''} {said}"

    def deadline(self, answer: NeedAnswer) -> str:
        """When it becomes late or can no longer be done."""
        if answer.overdue is not None:
            return f" Terlambat mulai {shown_day(answer.overdue)}."
        return f" Paling lambat {shown_day(answer.until - 1)}." if answer.until is not None else ""

    def not_yet(self, need: Need, answer: NeedAnswer) -> str:
        if answer.due is None:
            before = self.words.titles[need.after] if need.after else "langkah sebelumnya"
            return f"Belum waktunya: menunggu {before}, yang belum tercatat."
        said = f"Belum waktunya: {self.since(need, need.due, answer.due)}."
        if answer.opens is not None and answer.opens <= self.reader.today:
            said += f" Sudah boleh sejak {shown_day(answer.opens)}."
        return said

    def missed(self, need: Need, answer: NeedAnswer) -> str:
        if answer.due is None and need.after:
            why = f"{self.words.titles[need.after]} tidak tercatat"
        else:
            why = "tidak tercatat sampai hari itu"
        deciding = decided(need.until, self.reader.value)
        given = "".join(f"{part}, " for part in self.given(deciding))
        limit = last_day(deciding, self.phrase)
        start = f"Lewat batas sejak {_day(answer.until)}: {given}{need.title} hanya boleh {limit}"
        return f"{start}, {why}; sekarang tidak dikerjakan lagi."

    def done(self, need: Need, answer: NeedAnswer) -> str:
        days = [shown_day(day) for day in counted_days(self.reader, need)]
        told = days or self.given(decided(need.done, self.reader.value))
        when = f": {listed(told, 'dan')}" if told else ""
        again = need.repeats is not None and need.repeats.endswith("since last") and answer.due is not None
        return f"Sudah{when}." + (f" Berikutnya {_day(answer.due)}." if again else "")

    def refused(self, need: Need, answer: NeedAnswer) -> str:
        for part in t.walk(need.refused):
            if isinstance(part, t.Shift) and isinstance(part.date, t.Aggregate):
                on, again = self.reader.value(part.date), self.reader.value(part)
                if on is not None:
                    again = min(again, answer.until) if need.repeats and answer.until else again
                    return f"Menolak pada {shown_day(on)}; ditanyakan lagi mulai {shown_day(again)}."
        return "Menolak."

    def not_applicable(self, need: Need) -> str:
        if self.reader.unit.facts["died"] is not None:
            return f"Tidak perlu: meninggal {shown_day(self.reader.unit.facts['died'])}."
        value = self.reader.value
        for condition in (need.package.gate, need.who):
            if value(condition) is False:
                return self.only_if(condition)
        for exclusion in need.exclusions:
            if value(exclusion.when) is True:
                given = self.given(decided(exclusion.when, value))
                return f"Tidak perlu: {exclusion.say}{' (' + ', '.join(given) + ')' if given else ''}."
        return "Tidak perlu."

    def only_if(self, condition: t.Node) -> str:
        """The condition that does not hold, and what is known instead."""
        deciding = decided(condition, self.reader.value)
        ages = [
            part for part in t.walk(deciding) if isinstance(part, t.Call) and part.function.startswith("age_")
        ]
        of_ages = dict.fromkeys(f"{self.words.say(age)} {self.amount(age)}" for age in ages)
        known = ", ".join([*of_ages] or self.given(deciding))
        said = self.phrase(deciding)
        only = f"hanya bila {said}" if len(said) <= 2 * TOO_LONG else "syaratnya tidak terpenuhi"
        return f"Tidak perlu: {only}{'; ' + known if known else ''}."

    def amount(self, age: t.Node) -> str:
        return shown(self.words.vocabulary, age.type, self.reader.value(age), self.words.unit_of(age))

    def uncounted(self, need: Need, answer: NeedAnswer) -> list[str]:
        """Records that look as if they settled the need and do not."""
        if answer.status in ("not_applicable", "done"):
            return []
        return [
            f"Catatan {shown_day(day)} tidak dihitung: {why}."
            for day, why in not_counted(self.reader, need, answer, self.words)
        ]


def _day(day: int | None) -> str:
    return "tanggal yang belum diketahui" if day is None else shown_day(day)
