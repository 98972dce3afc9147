-- name: known
-- Which of these reports are stored already, with what they said and whose they are.
select report_id, incident_id, from_node, body_hash from reports where report_id = any($1::uuid[])

-- name: insert
-- Store reports; a report is never updated.
insert into reports (report_id, incident_id, number, stage, medium, door, category, grade, division, from_node,
                     submitted_by, receipt_no, corrects, body, body_hash, missing, occurred_at, known_at, called_at,
                     received_at, broker_at, judged_at, doubtful_times, given)
select report_id, incident_id, number, stage, medium, door, category, grade, division, from_node, submitted_by,
       receipt_no, corrects, body::jsonb, body_hash, array(select jsonb_array_elements_text(missing::jsonb)), occurred_at, known_at,
       called_at, received_at, broker_at, judged_at, array(select jsonb_array_elements_text(doubtful_times::jsonb)),
       case when given is not null then array(select jsonb_array_elements_text(given::jsonb)) end
from unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::text[], $11::uuid[], $12::text[], $13::uuid[], $14::text[], $15::text[], $16::text[],
            $17::timestamptz[], $18::timestamptz[], $19::timestamptz[], $20::timestamptz[], $21::timestamptz[],
            $22::timestamptz[], $23::text[], $24::text[])
  as r(report_id, incident_id, number, stage, medium, door, category, grade, division, from_node, submitted_by,
       receipt_no, corrects, body, body_hash, missing, occurred_at, known_at, called_at, received_at, broker_at,
       judged_at, doubtful_times, given)

-- name: contents
-- What the reports of these incidents said, in the order in which they were stored.
select report_id, incident_id, body, given, division, from_node, judged_at from reports
where incident_id = any($1::uuid[]) order by incident_id, number

-- name: refuse
-- Keep input aside with its reason; the same refusal twice is kept once.
insert into refusals (refusal_id, report_id, reason, field, detail, submitted_by, door, body, at)
select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::text[], $8::bytea[],
                     $9::timestamptz[])
on conflict (refusal_id) do nothing
returning refusal_id

-- name: state
-- What became of one report: stored, or refused with its reason.
select 'stored' as state, r.incident_id, r.number, r.receipt_no, r.received_at, r.missing, r.doubtful_times,
       r.division,
       r.category, r.from_node, r.submitted_by, null as reason, null as detail, null as field
from reports r where r.report_id = $1
union all
select 'refused', null, null, null, f.at, '{}', '{}', null, null, null, f.submitted_by, f.reason, f.detail, f.field
from refusals f where f.report_id = $1 and not exists (select from reports r where r.report_id = $1)
limit 1

-- name: of_incident
-- An incident's reports in their order.
select r.*, p.name as submitted_by_name from reports r left join people p on p.person_id = r.submitted_by
where r.incident_id = $1 order by r.number

-- name: count_unknown
-- How many of these ids are neither stored nor refused.
select count(*) as missing from unnest($1::uuid[]) as a(id)
where not exists (select from reports r where r.report_id = a.id)
  and not exists (select from refusals f where f.report_id = a.id)
