-- Accounts that end: who is not in the county's files is out, whoever was deactivated stays out, tokens run out,
-- sessions are known by an id that may be shown, and everything that concerns sign-in is written down.

alter table people add column deactivated_at timestamptz;
alter table people add column may_sign_in boolean not null generated always as (active and deactivated_at is null) stored;

-- A login belongs to one person at a time; the next holder is another person and inherits nothing.
alter table people drop constraint people_login_key;
create unique index people_login on people (login) where active;

alter table api_tokens add column token_id uuid not null unique default gen_random_uuid();
alter table api_tokens add column created_at timestamptz not null default now();
update api_tokens set expires_at = now() + interval '1 year' where expires_at is null;

-- Sessions from before are ended: nobody knows when they were last used.
delete from sessions;
alter table sessions add column session_id uuid not null unique default gen_random_uuid();
alter table sessions add column seen_at timestamptz not null;
alter table sessions add column address text not null default '';
alter table sessions add column agent text not null default '';
create index on sessions (person_id);

-- Until now nobody was ever taken out: whom the file in force does not name is out from here on.
update people p set active = false, password_hash = null
where exists (select from county_files where kind = 'county')
  and not exists (
    select from jsonb_array_elements((select body -> 'people' from county_files where kind = 'county'
                                      order by version desc limit 1)) as one
    where one ->> 'person_id' = p.person_id::text and one ->> 'login' = p.login);
delete from api_tokens where person_id in (select person_id from people where not active);

-- Who signed in, failed, was ended, was looked at. Only added to; the ledger stays free of it, since every fact there
-- travels on the stream and wakes every screen.
create table security_log (
    seq         bigint generated always as identity primary key,
    at          timestamptz not null,
    kind        text not null,
    person_id   uuid,
    login       text not null default '',
    by_person   uuid,
    address     text not null default '',
    agent       text not null default '',
    detail      jsonb not null default '{}',
    recorded_at timestamptz not null default now()
);
create index on security_log (at);
create index on security_log (person_id, seq) where person_id is not null;

-- The doors may write no password but this one: that of whoever is signed in, who has just given the old one.
create function change_own_password(session bytea, known_hash text, new_hash text) returns boolean
language sql security definer set search_path = pg_catalog, public as $$
    with changed as (
        update people p set password_hash = new_hash
        from sessions s
        where s.session_hash = session and p.person_id = s.person_id and p.may_sign_in
          and p.password_hash = known_hash
        returning p.person_id
    ), ended as (
        delete from sessions s using changed c where s.person_id = c.person_id and s.session_hash <> session
    ), said as (
        select pg_notify('jibao_access', person_id::text) from changed
    )
    select count(*) = 1 from changed, said
$$;
revoke all on function change_own_password(bytea, text, text) from public;

-- Leadership of the relay is a table lock that only the relay's role may take: it goes with the connection, and unlike
-- an advisory lock nobody else can take it. The row is where a lease will stand.
create table relay_leader (only_row boolean primary key default true check (only_row));
insert into relay_leader default values;
