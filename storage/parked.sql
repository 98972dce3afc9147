-- name: keep
-- Keep a message that a reaction could not digest; one that failed again waits again.
insert into parked (parked_id, consumer, stream, subject, sequence, body, error, tries, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (parked_id) do update set sequence = excluded.sequence, error = excluded.error, tries = excluded.tries,
    at = excluded.at, handled_at = null

-- name: waiting
-- What waits for an operator, the oldest first.
select parked_id, consumer, stream, subject, sequence, body, error, tries, at
from parked where handled_at is null order by at, parked_id limit $1

-- name: count_waiting
-- How many wait for an operator.
select count(*) as waiting from parked where handled_at is null

-- name: handled
-- An operator has seen to these, unless one has failed again since it was looked at.
update parked p set handled_at = $3
from unnest($1::uuid[], $2::timestamptz[]) as seen(parked_id, at)
where p.parked_id = seen.parked_id and p.at = seen.at and p.handled_at is null
returning p.parked_id
