-- name: hold
-- One upload after another, so that no version is ever used for two bodies; the lock goes with the transaction.
select from pack_turn for update

-- name: add
-- A pack that holds from $7 on.
insert into packs (pack_id, version, body, sha256, uploaded_by, uploaded_at, in_force_from, note)
values ($1, $2, $3, $4, $5, $6, $7, $8)
returning *

-- name: in_force
-- Of each pack the version that holds at $1, those in $2 left out: they cannot be read any more.
select distinct on (pack_id) *
from packs
where in_force_from <= $1 and seq <> all($2::bigint[])
order by pack_id, in_force_from desc, seq desc

-- name: mark
-- What holds at $1, as one short text that changes with it, and when that changes next.
select
    (select coalesce(string_agg(seq::text, ',' order by seq), '') from (
        select distinct on (pack_id) seq from packs where in_force_from <= $1
        order by pack_id, in_force_from desc, seq desc
    ) standing) as standing,
    (select min(in_force_from) from packs where in_force_from > $1) as next_at

-- name: of_version
-- Every time that this version was put in force, the last first.
select * from packs where pack_id = $1 and version = $2 order by seq desc

-- name: history
-- Every upload without its body, and who it was, the last first.
select p.seq, p.pack_id, p.version, p.sha256, p.uploaded_by, p.uploaded_at, p.in_force_from, p.note,
       who.name as uploaded_by_name
from packs p join people who on who.person_id = p.uploaded_by
order by p.seq desc
limit $1
