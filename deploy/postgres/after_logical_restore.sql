-- After pg_dump and pg_restore into a new cluster, BEFORE any role starts; as the owner:
--
--     psql -X -1 -v ON_ERROR_STOP=1 -f after_logical_restore.sql jibao
--
-- The ledger is read by transaction number, and a new cluster counts them from the beginning again: facts of today
-- would sort before facts of last year and never leave. So what came with the dump gets the two lowest numbers:
-- 0 for what was published, 1 for what was not. A physical backup (pg_basebackup) keeps its numbers and needs none
-- of this. A second run changes nothing. Open consoles must be loaded again afterwards.

update events e
set xid = case when (e.xid, e.seq) > (p.xid, p.seq) then '1'::xid8 else '0'::xid8 end
from relay_position p
where p.xid > '1'::xid8 or e.xid > '1'::xid8;

update relay_position
set xid = '0', seq = coalesce((select max(seq) from events where xid = '0'), 0)
where xid > '1'::xid8;
