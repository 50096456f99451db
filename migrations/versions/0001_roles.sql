-- What every later revision stands on: who may do what, and the two words that make a table a tenant's.
--
-- The roles themselves belong to the server, not to this database: see ytempire/local/roles.py, or
-- docs/how-to/own-postgresql.md for a server of your own.

revoke all on schema public from public;
grant usage on schema public to ytempire_app, ytempire_dump;

-- Whatever the owner makes from here on: the app may use it (under row-level security), the dump may read it.
alter default privileges in schema public grant select, insert, update, delete on tables to ytempire_app;
alter default privileges in schema public grant usage, select on sequences to ytempire_app;
alter default privileges revoke execute on functions from public;
alter default privileges in schema public grant execute on functions to ytempire_app;
alter default privileges in schema public grant select on tables to ytempire_dump;
alter default privileges in schema public grant select on sequences to ytempire_dump;

grant select on alembic_version to ytempire_app, ytempire_dump; -- made before this revision ran

-- The tenant of this transaction. After `set_config('app.user_id', …, true)` has ended with its transaction the value
-- is '' and not null, hence nullif. Without a tenant it is null, so no row matches.
create function app_user() returns uuid
    language sql stable parallel safe
    return nullif(current_setting('app.user_id', true), '')::uuid;
grant execute on function app_user() to ytempire_dump;

-- `select protect_tenant('channels')`: only rows whose user_id is the transaction's tenant exist, for the owner too.
create function protect_tenant(table_name regclass) returns void
    language plpgsql
as $$
begin
    execute format('alter table %s enable row level security', table_name);
    execute format('alter table %s force row level security', table_name);
    execute format(
        'create policy tenant on %s using (user_id = app_user()) with check (user_id = app_user())', table_name
    );
end
$$;
revoke execute on function protect_tenant(regclass) from ytempire_app;

-- `select cross_tenant('due_slots(timestamptz)')`: makes a SECURITY DEFINER function look across tenants, read only.
-- FORCEd row-level security hides all rows from the owner as well, so the function is handed to ytempire_dump, which
-- passes it and can write nothing. Such functions return ids; what is done with an id is done as its tenant. The list
-- of them is kept by a test.
create function cross_tenant(function_name regprocedure) returns void
    language plpgsql
as $$
declare
    found record;
begin
    select prosecdef, proconfig into found from pg_proc where oid = function_name;
    if not found.prosecdef or not coalesce(found.proconfig::text like '%search_path=%', false) then
        raise exception '% must be security definer with its search_path set', function_name;
    end if;
    execute format('revoke all on function %s from public', function_name);
    execute format('grant execute on function %s to ytempire_app', function_name);
    grant create on schema public to ytempire_dump; -- what a change of owner asks of the new one
    execute format('alter function %s owner to ytempire_dump', function_name);
    revoke create on schema public from ytempire_dump;
end
$$;
revoke execute on function cross_tenant(regprocedure) from ytempire_app;
