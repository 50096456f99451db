-- The plan: which channel of which user is served on which of the user's days, and when a user is to be looked at next.

create sequence plan_turns;
comment on sequence plan_turns is 'Counts slots as they are given: slots of one moment have an order, too.';

create table plans (
    user_id uuid primary key references users (id) on delete cascade,
    rehearsal boolean not null,
    slots_per_day integer not null default 1 check (slots_per_day between 1 and 10),
    time_zone text not null,
    next_at timestamptz not null,
    next_number integer not null default 1 check (next_number >= 1),
    turn bigint not null default 0,
    paused boolean not null default false,
    paused_until date,
    started_at timestamptz not null,
    check (paused or paused_until is null)
);
comment on table plans is 'One row for each user who wants videos made day by day; without one, none are.';
comment on column plans.time_zone is 'The zone that next_at was told for: a user who moves is looked at anew.';
comment on column plans.next_at is 'When the user is to be looked at next: the local midnight, or when what stood in the way may have changed.';
comment on column plans.next_number is 'The slot that look is for: everybody''s first comes before anybody''s second.';
comment on column plans.turn is 'When the user got their last slot, as a number of plan_turns: who waits longest is first.';
comment on column plans.paused_until is 'First local day that is served again; null: until resumed.';
create index plans_due on plans (rehearsal, next_at);
select protect_tenant('plans');

create table slots (
    user_id uuid not null references users (id) on delete cascade,
    local_day date not null,
    number integer not null check (number >= 1),
    state text not null default 'planned' check (state in ('planned', 'claimed', 'deferred', 'skipped')),
    channel_id uuid,
    topic text not null default '',
    video_id uuid,
    driver text not null default '',
    why text not null default '',
    reason text not null default '',
    planned_at timestamptz not null,
    claimed_at timestamptz,
    primary key (user_id, local_day, number),
    unique (user_id, video_id),
    foreign key (user_id, channel_id) references channels (user_id, id) on delete set null (channel_id),
    foreign key (user_id, video_id) references videos (user_id, id) on delete set null (video_id),
    check (state <> 'claimed' or claimed_at is not null)
);
comment on table slots is 'The primary key is the promise of one video a user and day: who claims inserts, and it can be there once.';
comment on column slots.local_day is 'A day of the user''s zone.';
comment on column slots.state is 'A claimed slot has a video, and whether it was produced is what the video''s row says.';
create index slots_of_channel on slots (user_id, channel_id, local_day desc, number desc) where state = 'claimed';
select protect_tenant('slots');

create table plan_pins (
    id uuid primary key,
    user_id uuid not null,
    channel_id uuid not null,
    topic text not null,
    local_day date not null,
    made_at timestamptz not null,
    unique (user_id, channel_id, topic),
    foreign key (user_id, channel_id) references channels (user_id, id) on delete cascade
);
comment on column plan_pins.local_day is 'The day that the channel is served with this topic, out of turn; once it has passed: its next turn.';
select protect_tenant('plan_pins');

create table channel_pauses (
    channel_id uuid primary key,
    user_id uuid not null,
    until date,
    foreign key (user_id, channel_id) references channels (user_id, id) on delete cascade
);
comment on column channel_pauses.until is 'First local day that the channel is served again; null: until resumed.';
select protect_tenant('channel_pauses');

-- Whose turn it is. Ids only: what is done about one is done as that user.
create function plans_due(at timestamptz, for_rehearsal boolean)
    returns table (user_id uuid)
    language sql stable security definer set search_path = public, pg_temp
as $$
    select p.user_id
    from plans p join users u on u.id = p.user_id
    where p.rehearsal = for_rehearsal and (p.next_at <= at or p.time_zone <> u.time_zone)
    order by p.next_number, p.turn, p.user_id
    limit 100
$$;
select cross_tenant('plans_due(timestamptz, boolean)');

-- What videos under way may still take from the day that all share: how many, and what of their money is used already.
create function videos_under_way()
    returns table (videos bigint, in_playlists bigint, used_microusd bigint)
    language sql stable security definer set search_path = public, pg_temp
as $$
    select count(*), count(*) filter (where c.playlist <> ''),
        coalesce(sum(b.held + b.spent + b.overrun), 0)::bigint
    from videos v
    join channels c on c.id = v.channel_id
    left join budgets b on b.id = 'video:' || v.id
    where v.state in ('planned', 'producing', 'ready', 'approved', 'publishing')
$$;
select cross_tenant('videos_under_way()');

-- How many slots of all users come up next and before the end of a budget's day: for the forecast.
create function slots_to_come(before timestamptz)
    returns bigint
    language sql stable security definer set search_path = public, pg_temp
as $$
    select coalesce(sum(greatest(0, slots_per_day - next_number + 1)), 0)::bigint
    from plans where next_at < before and not paused
$$;
select cross_tenant('slots_to_come(timestamptz)');
