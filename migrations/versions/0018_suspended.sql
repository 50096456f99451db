-- A suspended account's plan rests: nothing is begun for it.

drop function plans_due(timestamptz, boolean);
create function plans_due(at timestamptz, for_rehearsal boolean)
    returns table (user_id uuid)
    language sql stable security definer set search_path = public, pg_temp
as $$
    select p.user_id
    from plans p join users u on u.id = p.user_id
    where p.rehearsal = for_rehearsal and (p.next_at <= at or p.time_zone <> u.time_zone) and u.suspended_at is null
    order by p.next_number, p.turn, p.user_id
    limit 100
$$;
select cross_tenant('plans_due(timestamptz, boolean)');
