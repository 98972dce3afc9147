-- name: seed
-- :rows open obligations that fall due in a month, ten to an incident, each with a stamped limit as the rules make it.
insert into incidents (incident_id, number, category, grade, title, division, received_at)
select md5('incident ' || n)::uuid, 'seed-' || n, 'accident.traffic.expressway', 'IV', '测试事件', '990101103',
       '2026-11-20T00:00:00Z'
from generate_series(0, :rows / 10) as n;
create sequence bench_occurrence start 1000;
set session_replication_role = replica;
insert into obligations (obligation_id, incident_id, from_role, from_node, to_role, to_node, stage, medium, occurrence,
                         due_at, opened_at, next_at, division, binding)
select md5('obligation ' || n)::uuid, md5('incident ' || n / 10)::uuid, 'township', '990101103', 'county', '990101',
       'first', 'written', n % 10, due_at, '2026-11-20T00:00:00Z', due_at, '990101103',
       jsonb_build_object('id', 'seed-written-40', 'pack', 'demo-county', 'version', '2026-01', 'title', '四十分钟内书面报告',
           'due_at', due_at, 'clock', 'occurred', 'document', '云岭县突发事件信息报送规定', 'number', '云岭政办〔2026〕1号',
           'article', '第八条', 'status', 'V1', 'working_target', false)
from generate_series(0, :rows - 1) as n, lateral (select timestamptz '2026-12-24T00:00:00Z' + n * interval '1 second') as d(due_at);
set session_replication_role = origin;

-- name: due
-- $1 obligations that fall due one after the other from $2 on, $3 seconds apart; each a copy of a seeded one.
insert into obligations (obligation_id, incident_id, from_role, from_node, to_role, to_node, stage, medium, occurrence,
                         due_at, opened_at, next_at, division, binding)
select gen_random_uuid(), o.incident_id, o.from_role, o.from_node, o.to_role, o.to_node, o.stage, o.medium,
       nextval('bench_occurrence'),
       d.due_at, o.opened_at, d.due_at, o.division, o.binding
from generate_series(0, $1::int - 1) as n
join lateral (select $2::timestamptz + n * $3::float8 * interval '1 second') as d(due_at) on true
join obligations o on o.obligation_id = md5('obligation ' || (n % 100) * 10)::uuid

-- name: breaches
-- What was committed since.
select seq, (body ->> 'due_at')::timestamptz as due_at from events where seq > $1 and kind = 'obligation.breached'
order by seq

-- name: claim
-- The bare loop: claim what is due, mark it, record a fact that says little more than which.
with due as (
    select obligation_id from obligations where next_at <= $1 order by next_at limit $2 for update skip locked
), rung as (
    update obligations o set next_at = null, breached_at = o.due_at, detected_at = $1
    from due where o.obligation_id = due.obligation_id
    returning o.obligation_id, o.incident_id, o.division, o.due_at
), said as (
    insert into events (event_id, kind, incident_id, division, at, body)
    select gen_random_uuid(), 'obligation.breached', incident_id, division, $1,
           jsonb_build_object('obligation_id', obligation_id, 'due_at', due_at)
    from rung
)
select count(*) from rung
