-- name: record
-- Write settled obligations into the record, once each.
insert into timeliness (obligation_id, incident_id, from_role, unit, to_role, stage, medium, occurrence, category,
                        grade, outcome, reason, due_at, done_at, lateness_seconds, rule, pack, pack_version, document,
                        article, settled_at, revision)
select r.obligation_id, r.incident_id, r.from_role, r.unit, r.to_role, r.stage, r.medium, r.occurrence, i.category,
       i.grade, r.outcome, r.reason, r.due_at, r.done_at, r.lateness, r.rule, r.pack, r.pack_version, r.document,
       r.article, r.settled_at, r.revision
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[], $9::text[],
            $10::text[], $11::timestamptz[], $12::timestamptz[], $13::float8[], $14::text[], $15::text[], $16::text[],
            $17::text[], $18::text[], $19::timestamptz[], $20::int[])
  as r(obligation_id, incident_id, from_role, unit, to_role, stage, medium, occurrence, outcome, reason, due_at,
       done_at, lateness, rule, pack, pack_version, document, article, settled_at, revision)
join incidents i using (incident_id)
on conflict (obligation_id, revision) do nothing
returning obligation_id, revision

-- name: withdraw
-- Verdicts that no longer hold, because the incident was opened again; the verdicts themselves stay.
insert into withdrawn_verdicts (obligation_id, revision, incident_id, why, at)
select * from unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::timestamptz[])
on conflict (obligation_id, revision) do nothing

-- name: by_group
-- The record of a period, counted by outcome, with the lateness of what was late; what is open and has run out is due
-- too (`overdue`), so nobody keeps a clean ratio by never sending. What was withdrawn does not count.
with settled as (
    select unit, stage, medium, rule, outcome, lateness_seconds from timeliness t
    where due_at >= $1 and due_at < $2 and ($4::text is null or unit = $4)
      and not exists (select from withdrawn_verdicts w
                      where w.obligation_id = t.obligation_id and w.revision = t.revision)
    union all
    select from_node, stage, medium, binding ->> 'id', 'overdue', null from obligations
    where state = 'open' and breached_at is not null and due_at >= $1 and due_at < $2
      and ($4::text is null or from_node = $4)
)
select case $3::text when 'unit' then s.unit when 'stage' then s.stage when 'medium' then s.medium else s.rule end
           as key,
       max(case $3::text when 'unit' then n.name end) as name,
       max(case $3::text when 'unit' then n.name_en end) as name_en,
       count(*) filter (where outcome = 'met') as met,
       count(*) filter (where outcome = 'late') as late,
       count(*) filter (where outcome = 'missed') as missed,
       count(*) filter (where outcome = 'overdue') as overdue,
       count(*) filter (where outcome = 'waived') as waived,
       count(*) filter (where outcome = 'disputed') as disputed,
       percentile_disc(0.5) within group (order by lateness_seconds) filter (where outcome in ('late', 'missed'))
           as median_late,
       percentile_disc(0.9) within group (order by lateness_seconds) filter (where outcome in ('late', 'missed'))
           as p90_late,
       max(lateness_seconds) filter (where outcome in ('late', 'missed')) as max_late
from settled s left join nodes n on n.code = s.unit
group by 1 order by 1

-- name: rows
-- The record itself, the newest first.
select t.*, n.name as unit_name, n.name_en as unit_name_en, i.number as incident_number, w.at as withdrawn_at
from timeliness t
left join withdrawn_verdicts w on w.obligation_id = t.obligation_id and w.revision = t.revision
left join nodes n on n.code = t.unit
join incidents i on i.incident_id = t.incident_id
where due_at >= $1 and due_at < $2 and ($3::text is null or t.unit = $3)
order by settled_at desc limit $4
