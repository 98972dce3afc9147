"""An act happens once: the id that its sender gave it is kept with the answer, in the transaction of the act.

The same id again gets the same answer; with other content or from another person it is a conflict.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from starlette.responses import Response

from producers.problems import Fault, Problem
from producers.reception import plain
from schemas.reasons import Denial
from schemas.shape import Shape
from storage import acts
from storage.acts import Done
from storage.database import Transaction


class ActBody(Shape):
    """What every act may say: an id of the sender's own, so that a lost answer can be asked for again."""

    act_id: UUID | None = None


@dataclass(frozen=True)
class Answer:
    """What an act is answered, as text, so that a repeat is answered with the very same."""

    text: str
    status: int = 200

    def response(self) -> Response:
        """Over HTTP."""
        return Response(self.text, self.status, media_type="application/json")


@dataclass(frozen=True)
class Once:
    """Who does what to which thing. `digest` is over what was said, without the id and without what was expected."""

    act: str
    by: UUID
    act_id: UUID | None = None
    digest: str = ""

    @classmethod
    def of(cls, act: str, about: object, by: UUID, body: ActBody) -> "Once":
        """An act as it came in."""
        said = body.model_dump_json(exclude={"act_id", "expected"})
        return cls(act, by, body.act_id, hashlib.sha256(f"{about}|{said}".encode()).hexdigest())

    async def earlier(self, tx: Transaction) -> Answer | None:
        """The answer that this act got before. Raises Problem 409 when the id was used for something else."""
        done = await acts.earlier(tx, self.act_id) if self.act_id else None
        if done is None:
            return None
        if (done.person_id, done.act, done.digest) != (self.by, self.act, self.digest):
            raise self._reused()
        return Answer(done.answer, done.status)

    async def answer(
        self, tx: Transaction, body: Mapping[str, Any], now: datetime, status: int = 200
    ) -> Answer:
        """The answer of an act that was just carried out, kept under its id. Raises Problem 409."""
        text = json.dumps(body, ensure_ascii=False, default=plain)
        if self.act_id is not None:
            done = Done(self.act_id, self.by, self.act, self.digest, status, text)
            if not await acts.remember(tx, done, now):
                raise self._reused()
        return Answer(text, status)

    @staticmethod
    def _reused() -> Problem:
        zh, en = "这个 act_id 已用于另一操作，请换一个", "this act_id was used for another act; use a new one"
        return Problem(409, zh, en, [Fault("act_id", Denial.ID_REUSED, en, zh)])
