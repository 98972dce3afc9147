-- Least rights, applied again after every migration. The record (events, timeliness, reports, acts) and the packs can only be added to.
-- The four roles are made by `jibao migrate` where it may, else by deploy/postgres/roles.sql.

-- What an earlier version granted and this one does not is taken back.
revoke all on all tables in schema public from public, jibao_doors, jibao_consumers, jibao_clock, jibao_relay;
grant usage on schema public to jibao_doors, jibao_consumers, jibao_clock, jibao_relay;

-- The doors read everything they show, sign people in, and carry out what a duty officer does to an incident.
grant select on nodes, people, api_tokens, sessions, county_files, counters, incidents, reports, refusals, parked,
    obligations, timeliness, withdrawn_verdicts, alerts, attempts, events, relay_position, intake_beats, intake_gaps,
    packs to jibao_doors;
grant select, insert on acts to jibao_doors;
grant select on security_log to jibao_doors;
grant insert (at, kind, person_id, login, by_person, address, agent, detail) on security_log to jibao_doors;
grant insert, delete on sessions to jibao_doors;
grant update (seen_at) on sessions to jibao_doors;
grant delete on api_tokens to jibao_doors;
grant update (deactivated_at) on people to jibao_doors;
grant execute on function change_own_password(bytea, text, text) to jibao_doors;
grant update (grade, graded_at, stopped_at, state, closed_at, close_reason, forward_count, grade_decided) on incidents
    to jibao_doors;
grant update (state, due_at, next_at, done_at, reason, breached_at, revision, binding, others) on obligations
    to jibao_doors;
grant update (step, round, state, person_id, next_at, grade, acknowledged_at, acknowledged_by, acknowledged_medium,
    note) on alerts to jibao_doors;
grant insert on events, refusals, intake_beats, intake_gaps, packs to jibao_doors;
grant update (at) on intake_beats to jibao_doors;
grant delete on intake_gaps to jibao_doors;

-- The consumers store, route, deliver, escalate and record.
grant select on nodes, county_files, incidents, reports, refusals, parked, obligations, timeliness,
    withdrawn_verdicts, alerts, attempts, events, counters, intake_gaps, packs to jibao_consumers;
grant insert on incidents, reports, refusals, parked, obligations, timeliness, withdrawn_verdicts, alerts, attempts,
    events, counters to jibao_consumers;
grant update on counters, incidents, obligations, alerts, attempts to jibao_consumers;
grant update (sequence, error, tries, at, handled_at) on parked to jibao_consumers;

-- The clock rings, and its auditor looks.
grant select on nodes, obligations, alerts, attempts, incidents, timeliness, withdrawn_verdicts, events, relay_position, county_files,
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

-- Who leads the relay holds this table's lock, which needs a right that only its role has; so it is with pack uploads.
grant select, update on relay_leader to jibao_relay;
grant select, update on pack_turn to jibao_doors;

-- Which facts each role says; all may be read. A new kind of fact is added here.
drop policy if exists may_read on events;
drop policy if exists doors_say on events;
drop policy if exists consumers_say on events;
drop policy if exists clock_says on events;
create policy may_read on events for select using (true);
create policy doors_say on events for insert to jibao_doors with check (kind = any (array['report.refused',
    'obligation.opened', 'obligation.met', 'obligation.lapsed', 'alert.acknowledged', 'incident.regraded', 'incident.stopped',
    'report.forwarded', 'incident.closed', 'incident.reopened', 'pack.adopted']));
create policy consumers_say on events for insert to jibao_consumers with check (kind = any (array['incident.opened',
    'report.stored', 'report.after_closing', 'report.refused', 'obligation.opened', 'obligation.met', 'obligation.lapsed', 'alert.raised',
    'alert.delivered', 'alert.failed', 'alert.uncertain', 'alert.escalated', 'alert.exhausted', 'alert.acknowledged',
    'incident.regraded', 'incident.stopped']));
create policy clock_says on events for insert to jibao_clock with check (kind = any (array['obligation.due_soon',
    'obligation.breached', 'alert.unanswered']));

-- Nobody outside has a way in, a place for tables of his own, or a function that runs as somebody else.
do $$
begin
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect on database %I to jibao_doors, jibao_consumers, jibao_clock, jibao_relay',
                   current_database());
    revoke all on schema public from public;
    grant usage on schema public to jibao_doors, jibao_consumers, jibao_clock, jibao_relay;
end
$$;

-- What the database itself witnesses (when a row was recorded, in which transaction, under which number) nobody
-- writes: a right to a whole table becomes a right to its other columns.
do $$
declare
    one record;
begin
    for one in
        select t.relname, r.role, p.act, string_agg(quote_ident(a.attname), ', ' order by a.attnum) as others
        from pg_class t
        join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
            and a.attname not in ('recorded_at', 'xid') and a.attidentity = '' and a.attgenerated = ''
        cross join unnest(array['jibao_doors', 'jibao_consumers', 'jibao_clock', 'jibao_relay']) as r(role)
        cross join unnest(array['insert', 'update']) as p(act)
        where t.relnamespace = 'public'::regnamespace and t.relkind in ('r', 'p')
          and exists (select from pg_attribute w where w.attrelid = t.oid and w.attname = 'recorded_at')
          and has_table_privilege(r.role, t.oid, p.act)
        group by t.relname, r.role, p.act
    loop
        execute format('revoke %s on %I from %I', one.act, one.relname, one.role);
        execute format('grant %s (%s) on %I to %I', one.act, one.others, one.relname, one.role);
    end loop;
end
$$;
