-- name: append
-- Add facts to the ledger; it is the outbox at the same time. Who listens is woken once, however often one
-- transaction says so.
with added as (
    insert into events (event_id, kind, incident_id, division, at, body)
    select event_id, kind, incident_id, division, at, body::jsonb
    from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::timestamptz[], $6::text[])
      as r(event_id, kind, incident_id, division, at, body)
)
select pg_notify('jibao', '')

-- name: position
-- How far the relay is known to have come.
select xid::text as xid, seq from relay_position

-- name: unpublished
-- Facts after a place, in commit order, below every transaction that is still under way.
select e.xid::text as xid, e.seq, e.event_id, e.kind, e.body::text as body,
       extract(epoch from clock_timestamp() - e.recorded_at)::float8 as waited
from events e
where (e.xid, e.seq) > ($1::text::xid8, $2)
  and e.xid < pg_snapshot_xmin(pg_current_snapshot())
order by e.xid, e.seq
limit $3

-- name: mark_published
-- Move the relay's position forward.
update relay_position set xid = $1::text::xid8, seq = $2, published_at = clock_timestamp()
where (xid, seq) < ($1::text::xid8, $2)

-- name: held_back
-- Seconds for which the oldest fact after a place has been waiting, though an older transaction may hold it back.
select extract(epoch from clock_timestamp() - recorded_at)::float8 as seconds
from events where (xid, seq) > ($1::text::xid8, $2) order by xid, seq limit 1

-- name: relay_lag
-- Seconds for which the oldest unpublished fact has been waiting, by the database's own witness; 0 when none waits.
select coalesce(extract(epoch from clock_timestamp() - e.recorded_at), 0)::float8 as seconds
from relay_position p
left join lateral (
    select recorded_at from events e where (e.xid, e.seq) > (p.xid, p.seq) order by e.xid, e.seq limit 1
) e on true

-- name: after
-- Facts after a place in the ledger, in commit order, of the incidents in somebody's scope.
select e.xid::text as xid, e.seq, e.kind, e.incident_id, e.at, e.body
from events e left join incidents i on i.incident_id = e.incident_id
where (e.xid, e.seq) > ($1::text::xid8, $2)
  and e.xid < pg_snapshot_xmin(pg_current_snapshot())
  and ($4::text is null or (i.incident_id is not null and in_scope(i, $4, $5, $6, $7)))
order by e.xid, e.seq
limit $3

-- name: news
-- The same facts as a screen hears of them: what changed, not how, and of which incident; it fetches what it shows.
select e.xid::text as xid, e.seq, e.kind, e.incident_id, e.at, e.body ->> 'why' as why,
       i.division, i.category, i.from_node, array(select value from jsonb_each_text(i.nodes)) as taking_part
from events e left join incidents i on i.incident_id = e.incident_id
where (e.xid, e.seq) > ($1::text::xid8, $2)
  and e.xid < pg_snapshot_xmin(pg_current_snapshot())
  and ($4::text is null or (i.incident_id is not null and in_scope(i, $4, $5, $6, $7)))
order by e.xid, e.seq
limit $3

-- name: last_place
-- The last place in the ledger below every transaction that is still under way.
select e.xid::text as xid, e.seq from events e
where e.xid < pg_snapshot_xmin(pg_current_snapshot())
order by e.xid desc, e.seq desc limit 1

-- name: of_incident
-- One incident's facts in order, with the names of whoever acted and of whoever was told; a removed person keeps hers.
select e.xid::text as xid, e.seq, e.kind, e.at, e.body, a.name as by_name, a.name_en as by_name_en,
       p.name as person_name, p.name_en as person_name_en
from events e
left join reports r on e.kind = 'report.stored' and r.report_id = (e.body ->> 'report_id')::uuid
left join people p on p.person_id = (e.body ->> 'person_id')::uuid
left join people a on a.person_id = coalesce(e.body ->> 'by', e.body ->> 'submitted_by', r.submitted_by::text,
                                             e.body ->> 'person_id')::uuid
where e.incident_id = $1 order by e.seq limit 2000

-- name: last_of
-- The last fact of these kinds about an incident, with the name of whoever did it.
select e.kind, e.at, e.body, p.name as by_name, p.name_en as by_name_en
from events e left join people p on p.person_id = (e.body ->> 'by')::uuid
where e.incident_id = $1 and e.kind = any($2::text[])
order by e.seq desc limit 1

-- name: lead_for_long
-- Leading is a transaction that does nothing for a long time; it holds back nobody, since it has no snapshot and no xid.
set local idle_in_transaction_session_timeout = 0

-- name: take_lead
-- Only one relay publishes at a time, so the order holds. This lock conflicts with itself alone, needs a right that only
-- the relay's role has, and goes with the connection.
lock table relay_leader in share update exclusive mode nowait
