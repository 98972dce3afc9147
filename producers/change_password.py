"""A person gives herself a new password → password_changed: with the old one, within limits; her other sessions end."""

import time
from collections.abc import Sequence

from producers.problems import Fault, Problem
from producers.reception import Reception
from producers.sign_in import Gate, SignedIn
from producers.sign_in_limits import SignInLimits, Try
from rules.passwords import PasswordFault, faults
from schemas.county import County, Person
from schemas.security import SecurityEntry, SecurityKind
from storage import credentials, people, security_log

SAID = {
    PasswordFault.TOO_SHORT: ("至少 {n} 个字符", "at least {n} characters"),
    PasswordFault.TOO_LONG: ("最多 200 个字符", "at most 200 characters"),
    PasswordFault.ONLY_DIGITS: ("不能只用数字", "not digits only"),
    PasswordFault.MONOTONOUS: ("重复或连续的字符太多", "too many characters repeat or follow each other"),
    PasswordFault.COMMON: ("太常见，最先被人猜到", "too common: it is tried first"),
    PasswordFault.PERSONAL: (
        "不能由用户名、姓名、电话、单位名或县名组成",
        "not made of the user name, name, telephone, unit or county",
    ),
    PasswordFault.SAME: ("与现在的密码相同", "the same as now"),
}


class ChangePassword:
    """Changes of one process's doors; guessing the old password here is limited like signing in."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._limits = SignInLimits()

    async def change(self, gate: Gate, who: SignedIn, current: str, new: str) -> None:
        """Raises Problem: 403 without a browser's session, 422 with what is wrong, 429 after too many tries."""
        person = who.person
        if who.csrf is None:
            zh, en = "请在浏览器中登录后修改密码", "sign in with a browser to change the password"
            raise Problem(403, zh, en, [Fault("", "session_needed", en, zh)])
        self._demand_good(who, current, new)
        one = Try(person.login, "", f"session {who.credential.hex()}")
        if self._limits.ask(one, time.monotonic()).limited is not None:
            raise Problem(429, "尝试次数过多，请五分钟后再试", "too many tries; wait five minutes")
        async with self._reception.database.reading() as tx:
            found = await people.by_login(tx, person.login)
        stored = found[1] if found else None
        if stored is None or not await gate.let_in.check.is_right(stored, current, known=True):
            zh, en = "现在的密码不对", "the password of now is wrong"
            raise Problem(422, zh, en, [Fault("current", "wrong", en, zh)])
        self._limits.succeeded(one, time.monotonic())
        hashed = await gate.let_in.check.hashed(new)
        entry = SecurityEntry(SecurityKind.PASSWORD_CHANGED, person.person_id, person.login)
        async with self._reception.database.transaction() as tx:
            if not await credentials.change_own_password(tx, who.credential, stored, hashed):
                zh, en = (
                    "密码刚刚已被修改，请重新登录",
                    "the password was changed a moment ago; sign in again",
                )
                raise Problem(409, zh, en, [Fault("current", "changed", en, zh)])
            await security_log.append(tx, [entry], self._reception.clock.now())

    def _demand_good(self, who: SignedIn, current: str, new: str) -> None:
        shortest = self._reception.settings.password_shortest
        found = faults(new, shortest, known_of(who.person, self._reception.desk.county))
        found += [PasswordFault.SAME] if new == current else []
        if found:
            zh, en = said_of(found, shortest)
            wrong = [Fault("new", one, *reversed(_sentence(one, shortest))) for one in found]
            raise Problem(422, f"新密码不可用：{zh}", f"the new password is not taken: {en}", wrong)


def known_of(person: Person, county: County | None) -> tuple[str, ...]:
    """What everybody knows about a person: a password may not be made of it."""
    own = (person.login, person.name, person.name_en, person.phone or "")
    if county is None:
        return own
    places = [(node.name, node.name_en) for node in county.nodes if node.code == person.node]
    return (*own, county.name, county.name_en, *(name for place in places for name in place))


def said_of(found: Sequence[PasswordFault], shortest: int) -> tuple[str, str]:
    """All that is wrong with a password, 中文 and English."""
    said = [_sentence(one, shortest) for one in found]
    return "；".join(zh for zh, _ in said), "; ".join(en for _, en in said)


def _sentence(one: PasswordFault, shortest: int) -> tuple[str, str]:
    zh, en = SAID[one]
    return zh.format(n=shortest), en.format(n=shortest)
