"""The desk's components as template tags: chip, icon, ring, bar, alert, nothing, crumbs, sum line, tabs, stat, pager.

Pages of other rooms load this library too (`{% load desk %}`). Numbers reach a page only through the filters here.
"""

from __future__ import annotations

import datetime
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from siklus.desk import frame, statuses, words

register = template.Library()

_ARCS = {
    "ibu": "M26.7 7.2A17 17 0 0 1 39.1 16.3",
    "bayi_balita": "M40.8 21.3A17 17 0 0 1 36.0 36.0",
    "anak_remaja": "M31.7 39.1A17 17 0 0 1 16.3 39.1",
    "dewasa": "M12.0 36.0A17 17 0 0 1 7.2 21.3",
    "lansia": "M8.9 16.3A17 17 0 0 1 21.3 7.2",
}

_HIDDEN, _ANNOUNCED = SafeString('aria-hidden="true"'), SafeString(' role="alert"')

register.filter("number", words.number)
register.filter("day", words.day)
register.filter("day_slashed", words.day_slashed)


@register.filter
def moment(at: datetime.datetime | None) -> str:
    """A moment as the clock here showed it; nothing for one that has not come."""
    return words.moment(at) if at is not None else ""


@register.simple_tag(takes_context=True)
def page_frame(context: template.Context) -> frame.Frame | None:
    """What stands around every page: who, where, rail, as-of. None for a visitor who has not logged in."""
    return frame.frame_for(context["request"])


@register.simple_tag
def icon(name: str) -> SafeString:
    """A shape of the sprite; hidden from screen readers, for a word always stands beside it."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.simple_tag
def chip(status: str, word: str = "") -> SafeString:
    """A status: icon and word. `word` may say it for the occasion ("Masih bisa"), never be empty."""
    return format_html(
        '<span class="chip is-{}">{}{}</span>', status, icon(status), word or statuses.WORDS[status]
    )


@register.simple_tag
def ring(stage: str = "", label: str = "") -> SafeString:
    """Five arcs, one a stage of life; "all" lights every one, an empty stage none."""
    arcs = format_html_join(
        "",
        '<path class="seg{}" d="{}"/>',
        ((" on" if stage in (name, "all") else "", arc) for name, arc in _ARCS.items()),
    )
    spoken = format_html('role="img" aria-label="{}"', label) if label else _HIDDEN
    return format_html('<svg class="ring" viewBox="0 0 48 48" {}>{}</svg>', spoken, arcs)


@register.inclusion_tag("desk/parts/bar.html")
def bar(value: Any, label: str) -> dict[str, Any]:
    """A `figures.Bar`: done, the tick of today's pace, hatched between them when behind, arrows above 100 %."""
    return {"bar": value, "label": label}


@register.simple_block_tag
def alert(content: str, kind: str = "danger", title: str = "", level: str = "2") -> SafeString:
    """The only loud thing on a page. `kind`: danger (announced), calm, ok or info."""
    shapes = {"danger": "danger", "calm": "overdue", "ok": "done", "info": "info"}
    role = _ANNOUNCED if kind == "danger" else ""
    return format_html(
        '<div class="alert{}"{}>{}<div><h{}>{}</h{}>{}</div></div>',
        "" if kind == "danger" else f" {kind}", role, icon(shapes[kind]), level, title, level, content,
    )  # fmt: skip


@register.simple_block_tag
def nothing(content: str, title: str) -> SafeString:
    """Nothing to show: what is empty, and what was checked."""
    return format_html('<div class="empty"><b>{}</b><br><span class="muted">{}</span></div>', title, content)


@register.inclusion_tag("desk/parts/crumbs.html")
def crumbs(items: Any, label: str = "") -> dict[str, Any]:
    """The place from the top of the user's scope; pairs of (name, address), the last without an address."""
    return {"items": items, "label": label or _("Wilayah")}


@register.inclusion_tag("desk/parts/tabs.html")
def tabs(items: Any, label: str) -> dict[str, Any]:
    """`figures.Tab`s: a count over a word, each a page of its own."""
    return {"items": items, "label": label}


@register.inclusion_tag("desk/parts/pager.html")
def pager(value: Any) -> dict[str, Any]:
    """A `figures.Pager`: which names these are of how many, and the way on."""
    return {"pager": value}


@register.inclusion_tag("desk/parts/stat.html")
def stat(label: str, figure: str, of: str, href: str = "") -> dict[str, str]:
    """A figure with what it is out of; a link when it opens to names."""
    return {"label": label, "figure": figure, "of": of, "href": href}


@register.inclusion_tag("desk/parts/sum.html")
def sum_line(line: Any) -> dict[str, Any]:
    """A `figures.SumLine`: parts that add up in sight."""
    return {"line": line}
