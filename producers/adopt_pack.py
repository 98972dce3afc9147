"""pack.adopted: an admin puts a pack of the county in force from a stated moment; each role takes it over then.

A version means one body for ever, and nothing that does not pass the check is stored.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256

from producers import shown_packs
from producers.act_once import Answer, Once
from producers.problems import Fault, Problem
from producers.prove_pack import prove_apart
from producers.reception import Reception
from rules.adoption import Untimely, next_midnight, objections, untimely
from rules.bilingual import Words
from rules.limits import Pack
from rules.pack_files import PackError, read_folder, read_text
from rules.pack_files import Problem as PackProblem
from rules.pack_problems import in_bounds
from schemas.county import Person
from schemas.events import PackAdopted
from storage import events, packs
from storage.database import Transaction
from storage.packs import Adopted, Upload

UNTIMELY = {
    Untimely.IN_THE_PAST: ("生效时间已过", "is in the past: what was due yesterday stays as it was"),
    Untimely.TOO_FAR_AHEAD: ("生效时间超过十年", "is more than ten years ahead"),
}


@dataclass(frozen=True)
class Checked:
    """A pack that can be read, or the problems that stand against it."""

    pack: Pack | None
    problems: tuple[PackProblem, ...]


class Adoption:
    """One admin's upload."""

    def __init__(self, reception: Reception, file: str, toml: str) -> None:
        self._reception = reception
        self._file = file
        self._toml = toml

    async def check(self) -> Checked:
        """Everything that stands against it; the version in force stays in force."""
        checked = await self._read()
        if checked.pack is None:
            return checked
        async with self._reception.database.reading() as tx:
            used = await self._used_otherwise(tx, checked.pack)
        return Checked(checked.pack, (*checked.problems, *([used] if used else [])))

    async def _read(self) -> Checked:
        """Proved apart first: only what was read there within its bounds is read here."""
        try:
            body = self._toml.encode()
        except UnicodeEncodeError:
            wrong, allowed = Words("is not UTF-8", "不是 UTF-8"), Words("UTF-8 text", "UTF-8 文本")
            return Checked(None, (PackProblem(self._file, None, None, wrong, allowed),))
        problems = await prove_apart(self._toml, self._file)
        return Checked(None, problems) if problems else await asyncio.to_thread(self._judge, body)

    def _judge(self, body: bytes) -> Checked:
        desk = self._reception.desk
        pack = read_text(body, self._file)
        division = desk.nodes[desk.county.code].division
        return Checked(pack, in_bounds(objections(pack, self._file, division, desk.packs.packs)))

    async def _used_otherwise(self, tx: Transaction, pack: Pack) -> PackProblem | None:
        """A record that names a version must mean one text."""
        header = pack.header
        before = await packs.of_version(tx, header.id, header.version)
        shipped = await asyncio.to_thread(_shipped)
        others = [one for one in shipped if _key(one) == _key(pack)] + [_parsed(one) for one in before]
        if all(one == pack for one in others):
            return None
        wrong = Words(
            f"{header.version!r} of {header.id} was used for another text",
            f"{header.id} 的版本号 {header.version!r} 已用于另一内容",
        )
        allowed = Words("a version that was never used", "从未用过的版本号")
        return PackProblem(self._file, None, "pack.version", wrong, allowed)

    async def adopt(self, once: Once, by: Person, in_force_from: datetime | None, note: str) -> Answer:
        """Store it and say so, once; the answer is 201 where it is new. Raises Problem."""
        now, county = self._reception.clock.now(), self._reception.desk.county
        begins = in_force_from or next_midnight(now, county.timezone)
        checked = await self._read()
        if checked.pack is None or checked.problems:
            raise unsound(checked.problems)
        async with self._reception.database.transaction() as tx:
            await packs.hold(tx)
            if (earlier := await once.earlier(tx)) is not None:
                return earlier
            used = await self._used_otherwise(tx, checked.pack)
            if used is not None:
                zh, en = "该版本号已用于另一内容，请换一个版本号", "this version was used for another text"
                raise Problem(
                    409, zh, en, [Fault("toml.pack.version", "version_used", str(used), used.said("zh"))]
                )
            header = checked.pack.header
            for one in await packs.of_version(tx, header.id, header.version):
                if one.in_force_from == begins:
                    return await once.answer(tx, {"adopted": shown_packs.adopted(one, by.name)}, now)
            _timely(begins, now)
            text = self._toml
            row = await packs.add(
                tx, Upload(header.id, header.version, text, digest(text), by.person_id, now, begins, note)
            )
            await events.append(tx, [self._fact(row)])
            return await once.answer(tx, {"adopted": shown_packs.adopted(row, by.name)}, now, 201)

    def _fact(self, row: Adopted) -> PackAdopted:
        desk = self._reception.desk
        before = next((one.header for one in desk.packs.packs if one.header.id == row.pack_id), None)
        return PackAdopted(
            division=desk.nodes[desk.county.code].division,
            at=row.uploaded_at,
            pack_id=row.pack_id,
            version=row.version,
            replaces=before.version if before else None,
            sha256=row.sha256,
            in_force_from=row.in_force_from,
            by=row.uploaded_by,
            note=row.note,
        )


def digest(toml: str) -> str:
    """By which two uploads are told apart."""
    return sha256(toml.encode()).hexdigest()


def unsound(problems: tuple[PackProblem, ...]) -> Problem:
    """A pack that was not taken, with each problem as one line; the version in force stays."""
    faults = [
        Fault(".".join(filter(None, ("toml", one.limit, one.key))), "unsound", str(one), one.said("zh"))
        for one in problems
    ]
    zh = f"规则包未采用，原版本继续有效：{problems[0].said('zh')}（共 {len(problems)} 处）"
    en = f"the pack was not taken, the version before stays in force: {problems[0]} ({len(problems)} in all)"
    return Problem(422, zh, en, faults)


def _timely(begins: datetime, now: datetime) -> None:
    why = untimely(begins, now)
    if why is not None:
        zh, en = UNTIMELY[why]
        raise Problem(422, zh, f"in_force_from {en}", [Fault("in_force_from", why.value, en, zh)])


@cache
def _shipped() -> tuple[Pack, ...]:
    """What came with the program; it is the same until the program is another."""
    return read_folder()


def _key(pack: Pack) -> tuple[str, str]:
    return pack.header.id, pack.header.version


def _parsed(one: Adopted) -> Pack | None:
    try:
        return read_text(one.body.encode(), one.pack_id)
    except PackError:
        return None
