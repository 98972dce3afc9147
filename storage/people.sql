-- name: save_nodes
-- The units of the reporting chain as the county's files say.
insert into nodes (code, name, name_en, role, division, parent, phone, handles)
select code, name, name_en, role, division, parent, phone, array(select jsonb_array_elements_text(handles))
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[])
  as r(code, name, name_en, role, division, parent, phone, handles)
on conflict (code) do update set name = excluded.name, name_en = excluded.name_en, role = excluded.role,
    division = excluded.division, parent = excluded.parent, phone = excluded.phone, handles = excluded.handles

-- name: retire
-- Whom the new file does not name under the same login is out; password, tokens and sessions go in the same moment.
with gone as (
    update people p set active = false, password_hash = null
    where (p.active or p.password_hash is not null)
      and not exists (select from unnest($1::uuid[], $2::text[]) as f(person_id, login)
                      where f.person_id = p.person_id and f.login = p.login)
    returning p.person_id, p.login
), tokens as (delete from api_tokens where person_id in (select person_id from gone)
), ended as (delete from sessions where person_id in (select person_id from gone))
select person_id, login from gone

-- name: tell_doors
-- The doors ask again for everybody they remember.
select pg_notify('jibao_access', '')

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
with changed as (update people set password_hash = $2 where login = $1 and active returning person_id),
ended as (delete from sessions where person_id in (select person_id from changed))
select pg_notify('jibao_access', person_id::text) from changed

-- name: by_login
-- Who signs in.
select * from people where login = $1 and may_sign_in

-- name: account
-- An account by its login, whether it may sign in or not.
select person_id, login, name, post, node, role, deactivated_at, may_sign_in from people where login = $1 and active

-- name: may_sign_in
-- Whether a person may act for herself still.
select may_sign_in from people where person_id = $1

-- name: deactivate
-- Out at once: sessions and tokens go in the same moment; the password stays for the day she comes back.
with gone as (
    update people set deactivated_at = $2 where login = $1 and active and deactivated_at is null returning person_id
), tokens as (delete from api_tokens where person_id in (select person_id from gone)
), ended as (delete from sessions where person_id in (select person_id from gone))
select person_id, pg_notify('jibao_access', person_id::text) from gone

-- name: reactivate
-- May sign in again, with the password of before and no token.
update people set deactivated_at = null where login = $1 and active and deactivated_at is not null
returning person_id

-- name: all
-- Everybody.
select * from people where may_sign_in order by node, login
