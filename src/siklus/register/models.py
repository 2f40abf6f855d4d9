"""Tables of the register: places, facilities and the villages they serve, households, persons, sasaran.

Household and Person are projections: `actions.py` makes them again from their records at any time. Days are numbers.
Codes of place and facility stand as text on a person, so that "may I see this person" is one indexed equality.
"""

from __future__ import annotations

from django.db import models

PUSKESMAS, PUSTU, POSYANDU = "puskesmas", "pustu", "posyandu"
CODE = 40
CONFIDENCE = 10
SEALED, INDEX = 120, 30
"""A NIK or No. KK as `identity` keeps it, and what it is found by."""


class Place(models.Model):
    """A province, kabupaten, kecamatan or desa by its Kemendagri code."""

    code = models.CharField(primary_key=True, max_length=13)
    level = models.CharField(max_length=10)
    name = models.CharField(max_length=100)
    parent_code = models.CharField(max_length=13, blank=True, default="", db_index=True)

    def __str__(self) -> str:
        return self.name


class Facility(models.Model):
    """A puskesmas, pustu or posyandu; `confidence` says how sure we are of it (read, general, ours)."""

    code = models.CharField(primary_key=True, max_length=CODE)
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=100)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    desa_code = models.CharField(max_length=13, blank=True, default="")
    klass = models.CharField(max_length=40, blank=True, default="")
    confidence = models.CharField(max_length=CONFIDENCE, blank=True, default="")
    note = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return self.name


class ServiceArea(models.Model):
    """A village a facility serves, from a day until before a day (open when empty)."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="areas")
    desa_code = models.CharField(max_length=13, db_index=True)
    valid_from = models.IntegerField()
    valid_to = models.IntegerField(null=True, blank=True)
    confidence = models.CharField(max_length=CONFIDENCE, blank=True, default="")
    note = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return f"{self.facility_id}: {self.desa_code}"


class Household(models.Model):
    """A family, its card and its address. The id is the key of the record that registered it.

    The card is sealed (`identity` opens it) and found by `kk_index`.
    """

    id = models.BigIntegerField(primary_key=True)
    sealed_kk = models.CharField(max_length=SEALED, blank=True, default="")
    kk_index = models.CharField(max_length=INDEX, blank=True, default="")
    alamat = models.CharField(max_length=200, blank=True, default="")
    rt = models.CharField(max_length=5, blank=True, default="")
    rw = models.CharField(max_length=5, blank=True, default="")
    desa_code = models.CharField(max_length=13, blank=True, default="")
    posyandu_code = models.CharField(max_length=CODE, blank=True, default="")
    puskesmas_code = models.CharField(max_length=CODE, blank=True, default="")
    head_id = models.BigIntegerField(null=True, blank=True)
    facts = models.TextField(default="{}")

    class Meta:
        indexes = [
            models.Index(fields=["kk_index"], name="household_card"),
            models.Index(fields=["puskesmas_code"], name="household_puskesmas"),
            models.Index(fields=["posyandu_code"], name="household_posyandu"),
            models.Index(fields=["desa_code"], name="household_desa"),
        ]

    def __str__(self) -> str:
        return f"household {self.id}"


class Person(models.Model):
    """A person as the register records say today. The id is the key of the record that registered them.

    `merged_into` is the one who stands for this person after a merge (always the final one): its records count there,
    and lists leave it out. `sealed_nik` is opened by `identity` only, `nik_index` finds it. `left` and
    `died` are days; `facts` is JSON of the other facts of the vocabulary.
    """

    id = models.BigIntegerField(primary_key=True)
    name = models.CharField(max_length=150)
    name_key = models.CharField(max_length=150, blank=True, default="")
    sealed_nik = models.CharField(max_length=SEALED, blank=True, default="")
    nik_index = models.CharField(max_length=INDEX, blank=True, default="")
    birth = models.IntegerField(null=True, blank=True)
    sex = models.CharField(max_length=10, blank=True, default="")
    # Register records may name a family or mother that is not here yet: the keys below are not enforced.
    household = models.ForeignKey(
        Household,
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        related_name="members",
        db_constraint=False,
        db_index=False,
    )
    relation = models.CharField(max_length=30, blank=True, default="")
    mother = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        related_name="children",
        db_constraint=False,
        db_index=False,
    )
    posyandu_code = models.CharField(max_length=CODE, blank=True, default="")
    puskesmas_code = models.CharField(max_length=CODE, blank=True, default="")
    desa_code = models.CharField(max_length=13, blank=True, default="")
    phone = models.CharField(max_length=20, blank=True, default="")
    jkn = models.BooleanField(null=True, blank=True)
    died = models.IntegerField(null=True, blank=True)
    left = models.IntegerField(null=True, blank=True)
    facts = models.TextField(default="{}")
    merged_into = models.BigIntegerField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["puskesmas_code", "name_key"], name="person_puskesmas_name"),
            models.Index(fields=["posyandu_code", "name_key"], name="person_posyandu_name"),
            models.Index(fields=["desa_code", "name_key"], name="person_desa_name"),
            models.Index(fields=["name_key"], name="person_name"),
            models.Index(fields=["nik_index"], name="person_id_number"),
            models.Index(fields=["household"], name="person_household"),
            models.Index(fields=["mother"], name="person_mother", condition=models.Q(mother__isnull=False)),
            models.Index(
                fields=["merged_into"], name="person_merged", condition=models.Q(merged_into__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.id}"


class Guest(models.Model):
    """A time for which the care of a person is entrusted to a second area, as the records say. `last` is part of it.

    The id is the root of its record; the person is the survivor of a merge. The codes stand for the area as those of a
    person do: of a puskesmas only its own, of a pustu its village too, of a posyandu all three.
    """

    id = models.BigIntegerField(primary_key=True)
    person_id = models.BigIntegerField()
    facility_code = models.CharField(max_length=CODE)
    first = models.IntegerField()
    last = models.IntegerField()
    desa_code = models.CharField(max_length=13, blank=True, default="")
    posyandu_code = models.CharField(max_length=CODE, blank=True, default="")
    puskesmas_code = models.CharField(max_length=CODE, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["person_id"], name="guest_person"),
            models.Index(fields=["puskesmas_code"], name="guest_puskesmas"),
            models.Index(fields=["posyandu_code"], name="guest_posyandu"),
            models.Index(fields=["desa_code"], name="guest_desa"),
        ]

    def __str__(self) -> str:
        return f"person {self.person_id} at {self.facility_code}"


class Installation(models.Model):
    """A fact about this installation by name, e.g. that its people are a seed ("sample")."""

    name = models.CharField(primary_key=True, max_length=40)
    value = models.CharField(max_length=200, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"


class Target(models.Model):
    """Sasaran proyeksi: the official projected number for an indicator, place and year. Entered, never computed."""

    indicator = models.CharField(max_length=40)
    place_code = models.CharField(max_length=CODE)
    year = models.IntegerField()
    value = models.IntegerField()
    source = models.CharField(max_length=200, blank=True, default="")
    confidence = models.CharField(max_length=CONFIDENCE, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "place_code", "year"], name="target_once"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.place_code} {self.year}: {self.value}"
