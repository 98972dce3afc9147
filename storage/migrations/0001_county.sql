-- Who there is: the reporting chain, its people, their sign-ins, and the duty files as versioned documents.

create table nodes (
    code     text primary key,
    name     text not null,
    name_en  text not null default '',
    role     text not null,
    division text not null,
    parent   text references nodes deferrable initially deferred,
    phone    text,
    handles  text[] not null default '{}'
);

create table people (
    person_id     uuid primary key,
    login         text not null unique,
    name          text not null,
    name_en       text not null default '',
    post          text not null default '',
    node          text not null references nodes,
    role          text not null,
    phone         text,
    contacts      jsonb not null default '[]',
    password_hash text,
    active        boolean not null default true
);

-- Only the hash of a token is kept: who reads this table can sign in as nobody.
create table api_tokens (
    token_hash bytea primary key,
    person_id  uuid not null references people,
    label      text not null default '',
    expires_at timestamptz
);
create index on api_tokens (person_id);

create table sessions (
    session_hash bytea primary key,
    person_id    uuid not null references people,
    csrf         text not null,
    created_at   timestamptz not null,
    expires_at   timestamptz not null
);
create index on sessions (expires_at);

-- kind: county. Every version stays, so a decision of last month can be explained.
create table county_files (
    kind       text not null,
    version    integer not null,
    body       jsonb not null,
    loaded_at  timestamptz not null default now(),
    primary key (kind, version)
);
