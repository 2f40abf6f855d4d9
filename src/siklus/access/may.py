"""May this user see or do this? The one module that answers; every page, workbook, command and API asks here.

What is allowed stands in `permissions.yaml`: acts by role, and for each class of secret (HIV, jiwa, kekerasan, TB) who
reads, who writes, and who is told only that somebody is to be seen. Whom a user may see at all is `access.scope`.
A record that somebody may not read is not there for them: not in the life, not in a count that opens to names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from siklus.access.models import User
from siklus.access.permissions import ANYBODY, permissions
from siklus.access.scope import SEE_PERSONS, Visitor
from siklus.library.forms import load_forms
from siklus.library.forms.filling import HOUSEHOLD_SHEET, SHEET
from siklus.library.forms.model import Form, Item
from siklus.library.kader import load_kader_view
from siklus.library.loading import Book, load_book
from siklus.rules import sensitive
from siklus.rules.book import Indicator, Need

READ_CONDITIONS, SEE_FIGURES = "read_conditions", "see_figures"
COUNT_SHEETS, DOWNLOAD_SHEETS, READ_RULES = "count_sheets", "download_sheets", "read_rules"
RECORD, IMPORT, TRY_RULES, EDIT_CASES = "record", "import", "try_rules", "edit_cases"
SEE_TASKS, REGISTER = "see_tasks", "register"
HAND_OUT = "hand_out"
READ_REVIEWS, APPROVE_RULES, ANSWER_REVIEWS = "read_reviews", "approve_rules", "answer_reviews"
READ_AUDIT, READ_WHOLE_AUDIT, KEEP_DEVICES = "read_audit", "read_whole_audit", "keep_devices"
MANAGE_USERS, LOOK_UP, ENTRUST = "manage_users", "look_up", "entrust"
MERGE_PERSONS, READ_OPENINGS = "merge_persons", "read_openings"
ACTS = (
    SEE_PERSONS, READ_CONDITIONS, SEE_FIGURES, COUNT_SHEETS, DOWNLOAD_SHEETS, READ_RULES, RECORD, IMPORT, TRY_RULES,
    EDIT_CASES, READ_REVIEWS, APPROVE_RULES, ANSWER_REVIEWS, READ_AUDIT, READ_WHOLE_AUDIT,
    KEEP_DEVICES, MANAGE_USERS, HAND_OUT, LOOK_UP, ENTRUST, MERGE_PERSONS, SEE_TASKS,
    READ_OPENINGS, REGISTER,
)  # fmt: skip
_SHEETS = (SHEET, HOUSEHOLD_SHEET)
_NEED = "need"


def may(user: Visitor, act: str) -> bool:
    """True when the user's role may do this. An act that the file does not name is a mistake of ours: KeyError."""
    return role_of(user) in permissions().acts[act]


def role_of(user: Visitor) -> str:
    """The role of somebody who is logged in and not suspended; empty for everybody else."""
    return user.role if isinstance(user, User) and user.is_active else ""


def reads_plainly(user: Visitor) -> bool:
    """True for health workers; a kader reads only what `knowledge/kader.yaml` names."""
    return may(user, READ_CONDITIONS)


def closed_classes(user: Visitor) -> frozenset[str]:
    """The classes of secret that this user does not read; a class nobody wrote into the file is closed to all."""
    return _closed(role_of(user))


def may_read_record(user: Visitor, kind: str, values: Mapping[str, Any]) -> bool:
    """May this user know that this record exists? Values are words of the vocabulary; an unknown kind is closed."""
    book, role = load_book(), role_of(user)
    if kind not in book.vocabulary.kinds or not may(user, SEE_PERSONS):
        return False
    return not _classes_of_record(book, kind, values) & _closed(role)


def may_read_kind(user: Visitor, kind: str) -> bool | None:
    """May this user know of every record of the kind, or of none? None: what a record says decides."""
    book, closed = load_book(), _closed(role_of(user))
    known = book.vocabulary.kinds.get(kind)
    if known is None or not may(user, SEE_PERSONS) or known.sensitive in closed:
        return False
    return None if closed and _is_told_by_values(book, kind) else True


