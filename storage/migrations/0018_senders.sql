-- Who reported an incident first, so that one who sends hundreds cannot push everybody else's from the screens.
-- Null for a call: the duty room's own people log them for many callers.
alter table incidents add column sender uuid;

update incidents i set sender = r.submitted_by
from reports r where r.report_id = i.incident_id and r.door <> 'phone_log';

create index incidents_open_of_sender on incidents (sender, received_at desc, incident_id desc) where state = 'open';
