-- What was said: incidents, their immutable reports, and what could not be stored, with its reason.

create table counters (
    name  text primary key,
    value bigint not null
);

create table incidents (
    incident_id     uuid primary key,
    number          text not null unique,
    category        text not null,
    grade           text not null,
    tags            text[] not null default '{}',
    title           text not null,
    division        text,
    place_text      text,
    from_node       text,
    nodes           jsonb not null default '{}',
    quantities      jsonb not null default '{}',
    occurred_at     timestamptz,
    known_at        timestamptz,
    received_at     timestamptz not null,
    graded_at       timestamptz,
    stopped_at      timestamptz,
    state           text not null default 'open',
    closed_at       timestamptz,
    close_reason    text,
    report_count    integer not null default 0,
    final_report_id uuid,
    recorded_at     timestamptz not null default now()
);
create index incidents_open on incidents (received_at desc) where state = 'open';
create index incidents_received on incidents (received_at desc);
create index incidents_division on incidents (division text_pattern_ops, received_at desc);

create table reports (
    report_id    uuid primary key,
    incident_id  uuid references incidents,
    number       integer not null,
    stage        text not null,
    medium       text not null,
    door         text not null,
    category     text not null,
    grade        text not null,
    division     text,
    from_node    text,
    submitted_by uuid not null,
    receipt_no   text not null,
    corrects     uuid,
    body         jsonb not null,
    body_hash    text not null,
    missing      text[] not null default '{}',
    occurred_at  timestamptz,
    known_at     timestamptz,
    called_at    timestamptz,
    received_at  timestamptz not null,  -- by the door's clock, as on the receipt
    broker_at    timestamptz not null,  -- by the broker: the judge of a written report
    judged_at    timestamptz not null,  -- what timeliness counts: the call for a phone call, else the broker
    recorded_at  timestamptz not null default now(),
    unique (incident_id, number)
);

-- Kept aside, never dropped: input that is unreadable, not allowed, or against the life of its incident.
create table refusals (
    refusal_id   uuid primary key,
    report_id    uuid,
    reason       text not null,
    field        text,
    detail       text not null default '',
    submitted_by uuid,
    door         text not null default '',
    body         bytea not null,
    at           timestamptz not null,
    recorded_at  timestamptz not null default now()
);
create index on refusals (report_id) where report_id is not null;
create index on refusals (at desc);

-- Facts that a reaction could not digest after several tries, with the error; an operator replays or dismisses them.
create table parked (
    parked_id   uuid primary key,
    consumer    text not null,
    stream      text not null,
    subject     text not null,
    body        bytea not null,
    error       text not null,
    tries       integer not null,
    at          timestamptz not null,
    handled_at  timestamptz,
    recorded_at timestamptz not null default now()
);
create index parked_open on parked (at) where handled_at is null;
