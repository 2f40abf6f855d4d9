"""What the register brings to a form that registers somebody: where they may live, in which family, whose child.

And who may be registered already: those in scope as they are, of all others only that there is somebody.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from siklus.access.may import may_fill_in
from siklus.access.queries import PersonLine, User, household_meant, person_lines, person_meant
from siklus.access.scope import access_desas, access_facilities, access_households
from siklus.desk.sheet_form import Around, Finder, Menu, Sheet
from siklus.doubles.queries import likely_same
from siklus.kernel.ids import format_record_id
from siklus.library.forms.filling import Visit, drafts_of, registration_of
from siklus.library.forms.model import Form
from siklus.library.loading import load_book
from siklus.records.drafts import DraftRecord, StoredRecord
from siklus.records.persons import HOUSEHOLD_REGISTRATION, project_household, project_person
from siklus.register import queries as register
from siklus.register.identity import KK, indexes
from siklus.register.queries import Household

VILLAGE, POSYANDU, FAMILY, MOTHER = "desa", "posyandu", "keluarga", "ibu"
"""The fields by which a registration points into the register."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Who may be the one about to be registered. `person` and `family` are empty outside the scope of the user.

    `keys` are the persons or families meant: of those outside all together, for not even their number is told.
    """

    keys: tuple[int, ...]
    person: PersonLine | None = None
    family: Household | None = None
    says: tuple[str, ...] = ()

    @property
    def is_elsewhere(self) -> bool:
        """True of those of whom nothing is shown."""
        return self.person is None and self.family is None


def around_of(user: User, home: Household | None) -> Around:
    """The answers to choose from, and who is looked up by a number."""
    menus: dict[str, Menu] = {
        VILLAGE: [(area.code, area.name) for area in access_desas(user)],
        POSYANDU: [(area.code, area.name) for area in access_facilities(user) if area.kind == POSYANDU],
    }
    finders: dict[str, Finder] = {}
    if home is None:
        finders[FAMILY] = lambda text: _label(household_meant(user, text))
        finders[MOTHER] = lambda text: _label(person_meant(user, text))
    else:
        members = person_lines(user, [each.id for each in register.household_members(home.id)]).values()
        menus[FAMILY] = [(format_record_id(home.id), family_words(home))]
        menus[MOTHER] = [(format_record_id(each.id), each.name) for each in members if each.sex == "p"]
    return Around(menus=menus, finders=finders, may_fill_in=partial(may_fill_in, user))


def family_words(home: Household) -> str:
    """A family by its head."""
    head = register.head_names([home.id]).get(home.id)
    return head or home.alamat or format_record_id(home.id)


def usual(form: Form, around: Around, home: Household | None) -> dict[str, str]:
    """What is put in beforehand: the family one came from, else the only village or posyandu there is."""
    names = (FAMILY,) if home is not None else (VILLAGE, POSYANDU)
    only = {name: menu[0][0] for name in names if len(menu := around.menus[name]) == 1}
    return {item.id: only[item.field.name] for item in form.questions if item.field.name in only}


def answer_to(form: Form, name: str, texts: dict[str, str]) -> str:
    """What was typed for a field of the registration."""
    return next((texts.get(item.id, "") for item in form.questions if item.field.name == name), "")


def drafts(sheet: Sheet, user: User, role: str, today: int) -> list[DraftRecord]:
    """The records of the filling, the registration first."""
    place = user.scope_kind if user.scope_kind in sheet.form.at else ""
    visit = Visit(on=today, by_role=role, place_kind=place)
    return drafts_of(sheet.form, sheet.filled.answers, visit, load_book().vocabulary)


def known_already(user: User, draft: DraftRecord) -> tuple[Known, ...]:
    """Who may be the one of this registration; those in scope one by one, all others as one."""
    facility = "" if user.scope_kind == "kabupaten" else user.scope_code
    record = StoredRecord(
        id=0, seq=0, kind=draft.kind, person=0, household=0, on=draft.on, root=0, data=draft.data,
        facility_code=facility,
    )  # fmt: skip
    if draft.kind == HOUSEHOLD_REGISTRATION:
        return _known_families(user, record)
    newcomer = project_person(0, [record])
    found = () if newcomer is None else likely_same(newcomer)
    here = person_lines(user, [each.other for each in found])
    near = [
        Known(keys=(each.other,), person=here[each.other], says=each.says)
        for each in found
        if each.other in here
    ]
    far = sorted(each.other for each in found if each.other not in here and each.is_likely)
    return (*near, *([Known(keys=tuple(far))] if far else ()))


def _known_families(user: User, record: StoredRecord) -> tuple[Known, ...]:
    """Families with the same card: a card names one family, though two homes may share it."""
    family = project_household(0, [record])
    if family is None or not family.no_kk:
        return ()
    ids = (
        register.households()
        .filter(kk_index__in=list(indexes(KK, [family.no_kk])))
        .values_list("id", flat=True)
    )
    here = list(access_households(user).filter(id__in=list(ids)))
    far = sorted(set(ids) - {home.id for home in here})
    near = [Known(keys=(home.id,), family=home) for home in here]
    return (*near, *([Known(keys=tuple(far))] if far else ()))


def registers_family(form: Form) -> bool:
    """True of a form by which a family is registered, not a person."""
    written = registration_of(form)
    return written is not None and written.kind == HOUSEHOLD_REGISTRATION


def _label(key: int | None) -> str | None:
    return None if key is None else format_record_id(key)
