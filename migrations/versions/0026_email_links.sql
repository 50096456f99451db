-- Another e-mail address counts once whoever reads its mail has said so.

create table email_links (
    user_id uuid primary key references users (id) on delete cascade,
    email text not null,
    token_hash bytea not null unique,
    expires_at timestamptz not null
);
comment on table email_links is 'At most one per user: a newer one ends the older, using it deletes it.';
select protect_tenant('email_links');

create function user_of_email_link(bytea) returns uuid
    language sql stable security definer set search_path = public, pg_temp
    return (select l.user_id from email_links l where l.token_hash = $1);
select cross_tenant('user_of_email_link(bytea)');
