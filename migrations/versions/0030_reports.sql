-- Reports: what another driver (n8n) says of its own workflows, each once.

create table driver_reports (
    id text primary key,
    event text not null,
    workflow text not null,
    execution text not null,
    node text not null,
    message text not null,
    video_id uuid,
    received_at timestamptz not null
);
comment on table driver_reports is 'Of no tenant: a workflow belongs to the installation. Its id is the message''s, so none counts twice.';
create index driver_reports_by_time on driver_reports (received_at);

-- Which video an execution leads, for a report that names none.
create function run_of_execution(named text)
    returns table (video_id uuid, user_id uuid)
    language sql stable security definer set search_path = public, pg_temp
as $$
    select r.video_id, r.user_id from runs r where r.execution = named and r.state = 'driving'
    order by r.claimed_at desc limit 1
$$;
create index runs_of_execution on runs (execution) where state = 'driving';
select cross_tenant('run_of_execution(text)');

-- Whose video it is, for a report that names one.
create function run_of_video(named uuid)
    returns table (video_id uuid, user_id uuid)
    language sql stable security definer set search_path = public, pg_temp
as $$
    select r.video_id, r.user_id from runs r where r.video_id = named and r.state = 'driving'
$$;
select cross_tenant('run_of_video(uuid)');
