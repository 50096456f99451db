-- Runs: another driver than our own (n8n) leads one video from step to step, with a token for that video only.

create table runs (
    video_id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    driver text not null,
    workflow text not null default '',
    execution text not null default '',
    token_id text not null unique,
    token_hash bytea not null,
    token_ends_at timestamptz not null,
    state text not null default 'driving'
        check (state in ('driving', 'published', 'in_review', 'failed', 'cancelled', 'taken_over')),
    reason text not null default '',
    goal text,
    goal_reached boolean not null default false,
    resume_url text not null default '',
    tell_at timestamptz,
    told integer not null default 0,
    claimed_at timestamptz not null,
    seen_at timestamptz not null,
    ended_at timestamptz,
    check ((state = 'driving') = (ended_at is null)),
    foreign key (user_id, video_id) references videos (user_id, id) on delete cascade
);
comment on column runs.goal is 'The step that was asked for last; our workers make it and what comes before.';
comment on column runs.tell_at is 'When the driver is told at resume_url what became of the goal; null: nothing to tell.';
comment on column runs.told is 'How often that was tried.';
create index runs_of_user on runs (user_id, claimed_at);
create index runs_driving on runs (driver) where state = 'driving';
create index runs_to_tell on runs (tell_at) where tell_at is not null;
select protect_tenant('runs');

create function holder_of_run(run_id text, hash bytea)
    returns table (user_id uuid, role text, suspended_at timestamptz, video_id uuid, token_ends_at timestamptz)
    language plpgsql stable security definer set search_path = public, pg_temp
as $$
begin
    return query
        select r.user_id, u.role, u.suspended_at, r.video_id, r.token_ends_at
        from runs r join users u on u.id = r.user_id
        where r.token_id = run_id and r.token_hash = hash;
end
$$;
select cross_tenant('holder_of_run(text, bytea)');

create function runs_under_way() returns bigint
    language sql stable security definer set search_path = public, pg_temp
as $$
    select count(*) from runs where state = 'driving'
$$;
select cross_tenant('runs_under_way()');

-- Runs that may need something: those that drive, and those of which something is to be told.
create function runs_to_look_at(at timestamptz, for_rehearsal boolean)
    returns table (video_id uuid, user_id uuid)
    language sql stable security definer set search_path = public, pg_temp
as $$
    select r.video_id, r.user_id
    from runs r join videos v on v.id = r.video_id
    where (r.state = 'driving' or r.tell_at <= at) and v.rehearsal = for_rehearsal
    order by r.tell_at nulls last, r.claimed_at
    limit 200
$$;
select cross_tenant('runs_to_look_at(timestamptz, boolean)');

create function runs_for_operator(after_time timestamptz, after_id uuid, most integer)
    returns table (video_id uuid, user_id uuid, driver text, workflow text, execution text, state text, reason text,
        goal text, claimed_at timestamptz, seen_at timestamptz, ended_at timestamptz)
    language sql stable security definer set search_path = public, pg_temp
as $$
    select r.video_id, r.user_id, r.driver, r.workflow, r.execution, r.state, r.reason, r.goal, r.claimed_at, r.seen_at,
        r.ended_at
    from runs r
    where (after_time is null or (r.claimed_at, r.video_id) < (after_time, after_id))
        and exists (select from users o where o.id = app_user() and o.role = 'operator' and o.suspended_at is null)
    order by r.claimed_at desc, r.video_id desc
    limit most
$$;
create index runs_by_time on runs (claimed_at desc, video_id desc);
select cross_tenant('runs_for_operator(timestamptz, uuid, integer)');

create function run_rates(since timestamptz)
    returns table (workflow text, user_id uuid, runs bigint, succeeded bigint, taken_over bigint)
    language sql stable security definer set search_path = public, pg_temp
as $$
    select r.workflow, r.user_id, count(*), count(*) filter (where r.state in ('published', 'in_review')),
        count(*) filter (where r.state = 'taken_over')
    from runs r
    where r.claimed_at >= since and r.state <> 'driving'
        and exists (select from users o where o.id = app_user() and o.role = 'operator' and o.suspended_at is null)
    group by 1, 2
    order by 1, 2
    limit 1000
$$;
select cross_tenant('run_rates(timestamptz)');

-- Who waits for another driver needs no job of ours.
drop function videos_without_job(timestamptz);
create function videos_without_job(at_latest timestamptz)
    returns table (video_id uuid, user_id uuid, rehearsal boolean)
    language sql stable security definer set search_path = public, pg_temp
as $$
    select v.id, v.user_id, v.rehearsal
    from videos v
    where v.state in ('planned', 'producing', 'ready', 'approved', 'publishing')
        and v.updated_at <= at_latest
        and not exists (
            select from procrastinate_jobs j
            where j.status in ('todo', 'doing') and j.args ->> 'video_id' = v.id::text)
        and not exists (
            select from runs r
            where r.video_id = v.id and r.state = 'driving' and (r.goal is null or r.goal_reached))
    order by v.created_at
    limit 100
$$;
select cross_tenant('videos_without_job(timestamptz)');
