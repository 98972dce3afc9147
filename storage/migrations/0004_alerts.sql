-- Who was told, on which channel, and what came of it.

create table alerts (
    alert_id        uuid primary key,
    incident_id     uuid not null references incidents,
    obligation_id   uuid,
    reason          text not null,
    ladder          text not null,
    grade           text not null,
    title           text not null,
    step            integer not null,
    round           integer not null,
    state           text not null default 'open',
    person_id       uuid,
    raised_at       timestamptz not null,
    next_at         timestamptz,
    acknowledged_at timestamptz,
    acknowledged_by uuid,
    acknowledged_medium text,
    note            text,
    recorded_at     timestamptz not null default now()
);
create index alerts_next on alerts (next_at) where next_at is not null;
create index alerts_incident on alerts (incident_id);

create table attempts (
    attempt_id  uuid primary key,
    alert_id    uuid not null references alerts,
    step        integer not null,
    round       integer not null,
    person_id   uuid not null,
    channel     text not null,
    address     text not null default '',
    state       text not null default 'pending',
    reason      text,
    detail      text not null default '',
    raised_at   timestamptz not null,
    sent_at     timestamptz,
    answered_at timestamptz,
    recorded_at timestamptz not null default now()
);
create index on attempts (alert_id);