def may_write_record(user: Visitor, kind: str, values: Mapping[str, Any]) -> bool:
    """May this user write this record, as far as its secrets go and, for a kader, its form?"""
    book, role = load_book(), role_of(user)
    if not may_write_kind(user, kind):
        return False
    if not _is_told_by_values(book, kind):
        return True  # the kind's own secret is one of the kind
    return all(_may_write(role, each) for each in _classes_of_record(book, kind, values))


def may_write_kind(user: Visitor, kind: str) -> bool:
    """May this user write some record of the kind? Who is no health worker writes what the forms of the role hold."""
    book, role = load_book(), role_of(user)
    known = book.vocabulary.kinds.get(kind)
    if known is None or (known.sensitive and not _may_write(role, known.sensitive)):
        return False
    return may(user, RECORD) or kind in _kinds_of_forms(role)


def may_use_form(user: Visitor, form: Form) -> bool:
    """Is the form one that this role fills in, or, for those who write no records, may look at?"""
    return may(user, READ_RULES) and _fills_in(role_of(user), form)


def may_fill_in(user: Visitor, item: Item) -> bool:
    """Is the question one that this role puts, as far as the form says who does?"""
    known = permissions().roles.get(role_of(user))
    return known is not None and (ANYBODY in known.professions or bool(known.professions & set(item.who)))


def profession_of(user: Visitor) -> str:
    """Who the user is in the words of forms, where the role is of one profession; empty otherwise."""
    known = permissions().roles.get(role_of(user))
    return next(iter(known.professions - {ANYBODY}), "") if known and len(known.professions) == 1 else ""


def may_open_names(user: Visitor, indicator: Indicator) -> bool:
    """May this user open the names behind a number? A list that is itself a secret only opens to its class."""
    told = sensitive.of_indicator(load_book().vocabulary, indicator)
    return may(user, SEE_FIGURES) and not told & closed_classes(user)


def may_read_figure(user: Visitor, reads: Iterable[str], *, is_small: bool) -> bool:
    """May this user read a figure that tells the content of these kinds of record and episodes?

    Of a small place, where one person counted may be known, a secret is closed as the record itself is.
    """
    names = frozenset(reads)
    if not reads_plainly(user):
        view = load_kader_view()
        if not names <= view.open_records | view.named_records | view.open_units:
            return False
    return not (is_small and sensitive.of_kinds(load_book().vocabulary, names) & closed_classes(user))


def open_components(user: Visitor, indicator: Indicator) -> tuple[str, ...]:
    """The components of an indicator by which its names may be listed: not what tells of a member of a family."""
    rules, closed = load_book().rules, closed_classes(user)
    return tuple(
        name for name, node in indicator.components.items() if not sensitive.of_members(rules, node) & closed
    )


def may_name(user: Visitor, need: Need) -> bool:
    """May the title of this need be read? It is absent or told without its title otherwise."""
    if need.name in absent_needs(user) or sensitive.of_need(load_book().rules, need) & closed_classes(user):
        return False
    return reads_plainly(user) or load_kader_view().may_name(need.name, need.unit)


def absent_needs(user: Visitor) -> frozenset[str]:
    """The needs that do not exist for this user: owing one would tell what they may not know."""
    return _absent(load_book(), role_of(user))[0]


def absent_results(user: Visitor) -> frozenset[str]:
    """The classifications whose results do not exist for this user."""
    return _absent(load_book(), role_of(user))[1]


def unexplained_needs(user: Visitor) -> frozenset[str]:
    """The needs that stand there, but whose reasons may quote what this user may not read."""
    return _absent(load_book(), role_of(user))[2]


