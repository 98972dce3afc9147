-- name: raise
-- New alerts; the same cause raises one.
insert into alerts (alert_id, incident_id, obligation_id, reason, ladder, grade, title, step, round, state, person_id,
                    raised_at, next_at)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[],
                     $9::int[], $10::text[], $11::uuid[], $12::timestamptz[], $13::timestamptz[])
on conflict (alert_id) do nothing
returning alert_id

-- name: lock
-- These alerts with their incident's state, held: an acknowledgement and an escalation never cross.
select a.*, i.state as incident_state, i.division, i.category, i.sender
from alerts a join incidents i using (incident_id)
where a.alert_id = any($1::uuid[]) order by a.alert_id for update of a

-- name: climbing_of
-- Alerts of these incidents that nobody has answered.
select a.*, i.state as incident_state, i.division, i.category, i.sender
from alerts a join incidents i using (incident_id)
where a.incident_id = any($1::uuid[]) and a.state in ('open', 'exhausted') order by a.alert_id for update of a

-- name: move
-- Where each alert stands now.
update alerts a set step = r.step, round = r.round, state = r.state, person_id = r.person_id, next_at = r.next_at,
       grade = r.grade
from unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::uuid[], $6::timestamptz[], $7::text[])
  as r(alert_id, step, round, state, person_id, next_at, grade)
where a.alert_id = r.alert_id and a.state in ('open', 'exhausted')

-- name: acknowledge
-- A named person has it; the climb ends.
update alerts set state = 'acknowledged', next_at = null, acknowledged_at = $2, acknowledged_by = $3,
       acknowledged_medium = $4, note = $5
where alert_id = any($1::uuid[])

-- name: close_of_incident
-- A closed incident calls nobody any more.
update alerts set state = 'closed', next_at = null where incident_id = $1 and state in ('open', 'exhausted')

-- name: ring
-- Claim alerts whose wait is over and record that nobody answered, in one statement.
with due as (
    select alert_id from alerts where next_at <= $1 order by next_at limit $2 for update skip locked
), rung as (
    update alerts a set next_at = null from due, alerts old
    where a.alert_id = due.alert_id and old.alert_id = due.alert_id
    returning a.alert_id, a.incident_id, a.step, a.round, old.next_at as due_at, a.reason
), fact as (
    select gen_random_uuid() as event_id, i.division, rung.* from rung join incidents i using (incident_id)
), said as (
    insert into events (event_id, kind, incident_id, division, at, body)
    select event_id, 'alert.unanswered', incident_id, division, $1, jsonb_build_object(
        'event_id', event_id, 'incident_id', incident_id, 'division', division, 'at', $1, 'alert_id', alert_id,
        'step', step, 'round', round, 'due_at', due_at)
    from fact
)
select alert_id, due_at, pg_notify('jibao', '') from rung

-- name: add_attempts
-- One try to reach one person on one channel.
insert into attempts (attempt_id, alert_id, step, round, person_id, channel, address, raised_at)
select * from unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[], $5::uuid[], $6::text[], $7::text[],
                     $8::timestamptz[])
on conflict (attempt_id) do nothing

-- name: attempts
-- Attempts to carry out, held, with whether anybody still needs them.
select t.*, a.state as alert_state from attempts t join alerts a using (alert_id)
where t.attempt_id = any($1::uuid[]) order by t.attempt_id for update of t

-- name: sending
-- From here on it may have been sent.
update attempts set state = 'sending', sent_at = $2 where attempt_id = any($1::uuid[])

-- name: answer
-- What each channel answered.
update attempts t set state = r.state, reason = r.reason, detail = r.detail,
       sent_at = coalesce(t.sent_at, r.answered_at), answered_at = r.answered_at
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
  as r(attempt_id, state, reason, detail, answered_at)
where t.attempt_id = r.attempt_id

-- name: tried
-- All attempts of these alerts, to see whether the step they stand on has reached anybody.
select alert_id, step, round, person_id, state from attempts where alert_id = any($1::uuid[])

-- name: of_incidents
-- Alerts of these incidents with the names a screen shows.
select a.*, p.name as person_name, k.name as acknowledged_by_name
from alerts a left join people p using (person_id) left join people k on k.person_id = a.acknowledged_by
where a.incident_id = any($1::uuid[]) order by a.raised_at

-- name: attempts_of_incident
-- Every try to reach somebody about an incident.
select t.*, p.name as person_name from attempts t join alerts a using (alert_id)
left join people p on p.person_id = t.person_id
where a.incident_id = $1 order by t.raised_at, t.attempt_id

-- name: one
-- One alert with what an acknowledging screen shows.
select a.*, i.number as incident_number, i.division, k.name as acknowledged_by_name
from alerts a join incidents i using (incident_id) left join people k on k.person_id = a.acknowledged_by
where a.alert_id = $1
