"""Tables of monitoring: who stands under which indicator (CoverageUnit), the sums by place (Coverage), and the runs.

Of the indicators of a month only sums are kept (Figure): their names are worked out when somebody opens them.

Everything here can be made again from the records. Lists of words are JSON text, the same on SQLite and PostgreSQL.
"""

from __future__ import annotations

from django.db import models

WORD = 40
PERIOD = 16
DESA = 13


class CoverageUnit(models.Model):
    """One unit (person, pregnancy ...) in the denominator of an indicator, or perhaps in it (`counted` empty).

    `reached`: at least one component is true; `complete`: all are. `lacking` names the components that are false,
    `unknown` those of which a fact is missing. The place is the residence on the cut-off day.
    """

    pk = models.CompositePrimaryKey("period", "indicator", "unit_id")
    period = models.CharField(max_length=PERIOD)
    indicator = models.CharField(max_length=WORD)
    unit = models.CharField(max_length=20)
    unit_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    desa_code = models.CharField(max_length=DESA, blank=True, default="")
    posyandu_code = models.CharField(max_length=WORD, blank=True, default="")
    puskesmas_code = models.CharField(max_length=WORD, blank=True, default="")
    counted = models.BooleanField(null=True)
    reached = models.BooleanField()
    complete = models.BooleanField()
    lacking = models.TextField(default="[]")
    unknown = models.TextField(default="[]")

    class Meta:
        indexes = [
            models.Index(fields=["person_id"], name="coverageunit_person"),
            models.Index(
                fields=["period", "desa_code", "posyandu_code", "indicator"], name="coverageunit_place"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.period} {self.unit} {self.unit_id}"


class Coverage(models.Model):
    """The sums of CoverageUnit for one place of residence. `components` is JSON: name -> [true, false, unknown]."""

    indicator = models.CharField(max_length=WORD)
    period = models.CharField(max_length=PERIOD)
    desa_code = models.CharField(max_length=DESA, blank=True, default="")
    posyandu_code = models.CharField(max_length=WORD, blank=True, default="")
    puskesmas_code = models.CharField(max_length=WORD, blank=True, default="")
    registered = models.IntegerField()
    reached = models.IntegerField()
    complete = models.IntegerField()
    unclear = models.IntegerField()
    components = models.TextField(default="{}")
    as_of = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "indicator", "desa_code", "posyandu_code", "puskesmas_code"],
                name="coverage_once",
            )
        ]

    def __str__(self) -> str:
        place = self.posyandu_code or self.desa_code
        return f"{self.indicator} {self.period} {place}: {self.complete}/{self.registered}"


class Figure(models.Model):
    """The sums of an indicator in a period for a posyandu, village, puskesmas or kabupaten (`place`).

    `components` is JSON: name -> [true, false, unknown] of the registered. `groups` is JSON by sex and age group:
    "p:balita" -> [registered, reached, complete, unclear, and how many have each component, in their order]; by a fact
    of persons too: "p:disabilitas=ya".
    """

    indicator = models.CharField(max_length=WORD)
    period = models.CharField(max_length=PERIOD)
    place = models.CharField(max_length=WORD)
    registered = models.IntegerField()
    reached = models.IntegerField()
    complete = models.IntegerField()
    unclear = models.IntegerField()
    components = models.TextField(default="{}")
    groups = models.TextField(default="{}")
    as_of = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "period", "indicator"], name="figure_once")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.period} {self.place}: {self.registered}"


class FigureRun(models.Model):
    """When the figures of a period were last counted, as of which day, by which rule book and up to which record."""

    period = models.CharField(primary_key=True, max_length=PERIOD)
    finished_at = models.DateTimeField()
    as_of = models.IntegerField()
    rulebook = models.CharField(max_length=64)
    last_seq = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.period} as of day {self.as_of}"


class RebuildRun(models.Model):
    """When all was made again from all records: for which day and year, by which rule book, up to which record.

    A new day is brought in by computing only those whom it can change: `persons` are those, and `records` is nought.
    """

    finished_at = models.DateTimeField()
    on_day = models.IntegerField()
    year = models.IntegerField(db_index=True)
    rulebook = models.CharField(max_length=64)
    last_seq = models.BigIntegerField()
    persons = models.IntegerField()
    records = models.IntegerField()
    seconds = models.FloatField()

    def __str__(self) -> str:
        return f"{self.year} as of day {self.on_day}"
