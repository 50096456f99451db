-- Who holds an API key or a session, with all that decides whether they come in: one look instead of five.
--
-- The key's answer needs its secret's hash, so that whoever may call this learns nothing of a key they don't have.
-- plpgsql keeps the plan; a plain SQL function would be planned for every request.

create function holder_of_api_key(key_id text, hash bytea)
    returns table (user_id uuid, role text, suspended_at timestamptz, scopes text[], expires_at timestamptz,
        used_at timestamptz, revoked_at timestamptz)
    language plpgsql stable security definer set search_path = public, pg_temp
as $$
begin
    return query
        select k.user_id, u.role, u.suspended_at, k.scopes, k.expires_at, k.used_at, k.revoked_at
        from api_keys k join users u on u.id = k.user_id
        where k.id = key_id and k.secret_hash = hash;
end
$$;

create function holder_of_session(hash bytea)
    returns table (id uuid, user_id uuid, role text, suspended_at timestamptz, seen_at timestamptz,
        expires_at timestamptz, second_factor boolean)
    language plpgsql stable security definer set search_path = public, pg_temp
as $$
begin
    return query
        select s.id, s.user_id, u.role, u.suspended_at, s.seen_at, s.expires_at,
            exists (select from totps t where t.user_id = s.user_id and t.confirmed_at is not null)
        from sessions s join users u on u.id = s.user_id
        where s.token_hash = hash;
end
$$;

select cross_tenant('holder_of_api_key(text, bytea)');
select cross_tenant('holder_of_session(bytea)');
drop function user_of_api_key(text);
drop function user_of_session(bytea);