def packages_offered(user: Visitor) -> dict[str, str]:
    """{name: title} of the packages a list may be narrowed to.

    Who is listed under a package tells what the package is about: for a kader every need of it must be one she may
    name; for the others it is left out when all of it is absent.
    """
    needs, absent = load_book().needs, absent_needs(user)
    if reads_plainly(user):
        return {need.package.name: need.package.title for need in needs if need.name not in absent}
    closed = {need.package.name for need in needs if not may_name(user, need)}
    return {need.package.name: need.package.title for need in needs if need.package.name not in closed}


def roles_managed(user: Visitor) -> frozenset[str]:
    """The roles whose users this user may make, stop, or give a new password."""
    return permissions().manages.get(role_of(user), frozenset()) if may(user, MANAGE_USERS) else frozenset()


def _closed(role: str) -> frozenset[str]:
    return frozenset(
        each
        for each in sensitive.SENSITIVE
        if each not in permissions().secrets or role not in permissions().secrets[each].read
    )


def _unmentioned(role: str) -> frozenset[str]:
    """The closed classes of which the role is not even told that somebody is to be seen."""
    secrets = permissions().secrets
    return frozenset(each for each in _closed(role) if each not in secrets or role not in secrets[each].told)


def _may_write(role: str, secret: str) -> bool:
    return secret in permissions().secrets and role in permissions().secrets[secret].write


@lru_cache(maxsize=64)
def _absent(book: Book, role: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    words, closed, hidden = book.vocabulary, _closed(role), _unmentioned(role)
    return (
        _named(book.needs, lambda need: sensitive.of_need(book.rules, need) & hidden),
        _named(book.classifications, lambda rule: sensitive.of_classification(words, rule) & hidden),
        _named(book.needs, lambda need: sensitive.of_reasons(book.rules, need) & closed),
    )


def _named(rules: Iterable[Any], told: Callable[[Any], frozenset[str]]) -> frozenset[str]:
    return frozenset(rule.name for rule in rules if told(rule))


def _classes_of_record(book: Book, kind: str, values: Mapping[str, Any]) -> frozenset[str]:
    """Also what a record tells by the need it names, or by the form it is the sheet of."""
    words = book.vocabulary
    found = frozenset(sensitive.classes_of(words, kind, values))
    for field in words.kinds[kind].fields.values():
        named = values.get(field.name) if field.type == _NEED else None
        if named is not None:
            found |= _of_need_named(book, str(named))
    if kind in _SHEETS:
        found |= _of_form_named(book, str(values.get("formulir") or ""))
    return found


@lru_cache(maxsize=512)
def _is_told_by_values(book: Book, kind: str) -> bool:
    """Can a record of the kind hold a secret besides the kind's own, by a word, a need or a form it names?"""
    words = book.vocabulary
    fields = words.kinds[kind].fields.values()
    marked = any(
        code.sensitive for field in fields if field.codes for code in words.codes[field.codes].values()
    )
    return marked or kind in _SHEETS or any(field.type == _NEED for field in fields)


@lru_cache(maxsize=1024)
def _of_need_named(book: Book, name: str) -> frozenset[str]:
    need = next((each for each in book.needs if each.name == name), None)
    return frozenset() if need is None else sensitive.of_need(book.rules, need)


@lru_cache(maxsize=256)
def _of_form_named(book: Book, name: str) -> frozenset[str]:
    kinds = {
        record.kind for form in load_forms().current if form.name == name for record in form.records.values()
    }
    return sensitive.of_kinds(book.vocabulary, kinds)


def _fills_in(role: str, form: Form) -> bool:
    known = permissions().roles.get(role)
    return known is not None and (ANYBODY in known.professions or bool(known.professions & set(form.who)))


def _kinds_of_forms(role: str) -> frozenset[str]:
    return _kinds_of(load_book(), role)


@lru_cache(maxsize=16)
def _kinds_of(book: Book, role: str) -> frozenset[str]:
    """What somebody who is no health worker writes: the records of the forms of the role, and their sheets."""
    known = permissions().roles.get(role)
    if known is None or ANYBODY in known.professions:
        return frozenset()
    forms = (form for form in load_forms().current if _fills_in(role, form))
    return frozenset((*_SHEETS, *(record.kind for form in forms for record in form.records.values())))
