-- The one append-only table: outbox, audit trail and ledger. Facts are read in the order in which they were committed:
-- by (xid, seq), and only below the oldest transaction that is still under way.

create table events (
    seq         bigint generated always as identity primary key,
    xid         xid8 not null default pg_current_xact_id(),
    event_id    uuid not null unique default gen_random_uuid(),
    kind        text not null,
    incident_id uuid,
    division    text,
    at          timestamptz not null,
    body        jsonb not null,
    recorded_at timestamptz not null default now()
);
create index events_order on events (xid, seq);
create index events_incident on events (incident_id, seq) where incident_id is not null;

-- Up to where the relay has published; one row.
create table relay_position (
    only_row     boolean primary key default true check (only_row),
    xid          xid8 not null,
    seq          bigint not null,
    published_at timestamptz not null default now()
);
insert into relay_position (xid, seq) values ('0', 0);
