-- Which role may say which kind of fact: a process that was taken over can still not forge what another decides.
-- The policies stand in storage/privileges.sql and are set again with every migration; owners and restores are not bound.
alter table events enable row level security;

-- One pack upload after another: a row that only the doors may hold, where an advisory lock could be taken by anybody.
create table pack_turn (only_row boolean primary key default true check (only_row));
insert into pack_turn default values;
