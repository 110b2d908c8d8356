"""What a page is made of. HTML and Markdown print the same objects; templates do no arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Mark:
    """A short word beside a figure (``position``, ``flushed``); ``title`` explains it."""

    text: str
    css: str = ""
    title: str = ""


@dataclass(frozen=True)
class Cell:
    """One table cell: ``text`` is always shown; ``sort`` is the key a click on the header orders by."""

    text: str
    note: str = ""
    title: str = ""
    css: str = ""
    href: str = ""
    sort: str | None = None
    code: bool = False
    header: bool = False
    marks: tuple[Mark, ...] = ()

    @property
    def plain(self) -> bool:
        """Nothing but text: most cells, which the template prints without further questions."""
        return not (self.note or self.title or self.css or self.href or self.code or self.header or self.marks) and (
            self.sort is None
        )


@dataclass(frozen=True)
class Column:
    """``key`` is stable (used in the URL); ``numeric`` aligns right and sorts by number."""

    key: str
    title: str
    numeric: bool = False
    explain: str = ""


@dataclass(frozen=True)
class TableRow:
    cells: tuple[Cell, ...]
    attrs: tuple[tuple[str, str], ...] = ()


@dataclass
class Table:
    """``name`` is the HTML id; ``sortable`` tables get buttons in their headers where JavaScript runs."""

    name: str
    columns: list[Column]
    rows: list[TableRow]
    caption: str = ""
    sortable: bool = False
    empty: str = ""

    def __bool__(self) -> bool:
        return bool(self.rows)


@dataclass(frozen=True)
class Fact:
    """A labelled line: ``value`` may be code."""

    label: str
    value: str
    code: bool = False
    href: str = ""


@dataclass
class Figure:
    """An SVG file relative to the version's folder, with the finding in words."""

    path: str
    alt: str
    caption: str
    width: int
    height: int


@dataclass
class Worst:
    """One worst input with the program that reproduces it."""

    target: str
    where: str
    input_text: str
    input_hex: str
    output_text: str
    output_hex: str
    exact: str
    ulp: str
    snippet: str = ""
    measure: str = ""
    """The error in its own unit, where that is not ulp."""


@dataclass
class SubnormalSection:
    """Function × target in one dtype; ``silent`` names the functions in which nothing can be told."""

    dtype: str
    table: Table
    silent: str


@dataclass
class DtypeSection:
    """Everything about one function in one dtype."""

    dtype: str
    sentences: list[str]
    glance: Table
    detail: Table
    worst: list[Worst] = field(default_factory=list)
    worst_omitted: int = 0
    stopped: Table | None = None
    subnormals: Table | None = None
    title: str = ""
    figures: list[Figure] = field(default_factory=list)


@dataclass
class CastPage:
    """A conversion: matrices of source × destination, what is wrong, and what comes where nothing is defined."""

    sentences: list[str]
    matrices: list[Table]
    wrong: Table
    undefined: Table


@dataclass
class FunctionHistory:
    """What a function's page says of the releases that have environments of their own."""

    sentences: list[str]
    tables: list[Table]
    worst: list[Worst]
    figure: Figure | None = None


@dataclass
class FunctionPage:
    name: str
    sentence: str
    summary: str
    facts: list[Fact]
    sections: list[DtypeSection]
    figures: list[Figure]
    special: Table
    special_summary: str
    agreement: Table
    other_pairs: Table
    self_agreement: Table
    recorded: Table | None
    provenance: str
    promised: Table | None = None
    domains: Table | None = None
    casts: CastPage | None = None
    history: FunctionHistory | None = None
    related: list[Fact] = field(default_factory=list)
    reading: list[str] = field(default_factory=list)
    """What the figures count, where they are not plain ulps."""
    previous: str = ""
    following: str = ""


@dataclass
class Answer:
    """A function answered on the front page: one row a dtype."""

    name: str
    href: str
    lead: str
    table: Table


@dataclass
class Option:
    value: str
    text: str


@dataclass(frozen=True)
class Tile:
    """A figure that stands for itself, with what it counts."""

    figure: str
    text: str
    css: str = ""


@dataclass
class FrontSection:
    """A part of the front page beside the main matrix, with what its figures mean in words."""

    anchor: str
    title: str
    sentences: list[str]
    tables: list[Table]
    href: str = ""
    link: str = ""


@dataclass
class FrontPage:
    question: str
    tiles: list[Tile]
    sentences: list[str]
    history: Table | None
    history_sentence: str
    answers: list[Answer]
    matrix: Table
    legend: list[Mark]
    marks: list[Mark]
    families: list[Option]
    dtypes: list[Option]
    targets: list[Option]
    absent: list[Fact]
    facts: list[Fact]
    more: list[FrontSection] = field(default_factory=list)
    history_differs: bool = False
    """Whether a release, run again, gives other values than were recorded of it."""


@dataclass
class MeaningLine:
    question: str
    sentence: str
    same: str
    css: str
    answers: Table


@dataclass
class MeaningGroup:
    title: str
    anchor: str
    summary: str
    lines: list[MeaningLine]
