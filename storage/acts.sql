-- name: earlier
-- What was done under this id, if anything was.
select person_id, act, digest, status, answer from acts where act_id = $1

-- name: remember
-- Keep an act with its answer; no row when another act has taken the id meanwhile.
insert into acts (act_id, person_id, act, digest, status, answer, at) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (act_id) do nothing
returning act_id
