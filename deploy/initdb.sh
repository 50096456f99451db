#!/bin/sh
# Roles and database of docs/how-to/own-postgresql.md, once, when the compose file's PostgreSQL is made.
set -eu
psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" \
  --set=owner="$OWNER_PASSWORD" --set=app="$APP_PASSWORD" --set=dump="$DUMP_PASSWORD" <<'SQL'
create role ytempire_owner login password :'owner';
create role ytempire_app login password :'app';
create role ytempire_dump login bypassrls password :'dump';
alter role ytempire_dump set default_transaction_read_only = on;
grant ytempire_dump to ytempire_owner with inherit false, set true;
create database ytempire owner ytempire_owner template template0 encoding 'UTF8';
revoke connect, temporary on database ytempire from public;
grant connect, temporary on database ytempire to ytempire_app, ytempire_dump;
SQL
[ -z "${N8N_PASSWORD:-}" ] || psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --set=n8n="$N8N_PASSWORD" <<'SQL'
create role ytempire_n8n login password :'n8n';
create database ytempire_n8n owner ytempire_n8n template template0;
revoke connect, temporary on database ytempire_n8n from public;
SQL
