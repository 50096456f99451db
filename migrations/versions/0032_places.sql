-- A finished video that only waits for a person's answer takes none of the places, and when another driver last took one.
drop function runs_under_way();
create function runs_under_way(at timestamptz, for_rehearsal boolean)
    returns table (led bigint, begun_at timestamptz)
    language sql stable security definer set search_path = public, pg_temp
as $$
    select
        (select count(*) from runs r join videos v on v.id = r.video_id
        where r.state = 'driving' and v.rehearsal = for_rehearsal
            and not (r.goal = 'quality' and r.goal_reached
                and coalesce(jsonb_typeof(v.orders -> 'approval'), '') = 'object') is true),
        (select r.claimed_at from runs r join videos v on v.id = r.video_id
        where r.claimed_at <= at and v.rehearsal = for_rehearsal
        order by r.claimed_at desc limit 1)
$$;
select cross_tenant('runs_under_way(timestamptz, boolean)');

-- Of those that wait for a person nothing is to be done until the time is over; they must not keep others from their turn.
drop function runs_to_look_at(timestamptz, boolean);
create function runs_to_look_at(at timestamptz, for_rehearsal boolean)
    returns table (video_id uuid, user_id uuid)
    language sql stable security definer set search_path = public, pg_temp
as $$
    select r.video_id, r.user_id
    from runs r join videos v on v.id = r.video_id
    where v.rehearsal = for_rehearsal
        and (r.tell_at <= at
            or r.state = 'driving' and not (
                r.tell_at is null and (r.goal is null or r.goal_reached) and r.token_ends_at > at
                and v.state in ('planned', 'producing', 'ready')
                and coalesce((v.orders -> 'approval' ->> 'until')::timestamptz > at, false)) is true)
    order by r.tell_at nulls last, r.claimed_at
    limit 200
$$;
select cross_tenant('runs_to_look_at(timestamptz, boolean)');
