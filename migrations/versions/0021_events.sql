-- Events: what happened, written in the transaction in which it happened, and told to whoever listens once it is true.

create table events (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    number bigint,
    type text not null,
    subject text not null,
    data jsonb not null,
    at timestamptz not null,
    unique (user_id, id),
    unique (user_id, number)
);
comment on column events.number is 'The tenant''s events count 1, 2, 3 in the order in which they became true; null until the commit.';
comment on column events.subject is 'What it is about: the id of a video, a channel, a budget or a webhook, or a slot''s day and number.';
select protect_tenant('events');

create table event_counts (
    user_id uuid primary key references users (id) on delete cascade,
    last bigint not null
);
comment on table event_counts is 'The number of each tenant''s last event; it stays when old events are deleted.';
select protect_tenant('event_counts');

-- A number is given at the commit, while the tenant's row of event_counts is locked: whoever has seen number n has seen,
-- or can read, all before it, whichever transaction began first. Numbers given at the insert would not have that. The
-- lock is the last one a transaction takes, so that it can't be part of a deadlock, and it lasts as long as a commit.
create function number_event() returns trigger
    language plpgsql set search_path = public, pg_temp
as $$
declare
    next bigint;
begin
    perform set_config('app.user_id', new.user_id::text, true); -- a transaction may have become another tenant's since
    perform from events where id = new.id;
    if not found then
        return null; -- deleted again, with its user
    end if;
    insert into event_counts as c (user_id, last) values (new.user_id, 1)
        on conflict (user_id) do update set last = c.last + 1
        returning last into next;
    update events set number = next where id = new.id;
    perform pg_notify('ytempire_events', new.user_id || ' ' || next);
    return null;
end
$$;
create constraint trigger number_event after insert on events
    deferrable initially deferred for each row execute function number_event();

-- A stream of events ends with the session or the API key that opened it: its id, or the user's, is told at once.
create function tell_end() returns trigger
    language plpgsql set search_path = public, pg_temp
as $$
begin
    perform pg_notify('ytempire_ended', old.id::text);
    return null;
end
$$;
create trigger tell_end after delete on sessions for each row execute function tell_end();
create trigger tell_end after delete on api_keys for each row execute function tell_end();
create trigger tell_revoked after update of revoked_at on api_keys
    for each row when (new.revoked_at is not null and old.revoked_at is null) execute function tell_end();
create trigger tell_suspended after update of suspended_at on users
    for each row when (new.suspended_at is not null and old.suspended_at is null) execute function tell_end();
