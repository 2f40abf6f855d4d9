"""Tables of care: the record log, which only grows, and what is computed from it (State, Need).

Indexes are few on purpose: four million records are written once and read by person. `seq` is the order of commits.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class RuleBook(models.Model):
    """A version of the rule book that records were made with; records keep its small number, not its hash."""

    hash = models.CharField(max_length=64, unique=True)
    first_used = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.hash[:12]


class Counter(models.Model):
    """A number that rises in commit order: its row is locked until commit (SQLite has one writer anyway).

    `needs_on` is none of these: the day for which everything kept holds (see `lasting.py`).
    """

    name = models.CharField(primary_key=True, max_length=20)
    value = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"


class Record(models.Model):
    """One immutable fact. `root` is the key of the record it corrects or voids (its own key for an original)."""

    id = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=40)
    person_id = models.BigIntegerField(null=True, blank=True)
    household_id = models.BigIntegerField(null=True, blank=True)
    # "on" and "at" are keywords of SQL, so the column has another name.
    on = models.IntegerField(db_column="on_day")
    root = models.BigIntegerField()
    is_void = models.BooleanField(default=False)
    why = models.TextField(blank=True, default="")
    data = models.TextField(default="{}")
    by_role = models.CharField(max_length=20, blank=True, default="")
    place_kind = models.CharField(max_length=20, blank=True, default="")
    facility_code = models.CharField(max_length=40, blank=True, default="")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    batch_id = models.BigIntegerField(null=True, blank=True)
    rulebook = models.ForeignKey(
        RuleBook, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["person_id"], name="record_person"),
            models.Index(
                fields=["household_id"], name="record_household", condition=Q(household_id__isnull=False)
            ),
            models.Index(fields=["batch_id"], name="record_batch", condition=Q(batch_id__isnull=False)),
            models.Index(fields=["root"], name="record_replacing", condition=~Q(root=F("id"))),
            models.Index(fields=["person_id"], name="record_merge", condition=Q(kind="gabung_orang")),
            models.Index(
                fields=["facility_code"],
                name="record_unowned",
                condition=Q(person_id__isnull=True, household_id__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Stay(models.Model):
    """Where a person or family counted until the record with this place in the log came; now they count elsewhere.

    Who has no row has stood in their place ever since they were registered. Empty codes: they were not there.
    """

    seq = models.BigIntegerField(db_index=True)
    unit = models.CharField(max_length=10)
    unit_id = models.BigIntegerField()
    desa_code = models.CharField(max_length=13, blank=True, default="")
    posyandu_code = models.CharField(max_length=40, blank=True, default="")
    puskesmas_code = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["unit_id", "seq"], name="stay_unit")]

    def __str__(self) -> str:
        return f"{self.unit} {self.unit_id} until {self.seq}"


class State(models.Model):
    """The folded accumulators of a unit (a person, a pregnancy, a family ...); `plan` is the hash of what made them.

    `person_id` is whose it is: of a family's state the family.
    The row of a person or a family has `lasts`: the next day on which anything computed of them can change if no record
    comes (`NEVER` when nothing can). Until then a new day need not look at them.
    """

    pk = models.CompositePrimaryKey("unit", "unit_id")
    unit = models.CharField(max_length=20)
    unit_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    plan = models.CharField(max_length=64)
    body = models.TextField(default="{}")
    lasts = models.IntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person_id"], name="state_person"),
            models.Index(fields=["lasts"], name="state_lasts", condition=Q(unit__in=("person", "household"))),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.unit_id}"


class Need(models.Model):
    """A need that asks for hands (overdue, due, unknown, refused, missed), with its place, for lists and counts.

    Only needs for which people are sought out; what is asked when somebody is met is worked out on their page.
    Of a family's need the person is who stands for the family there (the head, where one lives in it).
    """

    # Rows are replaced in bulk by other engines, so the key is not enforced.
    person = models.ForeignKey(
        "register.Person", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    unit = models.CharField(max_length=20)
    unit_id = models.BigIntegerField()
    need = models.CharField(max_length=40)
    occurrence = models.IntegerField(null=True, blank=True)
    status = models.CharField(max_length=15)
    opens = models.IntegerField(null=True, blank=True)
    due = models.IntegerField(null=True, blank=True)
    overdue = models.IntegerField(null=True, blank=True)
    until = models.IntegerField(null=True, blank=True)
    asks = models.TextField(default="[]")
    package = models.CharField(max_length=40)
    klaster = models.CharField(max_length=20, blank=True, default="")
    desa_code = models.CharField(max_length=13, blank=True, default="")
    posyandu_code = models.CharField(max_length=40, blank=True, default="")
    puskesmas_code = models.CharField(max_length=40, blank=True, default="")
    as_of = models.IntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["person"], name="need_person"),
            models.Index(fields=["as_of"], name="need_as_of"),
            models.Index(fields=["unit_id"], name="need_household", condition=Q(unit="household")),
            models.Index(
                fields=["puskesmas_code", "status", "klaster", "need", "person"], name="need_puskesmas"
            ),
            models.Index(
                fields=["posyandu_code", "status", "klaster", "need", "person"], name="need_posyandu"
            ),
            models.Index(fields=["desa_code", "status", "klaster", "need", "person"], name="need_desa"),
        ]

    def __str__(self) -> str:
        return f"{self.need} {self.status}"


class NeedTally(models.Model):
    """How many persons and needs stand in `Need` for a place, so that a district's sums need not count a million rows.

    An empty klaster, package or need means all of them; beside the five statuses there are `now` and `any` (see
    `tally.py`). A person counts once in each row, and lives in one place: rows of several places add up. What a
    family is owed counts under the person who stands for it.
    """

    desa_code = models.CharField(max_length=13, blank=True, default="")
    posyandu_code = models.CharField(max_length=40, blank=True, default="")
    puskesmas_code = models.CharField(max_length=40, blank=True, default="")
    klaster = models.CharField(max_length=20, blank=True, default="")
    package = models.CharField(max_length=40, blank=True, default="")
    need = models.CharField(max_length=40, blank=True, default="")
    status = models.CharField(max_length=15)
    persons = models.IntegerField(default=0)
    needs = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "puskesmas_code",
                    "desa_code",
                    "posyandu_code",
                    "need",
                    "package",
                    "klaster",
                    "status",
                ],
                name="tally_once",
            ),
        ]
        indexes = [models.Index(fields=["posyandu_code"], name="tally_posyandu")]

    def __str__(self) -> str:
        return f"{self.klaster} {self.package} {self.need} {self.status}: {self.persons}"


class Danger(models.Model):
    """A last measurement that asks for action at once (see `dangers.py`), with its place, for the home page."""

    person = models.ForeignKey(
        "register.Person", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    classification = models.CharField(max_length=40)
    value = models.CharField(max_length=40)
    # "on" is a keyword of SQL, so the column has another name.
    on = models.IntegerField(db_column="on_day", null=True, blank=True)
    package = models.CharField(max_length=40)
    desa_code = models.CharField(max_length=13, blank=True, default="")
    posyandu_code = models.CharField(max_length=40, blank=True, default="")
    puskesmas_code = models.CharField(max_length=40, blank=True, default="")
    as_of = models.IntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["person"], name="danger_person"),
            models.Index(fields=["puskesmas_code"], name="danger_puskesmas"),
        ]

    def __str__(self) -> str:
        return f"{self.classification} {self.person_id}"
