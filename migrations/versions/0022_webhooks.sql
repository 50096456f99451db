-- Webhooks: addresses that are told of events, and what became of each telling.

create table webhooks (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    url text not null,
    types text[] not null,
    description text not null,
    enabled boolean not null,
    disabled_because text not null default '',
    secret bytea not null,
    old_secret bytea,
    old_secret_until timestamptz,
    seen bigint not null,
    failing_since timestamptz,
    created_at timestamptz not null,
    unique (user_id, id)
);
comment on column webhooks.types is 'Types of events it wants; none named: all.';
comment on column webhooks.secret is 'Sealed with the user''s data key; the one before signs as well until old_secret_until.';
comment on column webhooks.seen is 'Deliveries are written for all events up to this number.';
create index webhooks_of_user on webhooks (user_id, created_at, id);
select protect_tenant('webhooks');

create table webhook_deliveries (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references users (id) on delete cascade,
    webhook_id uuid not null,
    number bigint not null,
    state text not null default 'pending' check (state in ('pending', 'delivered', 'failed')),
    attempts integer not null default 0,
    next_at timestamptz,
    tried_at timestamptz,
    last_status integer,
    last_error text not null default '',
    unique (webhook_id, number),
    check ((state = 'pending') = (next_at is not null)),
    foreign key (user_id, webhook_id) references webhooks (user_id, id) on delete cascade,
    foreign key (user_id, number) references events (user_id, number) on delete cascade
);
comment on column webhook_deliveries.next_at is 'When it is due; while somebody is at it, when others may take it for abandoned.';
comment on column webhook_deliveries.attempts is 'Fencing: an outcome is recorded only by the attempt that has it.';
create index webhook_deliveries_due on webhook_deliveries (user_id, next_at) where state = 'pending';
create index webhook_deliveries_of_event on webhook_deliveries (user_id, number);
select protect_tenant('webhook_deliveries');

-- Users who have events that no delivery was written for.
create function webhooks_behind()
    returns table (user_id uuid)
    language sql stable security definer set search_path = public, pg_temp
as $$
    select distinct w.user_id from webhooks w join event_counts c on c.user_id = w.user_id
    where w.enabled and w.seen < c.last limit 100
$$;
select cross_tenant('webhooks_behind()');

-- What is due, a few of each user, so that nobody's many keep others waiting.
create function deliveries_due(at timestamptz, each integer, most integer)
    returns table (user_id uuid, id uuid)
    language sql stable security definer set search_path = public, pg_temp
as $$
    select u.user_id, d.id
    from (select distinct w.user_id from webhooks w join users o on o.id = w.user_id
        where w.enabled and o.suspended_at is null) u
    cross join lateral (
        select i.id, i.next_at from webhook_deliveries i
        where i.user_id = u.user_id and i.state = 'pending' and i.next_at <= at
        order by i.next_at limit each) d
    order by d.next_at limit most
$$;
select cross_tenant('deliveries_due(timestamptz, integer, integer)');
