"""What a report should bring, as data: elements, and who asks for which at which stage. Read strictly from one file.

Nothing here refuses a report; `rules/completeness.py` says what a report still owes.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, Field, StrictBool, ValidationError, model_validator

from rules.bilingual import Words, contradiction, same
from rules.clauses import Citation
from rules.pack_errors import Tables, of_errors
from rules.pack_problems import PackError, Problem
from rules.pack_words import Category, LimitId, Once, Text
from rules.toml_bounds import TomlError, read_toml
from schemas.report import Report
from schemas.shape import Shape
from schemas.vocabulary import Stage

SHIPPED = Path(__file__).parent / "content.toml"
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


def _paths(model: type[BaseModel], above: str = "") -> frozenset[str]:
    """Every field of a report by its dotted path."""
    found: set[str] = set()
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            found |= _paths(inner, f"{above}{name}.")
        else:
            found.add(f"{above}{name}")
    return frozenset(found)


PATHS = _paths(Report)


class Element(Shape):
    """One thing to know: any of `fields` answers it. `unless`: a value that says nothing yet.

    `in_words`: its fields are numbers, which have no room for words, so any text that says "正在核实" answers it.
    """

    title: Text
    title_en: Text
    fields_: Annotated[tuple[Text, ...], Field(alias="fields", min_length=1), Once]
    unless: Text | None = None
    in_words: StrictBool = False

    @model_validator(mode="after")
    def _known_fields(self) -> Self:
        for path in self.fields_:
            if path not in PATHS:
                wrong = Words(f"fields has {path!r}", f"fields 中的 {path!r} 不是报告的字段")
                raise contradiction(wrong, same(", ".join(sorted(PATHS))))
        return self


class Source(Shape):
    """A text that asks for elements."""

    document: Text
    issuer: Text
    number: Text | None = None
    note: Text | None = None


class Demand(Shape):
    """Elements that a report of one stage should bring: for these categories and below, or for all."""

    id: LimitId
    stage: Stage
    categories: Annotated[tuple[Category, ...], Once] = ()
    elements: Annotated[tuple[Key, ...], Field(min_length=1), Once]
    basis: Annotated[tuple[Citation, ...], Field(min_length=1)]
    note: Text | None = None


class Content(Shape):
    """The whole file: the demands in the order in which to ask."""

    documents: dict[LimitId, Source]
    elements: dict[Key, Element] = Field(alias="element")
    demands: tuple[Demand, ...] = Field(alias="demand")


TABLES = Tables(
    whole=Content,
    entries=("element", "demand"),
    models={"element": Element, "demand": Demand, "basis": Citation, "documents": Source},
)


@cache
def shipped() -> Content:
    """What the house ships, read once. Raises `PackError`."""
    return read_text(SHIPPED.read_bytes(), SHIPPED.name)


def read_text(body: bytes, file: str) -> Content:
    """The content from its bytes; `file` is the name for errors. Raises `PackError` with all problems."""
    try:
        raw = read_toml(body)
    except TomlError as error:
        raise PackError([Problem(file, None, None, error.wrong, error.allowed)]) from error
    try:
        content = Content.model_validate(raw)
    except ValidationError as error:
        raise PackError(of_errors(file, raw, error, TABLES)) from error
    problems = [*_dangling(content, file), *_idle(content, file)]
    if problems:
        raise PackError(problems)
    return content


def _dangling(content: Content, file: str) -> list[Problem]:
    """A demand for an element or by a text that the file does not define; a stage of which nothing is asked."""
    problems, ids = [], set()
    for one in content.demands:
        if one.id in ids:
            twice = Words("stands twice", "出现了两次"), Words("one id once", "每个编号只用一次")
            problems.append(Problem(file, one.id, "id", *twice, "demand"))
        ids.add(one.id)
        problems += [
            Problem(file, one.id, "elements", *_undefined("element", key, content.elements), "demand")
            for key in one.elements
            if key not in content.elements
        ]
        problems += [
            Problem(file, one.id, "basis", *_undefined("document", cited.of, content.documents), "demand")
            for cited in one.basis
            if cited.of not in content.documents
        ]
    for stage in set(Stage) - {one.stage for one in content.demands}:
        wrong = Words(f"nothing is asked of stage {stage}", f"没有对 {stage} 阶段提出任何要求")
        allowed = Words("[[demand]] for each", "每个阶段至少一个 [[demand]]")
        problems.append(Problem(file, None, "demand", wrong, allowed))
    return problems


_TABLES = {"element": ("[element]", "要素"), "document": ("[documents]", "依据文件")}


def _undefined(kind: str, key: str, defined: Iterable[str]) -> tuple[Words, Words]:
    """What is asked for by a key that the file does not define, and the keys that it does."""
    table, kind_zh = _TABLES[kind]
    keys = ", ".join(defined)
    return (
        Words(f"no {kind} {key!r}", f"没有{kind_zh} {key!r}"),
        Words(f"a key of {table}: {keys}", f"{table} 中已有的键：{keys}"),
    )


def _idle(content: Content, file: str) -> list[Problem]:
    """A text that nobody cites."""
    cited = {one.of for demand in content.demands for one in demand.basis}
    wrong = Words("is cited by no demand", "没有任何要求引用这一依据")
    allowed = Words("a demand that cites it, or delete it", "引用它的一条要求，或将其删除")
    return [
        Problem(file, None, f"documents.{key}", wrong, allowed)
        for key in content.documents
        if key not in cited
    ]
