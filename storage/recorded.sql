-- name: count
-- How many incidents were received in a span of time.
select count(*) as incidents from incidents where received_at >= $1 and received_at < $2

-- name: page
-- The next incidents of a span of time after a place in it, in the order of their receipt.
select incident_id, received_at from incidents
where received_at >= $1 and received_at < $2 and (received_at, incident_id) > ($3, $4::uuid)
order by received_at, incident_id limit $5

-- name: reports
-- What was reported about these incidents.
select report_id, incident_id, division, from_node, body, given, submitted_by, broker_at, judged_at from reports
where incident_id = any($1::uuid[]) order by incident_id, number

-- name: acts
-- What was done about these incidents, who was called and that somebody answered.
select incident_id, kind, at, body from events
where incident_id = any($1::uuid[])
  and kind = any($2::text[])
order by incident_id, seq

-- name: ends
-- How what these incidents owed has ended; what is open has not.
select incident_id, unit, to_role, stage, medium, occurrence, rule, due_at, outcome, lateness_seconds from timeliness t
where incident_id = any($1::uuid[])
  and not exists (select from withdrawn_verdicts w
                  where w.obligation_id = t.obligation_id and w.revision = t.revision)
union all
select incident_id, from_node, to_role, stage, medium, occurrence, binding ->> 'id', due_at, state, 0 from obligations
where incident_id = any($1::uuid[]) and state = 'open'
