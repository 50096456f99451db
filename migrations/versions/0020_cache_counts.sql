-- What caches were asked and what they had, by tenant, namespace and day; and which run of a step an artifact was made
-- by and last found by, so that a step which is repeated counts nothing twice.

alter table artifacts
    add column made_by text not null default '',
    add column found_by text not null default '';
comment on column artifacts.made_by is 'The run of a step that made it: a later one of the same video and inputs is no hit.';
comment on column artifacts.found_by is 'The run that found it last: when that is repeated, it is no second hit.';

create table cache_counts (
    user_id uuid not null references users (id) on delete cascade,
    day date not null,
    namespace text not null,
    hits bigint not null default 0,
    misses bigint not null default 0,
    primary key (user_id, day, namespace)
);
comment on table cache_counts is 'Look-ups of results that cost money or time: written in the transaction that finds or keeps the result.';
select protect_tenant('cache_counts');

create function cache_counts_for_operator(first_day date)
    returns table (namespace text, hits bigint, misses bigint)
    language sql stable security definer set search_path = public, pg_temp
as $$
    select c.namespace, sum(c.hits)::bigint, sum(c.misses)::bigint
    from cache_counts c
    where c.day >= first_day and exists (
        select from users o where o.id = app_user() and o.role = 'operator' and o.suspended_at is null
    )
    group by c.namespace
$$;
select cross_tenant('cache_counts_for_operator(date)');

-- The page of videos goes by the videos' own index: this one was of no use to it.
drop index budgets_of_videos;
