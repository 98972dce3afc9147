"""How often somebody may try a password: the guesser is slowed, and the victim, whose device is known, is not.

Tries are counted per login with address, per address, per login, and per known device. The counts stand in a table
of fixed size under keyed hashes: flooding it takes no memory and resets nobody, it can only make strangers slower.
"""

import hashlib
import ipaddress
import secrets
from array import array
from dataclasses import dataclass
from enum import StrEnum

ROWS, WIDTH = 4, 8192
PER_SECONDS = 300.0
PAIR, ADDRESS, DEVICE = 10, 50, 10
SLOW_LOGIN, SPRAYED = 30, 15
LONGEST_DELAY = 8.0
WAITING_AT_MOST = 60


class Limited(StrEnum):
    """Which limit a try met."""

    PAIR = "login_and_address"
    ADDRESS = "address"
    DEVICE = "device"
    BUSY = "too_many_wait"


@dataclass(frozen=True)
class Try:
    """One try to sign in. `device` is the id of a device on which this person signed in before."""

    login: str
    address: str
    device: str | None = None


@dataclass(frozen=True)
class Verdict:
    """What to do with a try: refuse it, or check it after `delay` seconds."""

    limited: Limited | None = None
    delay: float = 0.0


class Tallies:
    """Counts of the last minutes under any number of keys in fixed memory: never too few, seldom too many."""

    def __init__(self) -> None:
        self._salt = secrets.token_bytes(16)
        self._epoch = 0
        self._now, self._before = self._empty(), self._empty()

    def add(self, now: float, *key: str) -> int:
        """Count one more; how many there are with it."""
        self._turn(now)
        for place in self._places(key):
            self._now[place] = min(self._now[place] + 1, 65_535)
        return self.count(now, *key)

    def take_back(self, now: float, *key: str) -> None:
        """Count one less, where one was counted within these minutes."""
        self._turn(now)
        for place in self._places(key):
            self._now[place] = max(self._now[place] - 1, 0)

    def count(self, now: float, *key: str) -> int:
        """How many there were, of this and the half window before."""
        self._turn(now)
        return min(self._now[place] + self._before[place] for place in self._places(key))

    def _places(self, key: tuple[str, ...]) -> list[int]:
        text = "\0".join(key).encode("utf-8", "surrogatepass")
        hashed = hashlib.blake2b(text, key=self._salt, digest_size=ROWS * 4).digest()
        found = (int.from_bytes(hashed[4 * row : 4 * row + 4], "big") % WIDTH for row in range(ROWS))
        return [row * WIDTH + place for row, place in enumerate(found)]

    def _turn(self, now: float) -> None:
        epoch = int(now // (PER_SECONDS / 2))
        if epoch == self._epoch:
            return
        self._before = self._now if epoch == self._epoch + 1 else self._empty()
        self._now, self._epoch = self._empty(), epoch

    @staticmethod
    def _empty() -> "array[int]":
        return array("H", bytes(2 * ROWS * WIDTH))


class SignInLimits:
    """The limits of one process of doors."""

    def __init__(self) -> None:
        self._tallies = Tallies()
        self.waiting = 0

    def ask(self, one: Try, now: float) -> Verdict:
        """Count a try and say what to do with it. Whoever is let in takes it back with `succeeded`."""
        if one.device is not None:
            tries = self._tallies.add(now, "device", one.device)
            return Verdict(Limited.DEVICE if tries > DEVICE else None)
        net = network(one.address)
        pair = self._tallies.count(now, "pair", net, one.login)
        if pair >= PAIR:
            return Verdict(Limited.PAIR)
        if self._tallies.count(now, "address", net) >= ADDRESS or self.sprays(one.address, now):
            return Verdict(Limited.ADDRESS)
        if pair == 0:
            self._tallies.add(now, "logins of", net)
        self._tallies.add(now, "pair", net, one.login)
        self._tallies.add(now, "address", net)
        over = self._tallies.add(now, "login", one.login) - SLOW_LOGIN
        if over <= 0:
            return Verdict()
        if self.waiting >= WAITING_AT_MOST:
            return Verdict(Limited.BUSY)
        return Verdict(delay=min(LONGEST_DELAY, 0.5 * 2 ** (over // 10)))

    def succeeded(self, one: Try, now: float) -> None:
        """The password was right: this try counts for nothing."""
        if one.device is not None:
            self._tallies.take_back(now, "device", one.device)
            return
        net = network(one.address)
        if self._tallies.count(now, "pair", net, one.login) == 1:
            self._tallies.take_back(now, "logins of", net)
        self._tallies.take_back(now, "pair", net, one.login)
        self._tallies.take_back(now, "address", net)
        self._tallies.take_back(now, "login", one.login)

    def sprays(self, address: str, now: float) -> bool:
        """Whether so many different logins failed from one address that somebody is trying them all."""
        return self._tallies.count(now, "logins of", network(address)) >= SPRAYED

    def same_password(self, login: str, password: str, now: float) -> bool:
        """Whether one password failed for so many logins, from wherever, that somebody is trying them all."""
        if self._tallies.add(now, "password for", password, login) > 1:
            return False
        return self._tallies.add(now, "password", password) >= SPRAYED

    def first_time(self, now: float, *what: str) -> bool:
        """Whether this is said for the first time in these minutes; the log says each thing once."""
        return self._tallies.add(now, "said", *what) == 1


def network(address: str) -> str:
    """What counts as one address: an IPv4 address, the /64 of an IPv6 one."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
