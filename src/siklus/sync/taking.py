"""Taking in a push: each item is kept, known already, or refused and held in sight. Pure over a `Ledger`.

Every item ends in the log or among the refusals, so no number a device used can vanish. What speaks of a record that
has not come yet is held and judged again when that one comes: the order in which batches arrive decides nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from siklus.kernel.ids import device_of
from siklus.kernel.problems import Problem
from siklus.sync.wire import Sent, read_item, references

ACCEPTED, DUPLICATE, REFUSED = "accepted", "duplicate", "refused"
CONFLICT = "D06"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A refusal as it stands. `seq` is where the record came into the log after all."""

    id: int
    sent: Sent
    is_open: bool = True
    seq: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What the door said of one item."""

    status: str
    seq: int | None = None
    problems: tuple[Problem, ...] = ()
    odd: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a device hears of one item. `is_final`: that will not change. `is_mended`: it reads otherwise now."""

    sent: Sent
    status: str
    seq: int | None = None
    problems: tuple[Problem, ...] = ()
    odd: tuple[Problem, ...] = ()
    is_final: bool = False
    is_mended: bool = False


class Ledger(Protocol):
    """What taking in needs of the server: the door of the log, and the refusals."""

    def held(self, digests: Collection[str]) -> Mapping[str, Held]:
        """Refusals of this device by the digest of what it sent."""

    def taken_out(self, keys: Collection[int]) -> Collection[int]:
        """Those of the records that were taken in once and are not in the log any more (at an edge)."""

    def head(self) -> int:
        """The last place in the log."""

    def waiting(self, keys: Collection[int]) -> Sequence[Held]:
        """Open refusals, of any device, that wait for one of these records."""

    def faults(self, sents: Sequence[Sent]) -> Mapping[int, Problem]:
        """By place: why this device may not write that, whatever it says (its area, its authors)."""

    def append(self, sents: Sequence[Sent]) -> Sequence[Written]:
        """Through the door of the log, in this order."""

    def missing(self, keys: Collection[int]) -> Collection[int]:
        """Those of the ids of which there is no record."""

    def hold(self, sent: Sent, problems: Sequence[Problem], waits_for: int | None) -> None:
        """Keeps what was refused, once; a second time with the reasons of today."""

    def settle(self, held: Held, seq: int | None) -> None:
        """It came into the log after all."""


@dataclass(slots=True)
class _Taking:
    ledger: Ledger
    answers: list[Answer | None]
    fresh: set[int] = field(default_factory=set)

    def refuse(self, place: int, sent: Sent, problems: Sequence[Problem]) -> None:
        hold(self.ledger, sent, problems, self.fresh)
        self.answers[place] = Answer(sent=sent, status=REFUSED, problems=tuple(problems))


def take(items: Sequence[object], ledger: Ledger, own: range) -> list[Answer]:
    """What became of each item, in the order in which they came; `own` are the devices that number them."""
    sents = [read_item(item) for item in items]
    taking = _Taking(ledger, [None] * len(sents))
    known = ledger.held({sent.digest for sent in sents})
    out = ledger.taken_out([sent.key for sent in sents if sent.key is not None])
    ready: list[int] = []
    for place, sent in enumerate(sents):
        if sent.key is not None and device_of(sent.key) not in own:
            begins = f"{own[0]}-" if len(own) == 1 else f"{own[0]}- sampai {own[-1]}-"
            sent = sent.refused(
                "W09", "nomor ini milik perangkat lain", f"nomor yang dimulai dengan {begins}"
            )
        before = known.get(sent.digest)
        if before is not None and not before.is_open:
            taking.answers[place] = _said_before(sent, before)
        elif sent.key in out:
            taking.answers[place] = Answer(sent=sent, status=DUPLICATE, seq=ledger.head())
        elif sent.problems:
            taking.refuse(place, sent, sent.problems)
        else:
            ready.append(place)
    # In the order in which the device wrote: what is spoken of stands before what speaks of it. An edge sends what
    # many devices wrote in the order of its log, which is that already.
    if len(own) == 1:
        ready.sort(key=lambda place: sents[place].key or 0)
    faults = ledger.faults([sents[place] for place in ready])
    for index, fault in faults.items():
        taking.refuse(ready[index], sents[ready[index]], (fault,))
    passed = [place for index, place in enumerate(ready) if index not in faults]
    results = ledger.append([sents[place] for place in passed])
    # Who was let in first: a record may speak of one that its device wrote later.
    for place, result in sorted(
        zip(passed, results, strict=True), key=lambda each: each[1].status == REFUSED
    ):
        _note(taking, place, sents[place], result, known)
    _judge_again(taking, sents)
    return [answer for answer in taking.answers if answer is not None]


def _said_before(sent: Sent, before: Held) -> Answer:
    if before.seq is not None:
        return Answer(sent=sent, status=DUPLICATE, seq=before.seq, is_mended=True)
    dismissed = sent.refused("S09", f"dikesampingkan: {before.reason}")
    return Answer(sent=sent, status=REFUSED, problems=dismissed.problems, is_final=True)


def _note(taking: _Taking, place: int, sent: Sent, result: Written, known: Mapping[str, Held]) -> None:
    if result.status == REFUSED:
        taking.refuse(place, sent, result.problems)
        return
    if sent.digest in known:
        taking.ledger.settle(known[sent.digest], result.seq)
    if result.status == ACCEPTED and sent.key is not None:
        taking.fresh.add(sent.key)
    taking.answers[place] = Answer(sent=sent, status=result.status, seq=result.seq, odd=result.odd)


def _judge_again(taking: _Taking, sents: Sequence[Sent]) -> None:
    """What waited for a record that has just come, and what waited for that, until nothing more comes of it."""
    places: dict[str, list[int]] = {}
    for place, sent in enumerate(sents):
        places.setdefault(sent.digest, []).append(place)
    while taking.fresh:
        waiting, taking.fresh = taking.ledger.waiting(taking.fresh), set()
        for held, result in again(taking.ledger, waiting):
            if result.status == ACCEPTED and held.sent.key is not None:
                taking.fresh.add(held.sent.key)
            for place in places.get(held.sent.digest, ()):
                answer = Answer(
                    sent=held.sent,
                    status=result.status,
                    seq=result.seq,
                    problems=result.problems,
                    odd=result.odd,
                )
                taking.answers[place] = answer


def again(ledger: Ledger, waiting: Sequence[Held]) -> Iterable[tuple[Held, Written]]:
    """Judges what was refused once more; what is let in is settled, the rest held with the reasons of today."""
    ordered = sorted(
        (held for held in waiting if held.sent.draft is not None), key=lambda held: held.sent.key or 0
    )
    faults = ledger.faults([held.sent for held in ordered])
    for index, fault in faults.items():
        hold(ledger, ordered[index].sent, (fault,))
        yield ordered[index], Written(status=REFUSED, problems=(fault,))
    passed = [held for index, held in enumerate(ordered) if index not in faults]
    for held, result in zip(passed, ledger.append([held.sent for held in passed]), strict=True):
        if result.status == REFUSED:
            hold(ledger, held.sent, result.problems)
        else:
            ledger.settle(held, result.seq)
        yield held, result


def hold(ledger: Ledger, sent: Sent, problems: Sequence[Problem], fresh: Collection[int] = ()) -> None:
    """Keeps it with its reasons, and what it waits for, if that is why: what is missing, or has come only after it."""
    named = set(references(sent.draft)) if sent.draft is not None else set()
    waits_for = max(ledger.missing(named), default=max(named.intersection(fresh), default=None))
    ledger.hold(sent, problems, waits_for)
