-- Cross-tenant look-up of the reconciler: ids only; the worker then sets the video's user.

create function videos_without_job(at_latest timestamptz)
    returns table (video_id uuid, user_id uuid)
    language sql stable security definer set search_path = public, pg_temp
as $$
    select v.id, v.user_id
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
