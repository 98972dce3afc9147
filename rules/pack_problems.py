"""What is wrong in a file of rules, in one line: file, entry, key, and what is allowed there instead."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rules.bilingual import NOTHING, Words

ENTRIES = {"limit": "时限", "criterion": "等级标准", "element": "要素", "demand": "要求"}
OWN_ID = Words("an id of its own", "未被使用的编号")
NAMELESS = "no. "
"""How an entry without an id is named: by its place in the file."""
AT_MOST = 200
"""So many problems are told; nobody mends more before asking again."""
TEXT_AT_MOST = 600
TOGETHER = 150_000
"""Characters of all problems of one answer."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a pack, where it stands, and what is allowed there instead.

    `limit` is the id of the entry: of a limit, or of the criterion or other table that `entry` says.
    """

    file: str
    limit: str | None
    key: str | None
    wrong: Words
    instead: Words = NOTHING
    entry: str = "limit"

    @property
    def problem(self) -> str:
        """What is wrong, in English."""
        return self.wrong.en

    @property
    def allowed(self) -> str:
        """What may stand there, in English."""
        return self.instead.en

    def __str__(self) -> str:
        return self.said("en")

    def said(self, language: str) -> str:
        """The whole line in the language of whoever reads it."""
        is_zh = language == "zh"
        colon, allowed = ("：", "；可用：") if is_zh else (": ", "; allowed: ")
        place = [self.file]
        if self.limit is not None:
            place.append(self._entry_zh(self.limit) if is_zh else f"{self.entry} {self.limit}")
        if self.key is not None:
            place.append(self.key)
        text = colon.join([*place, self.wrong.said(language)])
        if self.instead != NOTHING:
            text += allowed + self.instead.said(language)
        return " ".join(text.split())

    def _entry_zh(self, name: str) -> str:
        if name.startswith(NAMELESS):
            return f"第 {name.removeprefix(NAMELESS)} 条{ENTRIES[self.entry]}"
        return f"{ENTRIES[self.entry]} {name}"

    def as_json(self) -> dict[str, str | None]:
        """For machines: the keys as they always were with their English, the Chinese beside it."""
        return {
            "file": self.file,
            "limit": self.limit,
            "key": self.key,
            "problem": self.wrong.en,
            "allowed": self.instead.en,
            "entry": self.entry,
            "problem_zh": self.wrong.zh,
            "allowed_zh": self.instead.zh,
        }


def shortened(text: str, most: int = 100) -> str:
    """The beginning of a text that may be of any length."""
    return text if len(text) <= most else f"{text[:most]}…"


def in_bounds(problems: Sequence[Problem], found: int = 0) -> tuple[Problem, ...]:
    """The first problems, each in a few lines, and how many more there are of the `found`."""
    if len(problems) <= AT_MOST and found <= len(problems):
        whole = tuple(map(_short, problems))
        if sum(len(one.said("zh")) + len(one.said("en")) for one in whole) <= TOGETHER:
            return whole
    told: list[Problem] = []
    size, found = 0, max(found, len(problems))
    for one in problems[: AT_MOST - 1]:
        short = _short(one)
        size += len(short.said("zh")) + len(short.said("en"))
        if told and size > TOGETHER:
            break
        told.append(short)
    if left := found - len(told):
        told.append(Problem(told[0].file, None, None, Words(f"and {left} more", f"另有 {left} 处")))
    return tuple(told)


def _short(one: Problem) -> Problem:
    def words(said: Words) -> Words:
        return Words(shortened(said.en, TEXT_AT_MOST), shortened(said.zh, TEXT_AT_MOST))

    return replace(
        one,
        file=shortened(one.file),
        limit=one.limit and shortened(one.limit),
        key=one.key and shortened(one.key, 200),
        wrong=words(one.wrong),
        instead=words(one.instead),
    )


class PackError(Exception):
    """A pack that cannot be used. The message is the first problem on one line; `problems` holds them all."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(str(problems[0]))
        self.problems = tuple(problems)

    def said(self, language: str) -> str:
        """The message in the language of whoever reads it."""
        return self.problems[0].said(language)

    @property
    def file(self) -> str:
        """The file of the first problem."""
        return self.problems[0].file

    @property
    def limit(self) -> str | None:
        """The limit of the first problem; None where the file as a whole is wrong."""
        return self.problems[0].limit

    @property
    def key(self) -> str | None:
        """The key of the first problem."""
        return self.problems[0].key

    @property
    def allowed(self) -> str:
        """What may stand there."""
        return self.problems[0].allowed
