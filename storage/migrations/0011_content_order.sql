-- When an incident itself was known: what a later report knew before that says nothing of the age of its content.
alter table incidents add column known_since timestamptz;
update incidents i set known_since = coalesce(r.known_at, i.received_at)
from reports r where r.report_id = i.incident_id;
