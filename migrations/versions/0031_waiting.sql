-- Why due work waits: for who runs the server, in sums over all users.
create function slots_waiting(at timestamptz, for_rehearsal boolean)
    returns table (why text, slots bigint, again_at timestamptz)
    language sql stable security definer set search_path = public, pg_temp
as $$
    select coalesce(deferred.why, ''), sum(greatest(1, p.slots_per_day - p.next_number + 1))::bigint, min(p.next_at)
    from plans p
    join users u on u.id = p.user_id
    -- What kept a slot back counts until it is looked at again.
    left join lateral (
        select s.why from slots s
        where p.next_at > at and p.time_zone = u.time_zone
            and s.user_id = p.user_id and s.number = p.next_number and s.state = 'deferred'
        order by s.local_day desc limit 1) deferred on true
    where p.rehearsal = for_rehearsal and u.suspended_at is null
        and not (p.paused and (p.paused_until is null or p.paused_until > (at at time zone u.time_zone)::date))
        and (deferred.why <> 'paused' or p.next_at <= at or p.time_zone <> u.time_zone)
    group by 1
    order by 2 desc, 1
$$;
select cross_tenant('slots_waiting(timestamptz, boolean)');
