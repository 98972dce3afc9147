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
                       close_reason, report_count, final_report_id, known_since, content_known_at,
                       doubtful_times, sender)
select incident_id, number, category, grade, array(select jsonb_array_elements_text(tags::jsonb)), title, division, place_text,
       from_node, nodes::jsonb, quantities::jsonb, occurred_at, known_at, received_at, graded_at, stopped_at, state,
       closed_at, close_reason, report_count, final_report_id, known_since, content_known_at,
       array(select jsonb_array_elements_text(doubtful_times::jsonb)), sender
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
            $9::text[], $10::text[], $11::text[], $12::timestamptz[], $13::timestamptz[], $14::timestamptz[],
            $15::timestamptz[], $16::timestamptz[], $17::text[], $18::timestamptz[], $19::text[], $20::int[],
            $21::uuid[], $22::timestamptz[], $23::timestamptz[], $24::text[], $25::uuid[])
  as r(incident_id, number, category, grade, tags, title, division, place_text, from_node, nodes, quantities,
       occurred_at, known_at, received_at, graded_at, stopped_at, state, closed_at, close_reason, report_count,
       final_report_id, known_since, content_known_at, doubtful_times, sender)
on conflict (incident_id) do update set
    category = excluded.category, division = excluded.division, place_text = excluded.place_text,
    known_since = excluded.known_since, content_known_at = excluded.content_known_at,
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
-- Incidents by state that are in somebody's scope, the newest first, with what is next due and who has answered; those
-- after the incident $8.
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
  and ($7::text is null or i.from_node = $7) and ($9::uuid is null or i.sender = $9)
  and ($8::uuid is null or (i.received_at, i.incident_id)
       < (select b.received_at, b.incident_id from incidents b where b.incident_id = $8))
order by i.received_at desc, i.incident_id desc
limit $6

-- name: of_sender
-- The same for the open incidents of one sender, from an index of its own.
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
where i.state = 'open' and i.sender = $1 and in_scope(i, $2, $3, $4, $5)
  and ($7::text is null or i.from_node = $7)
  and ($8::uuid is null or (i.received_at, i.incident_id)
       < (select b.received_at, b.incident_id from incidents b where b.incident_id = $8))
order by i.received_at desc, i.incident_id desc
limit $6

-- name: followed
-- The newest open incidents that one node reported and those that are named, each with who last took it on.
select i.incident_id, i.number, i.title, i.category, i.grade, i.state, i.received_at, a.acknowledged_at,
       a.acknowledged_by_name, a.acknowledged_by_name_en
from (
    (select incident_id from incidents where from_node = $1 and state = 'open' order by received_at desc limit $3)
    union
    select unnest($2::uuid[])
) wanted
join incidents i using (incident_id)
left join lateral (
    select a.acknowledged_at, p.name as acknowledged_by_name, p.name_en as acknowledged_by_name_en
    from alerts a join people p on p.person_id = a.acknowledged_by
    where a.incident_id = i.incident_id
    order by a.acknowledged_at desc
    limit 1
) a on true
order by i.received_at desc

-- name: urgent
-- Open incidents a console shows first: those whose next limit is nearest, a sender's gravest before all, and the
-- newest, of one sender at most $6 of each. It reads the ends of indexes, for each sender, so it costs what is shown and
-- not what is open.
with recursive senders(sender) as (
    (select i.sender from incidents i where i.state = 'open' and i.sender is not null order by i.sender limit 1)
    union all
    select (select i.sender from incidents i where i.state = 'open' and i.sender > s.sender order by i.sender limit 1)
    from senders s where s.sender is not null
), soonest as (
    select o.incident_id, i.sender, i.grade, o.due_at
    from obligations o join incidents i using (incident_id)
    where o.state = 'open' and i.state = 'open' and in_scope(i, $1, $2, $3, $4) order by o.due_at limit $5 * 8
), nearest as (
    select incident_id, sender, row_number() over (
        partition by sender order by case grade when 'I' then 1 when 'II' then 2 when 'IV' then 4 else 3 end, min(due_at)
    ) as place
    from soonest group by incident_id, sender, grade
), newest as (
    select x.incident_id from senders s cross join lateral (
        select (r.i).incident_id from (
            select i from incidents i where i.state = 'open' and i.sender = s.sender
            order by i.received_at desc, i.incident_id desc limit $6 * 10
        ) r where in_scope(r.i, $1, $2, $3, $4) limit $6
    ) x
    union
    (select i.incident_id from incidents i
     where i.state = 'open' and i.sender is null and in_scope(i, $1, $2, $3, $4)
     order by i.received_at desc limit $5 / 2)
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
where i.state = 'open' and i.incident_id in (
    select incident_id from nearest where sender is null or place <= $6 union select incident_id from newest
)
order by case i.grade when 'I' then 1 when 'II' then 2 when 'IV' then 4 else 3 end, n.next_due_at nulls last
limit $5

-- name: open_of_senders
-- How many incidents of each of these senders are open; beyond a thousand nobody counts.
select s.sender, (
    select count(*) from (
        select 1 from incidents i
        where i.state = 'open' and i.sender = s.sender and in_scope(i, $1, $2, $3, $4) limit 1000
    ) x
) as open
from unnest($5::uuid[]) s(sender)

-- name: open_count
-- How many incidents are open.
select count(*) as open from incidents i
where i.state = 'open' and in_scope(i, $1, $2, $3, $4)

-- name: since
-- What was first received since then, the newest first.
select * from incidents where received_at >= $1 order by received_at desc limit $2
