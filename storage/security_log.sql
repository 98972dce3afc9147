-- name: append
-- Add entries; nobody changes or removes one.
insert into security_log (at, kind, person_id, login, by_person, address, agent, detail)
select $1, kind, person_id, login, by_person, address, agent, detail
from unnest($2::text[], $3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::jsonb[])
  as r(kind, person_id, login, by_person, address, agent, detail)

-- name: page
-- Entries after a place, oldest first, narrowed by kind, by login and by time.
select l.seq, l.at, l.kind, l.person_id, coalesce(nullif(l.login, ''), p.login, '') as login, b.login as by_login,
       l.address, l.agent, l.detail, l.recorded_at
from security_log l left join people p on p.person_id = l.person_id left join people b on b.person_id = l.by_person
where l.seq > $1 and ($2::text is null or l.kind = $2)
  and ($3::text is null or l.login = $3 or (l.login = '' and p.login = $3))
  and ($4::timestamptz is null or l.at >= $4) and ($5::timestamptz is null or l.at < $5)
order by l.seq limit $6
