"""How much knowledge there is, in figures: `siklus knowledge report`. Each is counted from the files."""

from __future__ import annotations

from pathlib import Path

from siklus.library.adequacy.gaps import needs_without_all_statuses
from siklus.library.education_fit import taught
from siklus.library.examples import examples_of
from siklus.library.forms.catalogue import read_forms
from siklus.library.guideline import read_coverage, read_tables
from siklus.library.loading import Book
from siklus.rules.book import Rule

_READ, _PLACES = "read", 3


def figures_of(book: Book, folder: Path) -> dict[str, int | float]:
    """The figures of a book and of the folder it was read from. ProblemError when a file of it cannot be read.

    `dangers` are the classes that ask for something to be done, `fields` the questions of the forms in force,
    `read_share` the share of the rules that stand in a source we were given. A row of the guideline is one act named
    in its tables, counted apart from the file that explains them; it is explained when something carries it, or a
    reason is given why nothing does. What is only planned is not explained.
    """
    rules: tuple[Rule, ...] = (*book.needs, *book.indicators, *book.classifications)
    forms = read_forms(folder, book)
    items = read_coverage(folder, book)
    return {
        "packages": len(book.rules.packages),
        "needs": len(book.needs),
        "dangers": len(taught(book)) - len(book.needs),
        "classifications": len(book.classifications),
        "forms": len(forms.current),
        "fields": sum(len(form.questions) for form in forms.current),
        "indicators": len(book.indicators),
        "values": len(book.rules.values),
        "examples": sum(1 for _ in examples_of(book)),
        "read_share": round(sum(rule.confidence == _READ for rule in rules) / max(len(rules), 1), _PLACES),
        "guideline_rows": sum(table.items for table in read_tables(folder)),
        "guideline_rows_explained": sum(bool(item.ids or item.why) for item in items),
        "needs_without_all_statuses": len(needs_without_all_statuses(book)),
    }
