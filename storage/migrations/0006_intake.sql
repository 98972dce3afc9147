-- Whether a report could reach us at all: when a door last could take one, and the windows in which none could.
-- Everything here is real time by the doors' own machines, whatever clock the county runs on.

create table intake_beats (
    role text primary key,
    at   timestamptz not null
);

-- Half-open, and never one over another: the constraint is also the index by which a due time finds its gap.
create table intake_gaps (
    started_at  timestamptz primary key,
    ended_at    timestamptz not null,
    recorded_at timestamptz not null default now(),
    check (started_at < ended_at),
    exclude using gist (tstzrange(started_at, ended_at) with &&)
);
