-- The packs that an office has put in force: added to, never changed. Of one pack the version that holds at a moment
-- is the one whose in_force_from came last; of two for the same moment, the later upload.

create table packs (
    seq           bigint generated always as identity primary key,
    pack_id       text not null,
    version       text not null,
    body          text not null,  -- the TOML, byte for byte as it was uploaded
    sha256        text not null,
    uploaded_by   uuid not null references people,
    uploaded_at   timestamptz not null,
    in_force_from timestamptz not null,
    note          text not null default '',
    recorded_at   timestamptz not null default now(),
    check (in_force_from >= uploaded_at)  -- nobody changes the rules of yesterday
);
create index packs_in_force on packs (pack_id, in_force_from desc, seq desc);
