-- name: by_token
-- Whose API token this is, and until when.
select p.*, t.expires_at as good_until from api_tokens t join people p using (person_id)
where t.token_hash = $1 and p.may_sign_in and (t.expires_at is null or t.expires_at > $2)

-- name: save_token
-- An API token, by its hash.
insert into api_tokens (token_hash, person_id, label, expires_at) values ($1, $2, $3, $4)
on conflict (token_hash) do update set person_id = excluded.person_id, label = excluded.label,
    expires_at = excluded.expires_at

-- name: tokens_of
-- A person's tokens as they may be shown: never the token nor its hash.
select token_id, label, created_at, expires_at from api_tokens where person_id = $1 order by created_at, token_id

-- name: revoke_token
-- One token of a person ends at once.
with gone as (delete from api_tokens where person_id = $1 and token_id = $2 returning person_id, label)
select label, pg_notify('jibao_access', person_id::text) from gone

-- name: open_session
-- A signed-in browser.
insert into sessions (session_hash, person_id, csrf, created_at, seen_at, expires_at, address, agent)
values ($1, $2, $3, $4, $4, $5, $6, $7)

-- name: by_session
-- Who this browser is, and until when; a session that nobody has used since the moment given is over.
select p.*, s.csrf, s.expires_at as good_until, s.seen_at, s.session_id from sessions s join people p using (person_id)
where s.session_hash = $1 and p.may_sign_in and s.expires_at > $2 and s.seen_at > $3

-- name: touch
-- These sessions are in use.
update sessions set seen_at = $2 where session_hash = any($1::bytea[]) and seen_at < $2

-- name: still_good
-- Which of these credentials are good.
select s.session_hash as hash from sessions s join people p using (person_id)
where s.session_hash = any($1::bytea[]) and p.may_sign_in and s.expires_at > $2 and s.seen_at > $3
union all
select t.token_hash from api_tokens t join people p using (person_id)
where t.token_hash = any($1::bytea[]) and p.may_sign_in and (t.expires_at is null or t.expires_at > $2)

-- name: sessions_of
-- A person's sessions as they may be shown; `this` is the one that asks.
select session_id, created_at, seen_at, expires_at, address, agent, session_hash = $2 as this
from sessions where person_id = $1 and expires_at > $3 and seen_at > $4 order by seen_at desc, session_id

-- name: end_session
-- Sign out.
with gone as (delete from sessions where session_hash = $1 returning person_id)
select person_id, pg_notify('jibao_access', person_id::text) from gone

-- name: end_sessions
-- End one session of a person, or all but the one that asks.
with gone as (
    delete from sessions where person_id = $1 and ($2::uuid is null or session_id = $2) and session_hash <> $3
    returning person_id, session_id
)
select session_id, pg_notify('jibao_access', person_id::text) from gone

-- name: change_own_password
-- A new password for whoever is signed in and gave the old one; her other sessions end.
select change_own_password($1, $2, $3) as changed

-- name: forget_sessions
-- Sessions that ran out.
delete from sessions where expires_at <= $1
