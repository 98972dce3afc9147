-- Least rights, applied again after every migration. The record (events, timeliness, reports) and the packs can only be added to.
-- The four roles are made by `jibao migrate` where it may, else by deploy/postgres/roles.sql.

-- What an earlier version granted and this one does not is taken back.
revoke all on all tables in schema public from public, jibao_doors, jibao_consumers, jibao_clock, jibao_relay;
grant usage on schema public to jibao_doors, jibao_consumers, jibao_clock, jibao_relay;

-- The doors read everything they show, sign people in, and carry out what a duty officer does to an incident.
grant select on nodes, people, api_tokens, sessions, county_files, counters, incidents, reports, refusals, parked,
    obligations, timeliness, alerts, attempts, events, relay_position, intake_beats, intake_gaps, packs to jibao_doors;
grant select on security_log to jibao_doors;
grant insert (at, kind, person_id, login, by_person, address, agent, detail) on security_log to jibao_doors;
grant insert, delete on sessions to jibao_doors;
grant update (seen_at) on sessions to jibao_doors;
grant delete on api_tokens to jibao_doors;
grant update (deactivated_at) on people to jibao_doors;
grant execute on function change_own_password(bytea, text, text) to jibao_doors;
grant update (grade, graded_at, stopped_at, state, closed_at, close_reason) on incidents to jibao_doors;
grant update (state, due_at, next_at, done_at, reason, breached_at, revision, binding, others) on obligations
    to jibao_doors;
grant update (step, round, state, person_id, next_at, grade, acknowledged_at, acknowledged_by, acknowledged_medium,
    note) on alerts to jibao_doors;
grant insert on events, refusals, intake_beats, intake_gaps, packs to jibao_doors;
grant update (at) on intake_beats to jibao_doors;
grant delete on intake_gaps to jibao_doors;

-- The consumers store, route, deliver, escalate and record.
grant select on nodes, county_files, incidents, reports, refusals, parked, obligations, timeliness, alerts,
    attempts, events, counters, intake_gaps, packs to jibao_consumers;
grant insert on incidents, reports, refusals, parked, obligations, timeliness, alerts, attempts, events, counters
    to jibao_consumers;
grant update on counters, incidents, obligations, alerts, attempts to jibao_consumers;
grant update (sequence, error, tries, at, handled_at) on parked to jibao_consumers;

-- The clock rings, and its auditor looks.
grant select on nodes, obligations, alerts, attempts, incidents, timeliness, events, relay_position, county_files,
    parked, reports, refusals, intake_gaps, packs to jibao_clock;
grant update (next_at, breached_at, detected_at) on obligations to jibao_clock;
grant update (next_at) on alerts to jibao_clock;
grant insert on events to jibao_clock;

-- The relay reads the ledger and moves its own position.
grant select on events, relay_position to jibao_relay;
grant update on relay_position to jibao_relay;

-- The rule of who sees what, for those who read for somebody.
revoke all on function in_scope(incidents, text, text, text[], text) from public;
grant execute on function in_scope(incidents, text, text, text[], text) to jibao_doors;
