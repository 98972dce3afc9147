-- Why no door could take a report: a dispute must be explained to whoever was judged by it.
-- What was recorded before this is only known as a silence of all doors.

alter table intake_gaps
    add column cause text not null default 'all_doors_silent'
        check (cause in ('all_doors_silent', 'broker_unreachable', 'broker_refuses'));
