-- The database and its five roles, for a DBA: run once as a superuser; a second run changes nothing but passwords.
--
--     psql -X -v ON_ERROR_STOP=1 -f roles.sql postgres
--
-- No password stands here. Where JIBAO_OWNER_DATABASE_PASSWORD and JIBAO_DOORS_…, _CONSUMERS_…, _CLOCK_…, _RELAY_…
-- are in psql's environment they are set from there (an environment, unlike `-v`, is not shown by `ps`). Where they
-- are not, the role cannot sign in with a password until you type one:  \password jibao_doors
--
-- jibao_owner owns the tables and runs `jibao migrate`; no role that works day by day is it. What each of the four
-- may do is storage/privileges.sql, which `jibao migrate` applies.

\set ON_ERROR_STOP on
set log_statement = 'none'; -- the passwords must not reach the server's log
set log_min_duration_statement = -1;
set log_min_error_statement = 'panic';
set password_encryption = 'scram-sha-256';

select format('create role %I login nosuperuser nocreatedb nocreaterole noreplication nobypassrls', name)
from unnest(array['jibao_owner', 'jibao_doors', 'jibao_consumers', 'jibao_clock', 'jibao_relay']) as name
where not exists (select from pg_roles where rolname = name)
\gexec

\getenv owner_password JIBAO_OWNER_DATABASE_PASSWORD
\getenv doors_password JIBAO_DOORS_DATABASE_PASSWORD
\getenv consumers_password JIBAO_CONSUMERS_DATABASE_PASSWORD
\getenv clock_password JIBAO_CLOCK_DATABASE_PASSWORD
\getenv relay_password JIBAO_RELAY_DATABASE_PASSWORD
\if :{?owner_password}
alter role jibao_owner password :'owner_password';
\endif
\if :{?doors_password}
alter role jibao_doors password :'doors_password';
\endif
\if :{?consumers_password}
alter role jibao_consumers password :'consumers_password';
\endif
\if :{?clock_password}
alter role jibao_clock password :'clock_password';
\endif
\if :{?relay_password}
alter role jibao_relay password :'relay_password';
\endif

-- A transaction that was forgotten holds back every fact after it (the relay reads in commit order).
alter role jibao_doors set idle_in_transaction_session_timeout = '30s';
alter role jibao_consumers set idle_in_transaction_session_timeout = '30s';
alter role jibao_clock set idle_in_transaction_session_timeout = '30s';
alter role jibao_relay set idle_in_transaction_session_timeout = '30s';

-- The builtin locale sorts the same on every machine and after every upgrade of the operating system.
select 'create database jibao owner jibao_owner template template0 encoding UTF8'
       ' locale_provider builtin builtin_locale ''C.UTF-8'' locale ''C'''
where not exists (select from pg_database where datname = 'jibao')
\gexec

revoke all on database jibao, postgres, template1 from public;
grant connect on database jibao to jibao_doors, jibao_consumers, jibao_clock, jibao_relay;
