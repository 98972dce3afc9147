"""alert.raised, alert.escalated → alert.delivered, alert.failed, alert.uncertain: tell them, note what was answered.

Each channel has a durable consumer of its own, so a broken one never holds up another.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from consumers.channels import Heard, Letter, Port
from rules import backlog
from rules.desk import Desk
from runtime import metrics
from runtime.clock import Clock
from schemas.alert import Attempt
from schemas.events import AlertDelivered, AlertEscalated, AlertFailed, AlertRaised, AlertUncertain, Fact
from schemas.reasons import DeliveryReason
from schemas.vocabulary import AlertState, AttemptState
from storage import alerts, events
from storage.alerts import Answer
from storage.database import Database, Transaction

FACTS: tuple[type[Fact], ...] = (AlertRaised, AlertEscalated)
Telling = AlertRaised | AlertEscalated
PATIENCE = 3
"""How often a console that is not open is looked for, a second apart, before the step has failed."""
NOBODY_NEEDS_IT = (AlertState.ACKNOWLEDGED, AlertState.CLOSED)
SAID = {
    AttemptState.DELIVERED: AlertDelivered,
    AttemptState.FAILED: AlertFailed,
    AttemptState.UNCERTAIN: AlertUncertain,
}


@dataclass(frozen=True)
class Task:
    """One attempt to carry out, with the fact that asks for it and how often it was tried before."""

    attempt: Attempt
    fact: Telling
    tries: int

    @property
    def owed_at(self) -> datetime:
        """When this person had to be told."""
        return self.fact.owed_at or self.fact.at


@dataclass(frozen=True)
class Courier:
    """One channel at work: mark, send, note. `link` makes the one-tap address for (alert, person, now)."""

    port: Port
    database: Database
    clock: Clock
    desk: Callable[[], Desk]
    link: Callable[[UUID, UUID, datetime], str]
    patience: int = PATIENCE

    async def deliver_all(self, tasks: Sequence[Task]) -> list[bool]:
        """Carry out what waits: concurrently between people, each attempt at most once where a repeat would hurt.

        Answers for each task whether it is settled; one that is not wants another look in a moment.
        """
        # Where a repeat is harmless nothing is marked before sending, so a look is enough.
        look = self.database.reading if self.port.repeat_is_harmless else self.database.transaction
        async with look() as tx:
            send, settled = await self._sort(tx, tasks)
        send.sort(key=lambda task: backlog.order(task.fact.grade, task.fact.why, task.owed_at))
        heard = await asyncio.gather(*(self._send(task) for task in send))
        waiting = [task for task, answer in zip(send, heard, strict=True) if self._may_come(task, answer)]
        answers = settled + [
            Answer(task.attempt, answer.state, answer.reason, answer.detail)
            for task, answer in zip(send, heard, strict=True)
            if task not in waiting
        ]
        now = self.clock.now()
        async with self.database.transaction() as tx:
            await alerts.save_answers(tx, answers, now)
            await events.append(tx, self._facts(tasks, answers, now))
        self._count(tasks, answers, now)
        return [task not in waiting for task in tasks]

    async def _sort(self, tx: Transaction, tasks: Sequence[Task]) -> tuple[list[Task], list[Answer]]:
        """Which attempts to send, and which are settled without: nobody needs them, or they may have been sent."""
        states = await alerts.lock_attempts(tx, [task.attempt.attempt_id for task in tasks])
        send: list[Task] = []
        settled: list[Answer] = []
        for task in tasks:
            state, alert = states.get(task.attempt.attempt_id, (AttemptState.DELIVERED, AlertState.CLOSED))
            if state is AttemptState.PENDING and alert in NOBODY_NEEDS_IT:
                settled.append(Answer(task.attempt, AttemptState.FAILED, DeliveryReason.NO_LONGER_NEEDED))
            elif state is AttemptState.PENDING or (
                state is AttemptState.SENDING and self.port.repeat_is_harmless
            ):
                send.append(task)
            elif state is AttemptState.SENDING:
                settled.append(Answer(task.attempt, AttemptState.UNCERTAIN, DeliveryReason.INTERRUPTED))
        if not self.port.repeat_is_harmless and send:
            await alerts.mark_sending(tx, [task.attempt.attempt_id for task in send], self.clock.now())
        return send, settled

    async def _send(self, task: Task) -> Heard:
        person = self.desk().people.get(task.attempt.person_id)
        if person is None:
            return Heard(AttemptState.FAILED, DeliveryReason.NOT_ALLOWED, "no such person in the county file")
        now = self.clock.now()
        link = self.link(task.attempt.alert_id, task.attempt.person_id, now)
        fact, delay = task.fact, self._delay(task, now)
        return await self.port.send(
            Letter(
                task.attempt,
                str(fact.incident_id),
                person,
                fact.title,
                fact.grade,
                fact.why,
                link,
                delay,
                fact.sender,
            )
        )

    def _delay(self, task: Task, now: datetime) -> int:
        return backlog.delayed_minutes(task.owed_at, now, self.clock.rate)

    def _may_come(self, task: Task, heard: Heard) -> bool:
        return heard.again and self.port.repeat_is_harmless and task.tries < self.patience

    def _facts(self, tasks: Sequence[Task], answers: Sequence[Answer], now: datetime) -> list[Fact]:
        about = {task.attempt.attempt_id: task for task in tasks}
        facts: list[Fact] = []
        for answer in answers:
            task = about[answer.attempt.attempt_id]
            delivered = answer.state is AttemptState.DELIVERED
            facts.append(
                SAID[answer.state](
                    incident_id=task.fact.incident_id,
                    division=task.fact.division,
                    at=now,
                    alert_id=task.fact.alert_id,
                    attempt=answer.attempt.model_copy(update={"state": answer.state}),
                    why=answer.reason,
                    detail=answer.detail,
                    **({"delayed_minutes": self._delay(task, now)} if delivered else {}),
                )
            )
        return facts

    def _count(self, tasks: Sequence[Task], answers: Sequence[Answer], now: datetime) -> None:
        about = {task.attempt.attempt_id: task for task in tasks}
        for answer in answers:
            metrics.DELIVERIES.labels(self.port.channel, answer.state).inc()
            if answer.state is not AttemptState.DELIVERED:
                continue
            task = about[answer.attempt.attempt_id]
            if self._delay(task, now):
                metrics.DELAYED.labels(self.port.channel).inc()
            if isinstance(task.fact, AlertRaised) and (submitted_at := task.fact.submitted_at):
                metrics.ALERTED_SECONDS.observe(max((now - submitted_at) / timedelta(seconds=1), 0.0))
