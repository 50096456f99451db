-- Why due work lies: for who runs the server, in sums over all users.
create function slots_waiting(at timestamptz, for_rehearsal boolean)
    returns table (why text, slots bigint, again_at timestamptz)
    language sql stable security definer set search_path = public, pg_temp
as $$
    select coalesce(last.why, ''), count(*), min(p.next_at)
    from plans p
    left join lateral (
        select s.state, s.why from slots s
        where s.user_id = p.user_id and s.number = p.next_number
        order by s.local_day desc limit 1) last on last.state = 'deferred'
    where p.rehearsal = for_rehearsal and coalesce(last.why, '') <> 'paused'
        and (last.why is not null or p.next_at <= at)
    group by 1
    order by 2 desc, 1
$$;
select cross_tenant('slots_waiting(timestamptz, boolean)');
