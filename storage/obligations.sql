-- name: open_of
-- The obligations of these incidents: open ones to meet or change, settled ones so that nothing is owed twice.
select * from obligations where incident_id = any($1::uuid[]) order by obligation_id for update

-- name: open
-- New obligations; the same thing is owed once.
insert into obligations (obligation_id, incident_id, from_role, from_node, to_role, to_node, stage, medium, occurrence,
                         state, due_at, counts_from, opened_at, next_at, done_at, reason, division, binding, others)
select obligation_id, incident_id, from_role, from_node, to_role, to_node, stage, medium, occurrence,
       state, due_at, counts_from, opened_at, next_at, done_at, reason, division, binding::jsonb, others::jsonb
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
            $9::int[], $10::text[], $11::timestamptz[], $12::timestamptz[], $13::timestamptz[],
            $14::timestamptz[], $15::timestamptz[], $16::text[], $17::text[], $18::text[], $19::text[])
  as r(obligation_id, incident_id, from_role, from_node, to_role, to_node, stage, medium, occurrence,
       state, due_at, counts_from, opened_at, next_at, done_at, reason, division, binding, others)
on conflict (incident_id, from_node, to_role, stage, medium, occurrence) do nothing
returning obligation_id

-- name: change
-- Settle or revise: what changes on rows that are open.
update obligations o set
    state = r.state, due_at = r.due_at, next_at = r.next_at, done_at = r.done_at, reason = r.reason,
    breached_at = r.breached_at, revision = r.revision, binding = r.binding::jsonb, others = r.others::jsonb
from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::text[],
            $7::timestamptz[], $8::int[], $9::text[], $10::text[])
  as r(obligation_id, state, due_at, next_at, done_at, reason, breached_at, revision, binding, others)
where o.obligation_id = r.obligation_id and o.state = 'open'

-- name: ended_by_closing
-- What the last closing of an incident ended: its facts follow that of the closing in the same transaction.
select (body #>> '{obligation,obligation_id}')::uuid as obligation_id from events
where incident_id = $1 and kind = 'obligation.lapsed'
  and seq > (select max(seq) from events where incident_id = $1 and kind = 'incident.closed')

-- name: bring_back
-- What the closing of an incident had ended, as it stands after the reopening; its revision is the next one.
update obligations o set
    state = r.state, due_at = r.due_at, next_at = r.next_at, done_at = r.done_at, reason = r.reason,
    breached_at = r.breached_at, revision = r.revision, binding = r.binding::jsonb, others = r.others::jsonb
from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::text[],
            $7::timestamptz[], $8::int[], $9::text[], $10::text[])
  as r(obligation_id, state, due_at, next_at, done_at, reason, breached_at, revision, binding, others)
where o.obligation_id = r.obligation_id and o.state in ('waived', 'missed') and o.revision < r.revision

-- name: move
-- The place of these incidents was corrected: what is owed about them is seen from there.
update obligations o set division = r.division
from unnest($1::uuid[], $2::text[]) as r(incident_id, division)
where o.incident_id = r.incident_id

-- name: escalate
-- Remember that a breach has called somebody; returns those that had not.
update obligations set escalated_at = $2 where obligation_id = any($1::uuid[]) and escalated_at is null
returning obligation_id

-- name: ring
-- Claim what is due: mark a reminder or a breach and record the fact in the same statement. Other clocks skip
-- locked rows, so nothing fires twice and any number of clocks can run side by side.
with due as (
    select obligation_id, due_at <= $1 as breached
    from obligations where next_at <= $1 order by next_at limit $2 for update skip locked
), rung as (
    update obligations o set
        next_at = case when due.breached then null else o.due_at end,
        breached_at = case when due.breached then o.due_at else o.breached_at end,
        detected_at = case when due.breached then $1 else o.detected_at end
    from due where o.obligation_id = due.obligation_id
    returning o.*, due.breached
), fact as (
    select gen_random_uuid() as event_id, case when breached then 'obligation.breached' else 'obligation.due_soon' end
           as kind, rung.* from rung
), said as (
    insert into events (event_id, kind, incident_id, division, at, body)
    select event_id, kind, incident_id, division, $1, jsonb_build_object(
        'event_id', event_id, 'incident_id', incident_id, 'division', division, 'at', $1, 'due_at', due_at,
        'obligation', jsonb_build_object(
            'obligation_id', obligation_id, 'incident_id', incident_id, 'duty', jsonb_build_object(
                'from_role', from_role, 'to_role', to_role, 'stage', stage, 'medium', medium, 'occurrence', occurrence),
            'from_node', from_node, 'to_node', to_node, 'state', state, 'due_at', due_at, 'counts_from', counts_from,
            'opened_at', opened_at, 'breached_at', breached_at, 'detected_at', detected_at, 'done_at', done_at,
            'reason', reason, 'revision', revision, 'binding', binding, 'others', others))
    from fact
)
select breached, due_at, binding ->> 'id' as rule, pg_notify('jibao', '') from rung

-- name: next_moment
-- When the next thing happens to an obligation or an alert; one look at the end of each index.
select least((select min(next_at) from obligations where next_at is not null),
             (select min(next_at) from alerts where next_at is not null)) as next_at

-- name: filings
-- What was reported and forwarded in these incidents: by whom, to whom, at which stage, by which medium, when.
select incident_id, from_node, null as to_role, stage, medium, judged_at as at from reports
where incident_id = any($1::uuid[]) and from_node is not null
union all
select incident_id, $2, body ->> 'to_role', body ->> 'stage', body ->> 'medium', at from events
where incident_id = any($1::uuid[]) and kind = 'report.forwarded'

-- name: listing
-- Obligations by state, due time and unit, the most urgent first.
select o.*, i.number as incident_number, i.title as incident_title, f.name as from_name,
       f.name_en as from_name_en, t.name as to_name, t.name_en as to_name_en
from obligations o
join incidents i using (incident_id)
left join nodes f on f.code = o.from_node
left join nodes t on t.code = o.to_node
where ($1::text is null or o.state = $1)
  and ($2::timestamptz is null or o.due_at < $2)
  and ($3::text is null or o.from_node = $3)
  and (o.from_node = $6::text or in_scope(i, $6, $7, $8, $9))
  and ($4::uuid[] is null or o.incident_id = any($4))
order by o.due_at
limit $5

-- name: open_of_node
-- What one node must still report, the most urgent first; read from the index of open rows by node.
select o.*, t.name as to_name, t.name_en as to_name_en
from obligations o left join nodes t on t.code = o.to_node
where o.state = 'open' and o.from_node = $1
order by o.due_at
limit $2

-- name: open_counts
-- Open obligations by stage and medium; follows what is open now, not what is stored.
select stage, medium, count(*) as open from obligations where state = 'open' group by stage, medium

-- name: done_first
-- When the first duty of each lane was done.
select incident_id, from_role, to_role, stage, medium, done_at from obligations
where incident_id = any($1::uuid[]) and occurrence = 1 and done_at is not null
