-- What the app's role may not do although the code never would: raise a cap, turn one budget or job into another, take
-- back what was written down. And who works on which queue, so that nobody waits for a worker that isn't there.

create table budget_limits (
    kind text primary key,
    most bigint not null check (most >= 0)
);
comment on table budget_limits is
    'Most that a budget of this kind may have as its cap, an opened reserve included. Written by the owner alone, from the '
    'settings of the process that has the owner''s address; a budget''s kind is what its id begins with.';
revoke insert, update, delete on budget_limits from ytempire_app;
insert into budget_limits (kind, most) values
    ('video', 3000000), ('user-day', 3000000), ('platform-day', 150000000),
    ('youtube-uploads', 100), ('youtube-search', 100), ('youtube-units', 10000);

-- Runs only where a cap is written, which a hold doesn't do.
create function check_budget_limit() returns trigger
    language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    limit_kind text := split_part(new.id, ':', 1);
begin
    if not exists (
        select from public.budget_limits l where l.kind = limit_kind and new.cap + new.opened <= l.most
    ) then
        raise exception 'the database permits no such cap for %', limit_kind
            using errcode = 'check_violation', constraint = 'budgets_within_limit', detail = limit_kind;
    end if;
    return new;
end
$$;
create trigger budgets_within_limit before insert or update of cap, opened on budgets
    for each row execute function check_budget_limit();

-- A budget stays what it was made as: its id, whose it is and what it counts.
alter table budgets add constraint budgets_line_of_its_parent
    check (parent_id is null or starts_with(id, parent_id || '/'));
revoke insert, update on budgets from ytempire_app;
grant insert (id, parent_id, user_id, name, resource, cap, margin) on budgets to ytempire_app;
grant update (cap, margin, opened, held, spent, overrun) on budgets to ytempire_app;
revoke update, delete on budget_alerts from ytempire_app;

-- A job that stands in the queue can be taken, moved, put off and dropped, as the queue does; what it says is fixed.
revoke update on procrastinate_jobs from ytempire_app;
grant update (status, attempts, abort_requested, worker_id, scheduled_at, priority, queue_name, lock)
    on procrastinate_jobs to ytempire_app;
revoke update, delete on procrastinate_events from ytempire_app;

create table queue_workers (
    queue text not null,
    worker text not null,
    seen_at timestamptz not null,
    primary key (queue, worker)
);
comment on table queue_workers is 'Which process works on which queue, and when it last said so.';

-- A rehearsal's videos have queues of their own, so the reconciler has to know which a video's is.
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
    order by v.created_at
    limit 100
$$;
select cross_tenant('videos_without_job(timestamptz)');
