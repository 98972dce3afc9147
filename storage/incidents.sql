-- name: lock
-- The named incidents, locked in one order so that two transactions never wait for each other in a ring.
select * from incidents where incident_id = any($1::uuid[]) order by incident_id for update

-- name: load
-- One incident.
select * from incidents where incident_id = $1

-- name: take_numbers
-- Reserve $2 consecutive incident numbers; returns the last.
insert into counters (name, value) values ($1, $2)
on conflict (name) do update set value = counters.value + excluded.value
returning value

-- name: save
-- Insert new incidents, replace what may change of known ones.
insert into incidents (incident_id, number, category, grade, tags, title, division, place_text, from_node, nodes,
                       quantities, occurred_at, known_at, received_at, graded_at, stopped_at, state, closed_at,
                       close_reason, report_count, final_report_id, doubtful_times)
select incident_id, number, category, grade, array(select jsonb_array_elements_text(tags::jsonb)), title, division, place_text,
       from_node, nodes::jsonb, quantities::jsonb, occurred_at, known_at, received_at, graded_at, stopped_at, state,
       closed_at, close_reason, report_count, final_report_id,
       array(select jsonb_array_elements_text(doubtful_times::jsonb))
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
            $9::text[], $10::text[], $11::text[], $12::timestamptz[], $13::timestamptz[], $14::timestamptz[],
            $15::timestamptz[], $16::timestamptz[], $17::text[], $18::timestamptz[], $19::text[], $20::int[],
            $21::uuid[], $22::text[])
  as r(incident_id, number, category, grade, tags, title, division, place_text, from_node, nodes, quantities,
       occurred_at, known_at, received_at, graded_at, stopped_at, state, closed_at, close_reason, report_count,
       final_report_id, doubtful_times)
on conflict (incident_id) do update set
    grade = excluded.grade, tags = excluded.tags, title = excluded.title, nodes = excluded.nodes,
    quantities = excluded.quantities, occurred_at = excluded.occurred_at, known_at = excluded.known_at,
    graded_at = excluded.graded_at, stopped_at = excluded.stopped_at, state = excluded.state,
    closed_at = excluded.closed_at, close_reason = excluded.close_reason, report_count = excluded.report_count,
    final_report_id = excluded.final_report_id, doubtful_times = excluded.doubtful_times

-- name: change
-- What a duty officer's act may change of one incident.
update incidents set grade = $2, graded_at = $3, stopped_at = $4, state = $5, closed_at = $6, close_reason = $7,
       forward_count = $8, grade_decided = $9
where incident_id = $1

-- name: listing
-- Incidents by state that are in somebody's scope, the newest first, with what is next due and who has answered.
select i.*, n.next_due_at, coalesce(a.unanswered, 0) = 0 as acknowledged
from incidents i
left join lateral (
    select min(due_at) as next_due_at from obligations o
    where o.incident_id = i.incident_id and o.state = 'open'
) n on true
left join lateral (
    select count(*) as unanswered from alerts a
    where a.incident_id = i.incident_id and a.state in ('open', 'exhausted') and a.reason <> 'obligation_due_soon'
) a on true
where ($1 = 'all' or i.state = $1) and in_scope(i, $2, $3, $4, $5)
order by i.received_at desc
limit $6

-- name: urgent
-- Open incidents a console shows first: those whose next limit is nearest, and the newest besides. Both ends of an
-- index, so it costs what is shown and not what is open.
with nearest as (
    select o.incident_id from obligations o join incidents i using (incident_id)
    where o.state = 'open' and in_scope(i, $1, $2, $3, $4) order by o.due_at limit $5 * 8
), newest as (
    select i.incident_id from incidents i
    where i.state = 'open' and in_scope(i, $1, $2, $3, $4)
    order by i.received_at desc limit $5 / 2
)
select i.*, n.next_due_at, coalesce(a.unanswered, 0) = 0 as acknowledged
from incidents i
left join lateral (
    select min(due_at) as next_due_at from obligations o
    where o.incident_id = i.incident_id and o.state = 'open'
) n on true
left join lateral (
    select count(*) as unanswered from alerts a
    where a.incident_id = i.incident_id and a.state in ('open', 'exhausted') and a.reason <> 'obligation_due_soon'
) a on true
where i.incident_id in (select incident_id from nearest union select incident_id from newest) and i.state = 'open'
order by n.next_due_at nulls last
limit $5

-- name: open_count
-- How many incidents are open.
select count(*) as open from incidents i
where i.state = 'open' and in_scope(i, $1, $2, $3, $4)

-- name: since
-- What was first received since then, the newest first.
select * from incidents where received_at >= $1 order by received_at desc limit $2
