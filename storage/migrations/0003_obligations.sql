-- What is owed and by when. next_at is the next moment at which anything can happen to a row; it is null when nothing can.

create table obligations (
    obligation_id uuid primary key,
    incident_id   uuid not null references incidents,
    from_role     text not null,
    from_node     text not null,
    to_role       text not null,
    to_node       text,
    stage         text not null,
    medium        text not null,
    occurrence    integer not null,
    state         text not null default 'open',
    due_at        timestamptz not null,
    counts_from   timestamptz,
    opened_at     timestamptz not null,
    next_at       timestamptz,
    breached_at   timestamptz,
    detected_at   timestamptz,
    escalated_at  timestamptz,
    done_at       timestamptz,
    reason        text,
    revision      integer not null default 1,
    division      text,
    binding       jsonb not null,
    others        jsonb not null default '[]',
    recorded_at   timestamptz not null default now(),
    unique (incident_id, from_node, to_role, stage, medium, occurrence)
);
-- The clock's index: only rows that are still to ring are in it, so its cost follows what is due.
create index obligations_next on obligations (next_at) where next_at is not null;
create index obligations_open on obligations (due_at) where state = 'open';
create index obligations_open_from on obligations (from_node, due_at) where state = 'open';

-- The record: one row for each settled obligation, written once. The application may INSERT and SELECT, nothing else.
create table timeliness (
    obligation_id    uuid primary key,
    incident_id      uuid not null,
    from_role        text not null,
    unit             text not null,
    to_role          text not null,
    stage            text not null,
    medium           text not null,
    occurrence       integer not null,
    category         text not null,
    grade            text not null,
    outcome          text not null,
    reason           text not null,
    due_at           timestamptz not null,
    done_at          timestamptz,
    lateness_seconds double precision not null,
    rule             text not null,
    pack             text not null,
    pack_version     text not null,
    document         text not null,
    article          text,
    settled_at       timestamptz not null,
    recorded_at      timestamptz not null default now()
);
create index timeliness_due on timeliness (due_at);
create index timeliness_incident on timeliness (incident_id);
