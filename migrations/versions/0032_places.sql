-- A video that only waits for a person's answer takes none of the places; and when another driver last took a video.
drop function runs_under_way();
create function runs_under_way()
    returns table (led bigint, begun_at timestamptz)
    language sql stable security definer set search_path = public, pg_temp
as $$
    select
        (select count(*) from runs r join videos v on v.id = r.video_id
        where r.state = 'driving'
            and not (jsonb_typeof(v.orders -> 'approval') = 'object' and (r.goal is null or r.goal_reached))),
        (select max(claimed_at) from runs)
$$;
select cross_tenant('runs_under_way()');
