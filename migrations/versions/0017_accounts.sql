-- Accounts: passwords, second factors, sessions, API keys, invitations; and that a user's rows go with the user.

alter table users
    add column role text not null default 'creator' check (role in ('creator', 'operator')),
    add column suspended_at timestamptz,
    drop constraint users_email_key;
create unique index users_email_once on users (lower(email));
create index users_by_age on users (created_at, id);

create table passwords (
    user_id uuid primary key references users (id) on delete cascade,
    hash text not null,
    changed_at timestamptz not null
);
comment on table passwords is 'argon2id, with its parameters; apart from users, so that nobody selects it with the rest.';
select protect_tenant('passwords');

create table totps (
    user_id uuid primary key references users (id) on delete cascade,
    secret bytea not null,
    confirmed_at timestamptz,
    last_step bigint not null default 0
);
comment on column totps.secret is 'Sealed with the user''s data key.';
comment on column totps.last_step is 'The 30 s of the last code that was taken: each code counts once.';
select protect_tenant('totps');

create table sessions (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    token_hash bytea not null unique,
    agent text not null,
    created_at timestamptz not null,
    seen_at timestamptz not null,
    expires_at timestamptz not null
);
comment on column sessions.token_hash is 'SHA-256 of 256 random bits: who reads the table can sign in nowhere.';
create index sessions_of_user on sessions (user_id);
select protect_tenant('sessions');

create table api_keys (
    id text primary key,
    user_id uuid not null references users (id) on delete cascade,
    name text not null,
    secret_hash bytea not null,
    scopes text[] not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    used_at timestamptz,
    revoked_at timestamptz
);
create index api_keys_of_user on api_keys (user_id, created_at, id);
select protect_tenant('api_keys');

create table invitations (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    email text not null,
    role text not null check (role in ('creator', 'operator')),
    token_hash bytea not null unique,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    accepted_at timestamptz
);
comment on column invitations.user_id is 'Who invites.';
create index invitations_of_user on invitations (user_id, created_at, id);
select protect_tenant('invitations');

create table reset_links (
    user_id uuid primary key references users (id) on delete cascade,
    token_hash bytea not null unique,
    with_totp boolean not null,
    expires_at timestamptz not null
);
comment on table reset_links is 'At most one per user: a newer one ends the older, using it deletes it.';
select protect_tenant('reset_links');

-- Whose is this? Asked before anybody is known, so across tenants; what is found is read as its tenant.
create function user_of_email(text) returns uuid
    language sql stable security definer set search_path = public, pg_temp
    return (select u.id from users u where lower(u.email) = lower($1));
create function user_of_session(bytea) returns uuid
    language sql stable security definer set search_path = public, pg_temp
    return (select s.user_id from sessions s where s.token_hash = $1);
create function user_of_api_key(text) returns uuid
    language sql stable security definer set search_path = public, pg_temp
    return (select k.user_id from api_keys k where k.id = $1);
create function user_of_invitation(bytea) returns uuid
    language sql stable security definer set search_path = public, pg_temp
    return (select i.user_id from invitations i where i.token_hash = $1);
create function user_of_reset_link(bytea) returns uuid
    language sql stable security definer set search_path = public, pg_temp
    return (select r.user_id from reset_links r where r.token_hash = $1);

-- Nobody but an operator gets a row, whatever the code forgets to ask.
create function users_for_operator(after_time timestamptz, after_id uuid, most integer)
    returns table (id uuid, name text, email text, time_zone text, created_at timestamptz, role text, suspended_at timestamptz)
    language sql stable security definer set search_path = public, pg_temp
as $$
    select u.id, u.name, u.email, u.time_zone, u.created_at, u.role, u.suspended_at
    from users u
    where (after_time is null or (u.created_at, u.id) > (after_time, after_id))
        and exists (select from users o where o.id = app_user() and o.role = 'operator' and o.suspended_at is null)
    order by u.created_at, u.id
    limit most
$$;

-- Which of these media other tenants have, too: the same bytes are kept once for all.
create function media_of_others(hashes text[]) returns setof text
    language plpgsql stable security definer set search_path = public, pg_temp
as $$
declare
    one regclass;
begin
    for one in
        select c.oid::regclass from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'user_id'
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    loop
        return query execute format(
            'select distinct m[1] from %s t, regexp_matches(to_jsonb(t)::text, ''[0-9a-f]{64}'', ''g'') m'
            ' where t.user_id is distinct from app_user() and m[1] = any($1)', one) using hashes;
    end loop;
end
$$;

select cross_tenant('user_of_email(text)');
select cross_tenant('user_of_session(bytea)');
select cross_tenant('user_of_api_key(text)');
select cross_tenant('user_of_invitation(bytea)');
select cross_tenant('user_of_reset_link(bytea)');
select cross_tenant('users_for_operator(timestamptz, uuid, integer)');
select cross_tenant('media_of_others(text[])');

-- Deleting a user deletes their rows everywhere but in the ledger, whose books must still add up.
do $$
declare
    one record;
begin
    for one in
        select c.oid::regclass as name,
            (select conname from pg_constraint f where f.conrelid = c.oid and f.contype = 'f'
                and f.confrelid = 'users'::regclass and f.confdeltype <> 'c') as restricting,
            exists (select from pg_constraint f where f.conrelid = c.oid and f.contype = 'f'
                and f.confrelid = 'users'::regclass and f.confdeltype = 'c') as cascades
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'user_id'
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
            and c.relname not in ('budgets', 'budget_alerts', 'paid_calls', 'transfers')
    loop
        continue when one.cascades;
        if one.restricting is not null then
            execute format('alter table %s drop constraint %I', one.name, one.restricting);
        end if;
        -- FORCEd row-level security hides all rows from the owner, too, and the key would be checked against none
        execute format('alter table %s no force row level security', one.name);
        execute format('alter table users no force row level security');
        execute format(
            'alter table %s add foreign key (user_id) references users (id) on delete cascade', one.name);
        execute format('alter table %s force row level security', one.name);
        execute format('alter table users force row level security');
    end loop;
end
$$;
