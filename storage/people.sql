-- name: save_nodes
-- The units of the reporting chain as the county's files say.
insert into nodes (code, name, name_en, role, division, parent, phone, handles)
select code, name, name_en, role, division, parent, phone, array(select jsonb_array_elements_text(handles))
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[])
  as r(code, name, name_en, role, division, parent, phone, handles)
on conflict (code) do update set name = excluded.name, name_en = excluded.name_en, role = excluded.role,
    division = excluded.division, parent = excluded.parent, phone = excluded.phone, handles = excluded.handles

-- name: save_people
-- People as the county's files say; a password that somebody set stays.
insert into people (person_id, login, name, name_en, post, node, role, phone, contacts)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                     $9::jsonb[])
on conflict (person_id) do update set login = excluded.login, name = excluded.name, name_en = excluded.name_en,
    post = excluded.post, node = excluded.node, role = excluded.role, phone = excluded.phone,
    contacts = excluded.contacts, active = true

-- name: save_file
-- A new version of a duty file, if it says something new.
insert into county_files (kind, version, body)
select $1, coalesce(max(version), 0) + 1, $2::jsonb from county_files where kind = $1
having $2::jsonb is distinct from (select body from county_files where kind = $1 order by version desc limit 1)

-- name: file
-- The duty file in force.
select version, body::text as body from county_files where kind = $1 order by version desc limit 1

-- name: set_password
-- A new password ends the sessions that the old one opened.
with changed as (update people set password_hash = $2 where login = $1 returning person_id)
delete from sessions where person_id in (select person_id from changed)

-- name: by_login
-- Who signs in.
select * from people where login = $1 and active

-- name: all
-- Everybody.
select * from people where active order by node, login

-- name: by_token
-- Whose API token this is.
select p.* from api_tokens t join people p using (person_id)
where t.token_hash = $1 and p.active and (t.expires_at is null or t.expires_at > $2)

-- name: save_token
-- An API token, by its hash.
insert into api_tokens (token_hash, person_id, label) values ($1, $2, $3)
on conflict (token_hash) do update set person_id = excluded.person_id, label = excluded.label

-- name: open_session
-- A signed-in browser.
insert into sessions (session_hash, person_id, csrf, created_at, expires_at) values ($1, $2, $3, $4, $5)

-- name: by_session
-- Who this browser is.
select p.*, s.csrf from sessions s join people p using (person_id)
where s.session_hash = $1 and p.active and s.expires_at > $2

-- name: end_session
-- Sign out.
delete from sessions where session_hash = $1

-- name: forget_sessions
-- Sessions that ran out.
delete from sessions where expires_at <= $1
