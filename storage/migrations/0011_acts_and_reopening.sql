-- An act happens once; an incident can be reopened, which withdraws verdicts; reports are ordered by when their content
-- was known.

-- What a person did under an id of her own, and the answer she got: the same id again gets the same answer.
create table acts (
    act_id      uuid primary key,
    person_id   uuid not null,
    act         text not null,
    digest      text not null,
    status      integer not null,
    answer      text not null,
    at          timestamptz not null,
    recorded_at timestamptz not null default now()
);

alter table incidents
    add column forward_count integer not null default 0,
    add column grade_decided boolean not null default false,  -- by the duty room, so that no report changes it any more
    add column content_known_at timestamptz;                  -- of the newest content that reports have brought
update incidents i set forward_count = f.forwards
from (select incident_id, count(*) as forwards from events where kind = 'report.forwarded' group by 1) f
where f.incident_id = i.incident_id;
update incidents i set grade_decided = true
where exists (select from events e
              where e.incident_id = i.incident_id and e.kind = 'incident.regraded' and e.body ->> 'why' is not null);
update incidents i set content_known_at = r.judged_at
from (select incident_id, max(judged_at) as judged_at from reports group by 1) r
where r.incident_id = i.incident_id;

-- The fields that a report named itself: a correction with an empty list of tags removes them, one without leaves them.
alter table reports add column given text[];

-- A reopened obligation is settled again under its next revision; the verdict that the reopening undid stays on record
-- and is withdrawn by a row of its own, so that the record is only added to.
alter table timeliness add column revision integer not null default 1;
update timeliness t set revision = o.revision
from obligations o where o.obligation_id = t.obligation_id and o.revision <> 1;
alter table timeliness drop constraint timeliness_pkey, add primary key (obligation_id, revision);
create table withdrawn_verdicts (
    obligation_id uuid not null,
    revision      integer not null,
    incident_id   uuid not null,
    why           text not null,
    at            timestamptz not null,
    recorded_at   timestamptz not null default now(),
    primary key (obligation_id, revision)
);
