-- Where a parked message lies on its stream, so that its consumer can be handed it again with its own time.
alter table parked add column sequence bigint;
