-- name: hold
-- When any door last could take a report; held, so that doors side by side write one after the other.
select at from intake_beats where role = $1 for update

-- name: beat
-- A door could take a report at this moment.
insert into intake_beats (role, at) values ($1, $2)
on conflict (role) do update set at = greatest(intake_beats.at, excluded.at)

-- name: add_gaps
-- Windows in which no door could take a report.
insert into intake_gaps (started_at, ended_at, cause)
select * from unnest($1::timestamptz[], $2::timestamptz[], $3::text[])

-- name: remove_gaps
-- Take back what another door has shown to be untrue.
delete from intake_gaps where started_at = any($1::timestamptz[])

-- name: gaps_between
-- The gaps that touch a span of real time, with a second's grace for a clock that rounds.
select started_at, ended_at, cause from intake_gaps
where tstzrange(started_at, ended_at)
      && tstzrange($1::timestamptz - interval '1 second', $2::timestamptz + interval '1 second', '[]')
order by started_at
