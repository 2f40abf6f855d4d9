"""The family page: who lives together, the head first, and what each of them is owed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from siklus.desk import figures, words
from siklus.desk.pages.services import ServiceLine


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLine:
    """One of the family with everything open; `met` is what is only asked when they are met, in words."""

    name: str
    href: str
    said: str
    relation: str
    born: str
    stage: str
    stage_said: str
    needs: tuple[ServiceLine, ...]
    waiting: int
    met: str
    span: str
    nothing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyPage:
    """Everything the page shows."""

    title: str
    crumbs: Sequence[tuple[str, str]]
    lead: tuple[figures.Part, ...]
    facts: tuple[tuple[str, str], ...]
    members: tuple[MemberLine, ...]
    together: tuple[ServiceLine, ...]
    """What the family is owed as such."""
    together_met: str
    together_span: str


def family_page(
    *,
    head: str,
    no_kk: str,
    address: str,
    members: tuple[MemberLine, ...],
    together: tuple[ServiceLine, ...],
    together_met: str,
    crumbs: Sequence[tuple[str, str]],
) -> FamilyPage:
    """The page of one family."""
    waiting = [member for member in members if member.needs]
    needs = sum(member.waiting for member in members)
    if waiting:
        lead = ngettext(
            "**%(waiting)s dari %(all)s orang** perlu dilayani: %(needs)s layanan.",
            "**%(waiting)s dari %(all)s orang** perlu dilayani: %(needs)s layanan.",
            len(waiting),
        )
    else:
        lead = _("Tidak ada yang menunggu di keluarga ini. Diperiksa %(all)s orang.")
    counts = {
        n: words.number(v) for n, v in (("waiting", len(waiting)), ("all", len(members)), ("needs", needs))
    }
    return FamilyPage(
        title=_("Keluarga %(head)s") % {"head": head} if head else _("Keluarga tanpa kepala keluarga"),
        crumbs=crumbs,
        lead=figures.sentence(lead % counts),
        facts=(
            (_("No. KK"), words.nik_masked(no_kk)),
            (_("Alamat"), address or _("belum diketahui")),
        ),
        members=members,
        together=together,
        together_met=together_met,
        together_span=str(len(together) + bool(together_met)),
    )
