-- name: overdue_unmarked
-- Open obligations past their due time that no clock has marked, after a grace in seconds.
select count(*) as found from obligations
where next_at is not null and next_at < $1::timestamptz - make_interval(secs => $2)

-- name: open_without_next
-- Open obligations that will never ring: neither breached nor waiting for a moment.
select count(*) as found from obligations where state = 'open' and next_at is null and breached_at is null

-- name: alerts_stuck
-- Alerts that nobody answered and that wait for nothing, older than the grace: nobody will be told.
select count(*) as found from alerts
where state in ('open', 'exhausted') and reason <> 'obligation_due_soon' and next_at is null
  and raised_at < $1::timestamptz - make_interval(secs => $2)
  and not exists (select from events e where e.incident_id = alerts.incident_id and e.kind = 'alert.unanswered'
                  and e.at > $1::timestamptz - make_interval(secs => $2))

-- name: settled_unrecorded
-- Obligations that ended but are not in the record of timeliness.
select count(*) as found from obligations o
where o.state <> 'open' and not exists (select from timeliness t
                                         where t.obligation_id = o.obligation_id and t.revision = o.revision)
  and o.opened_at > $1::timestamptz - interval '30 days'
  and o.recorded_at < clock_timestamp() - make_interval(secs => $2)
  and coalesce(o.done_at, o.opened_at) < $1::timestamptz - make_interval(secs => $2)

-- name: recorded_wrongly
-- Verdicts that their own times contradict.
select count(*) as found from timeliness
where (outcome = 'met' and done_at > due_at) or (outcome = 'late' and done_at <= due_at)

-- name: incidents_untold
-- Open incidents that raised no alert at all within the grace.
select count(*) as found from incidents i
where i.state = 'open' and i.received_at < $1::timestamptz - make_interval(secs => $2)
  and i.received_at > $1::timestamptz - interval '1 day'
  and i.recorded_at < clock_timestamp() - make_interval(secs => $2)
  and not exists (select from alerts a where a.incident_id = i.incident_id)
