-- Videos, their recorded steps, and what a tenant's steps can use again.

create table videos (
    id uuid primary key,
    user_id uuid not null references users (id),
    channel_id uuid not null references channels (id),
    state text not null default 'planned' check (state in (
        'planned', 'producing', 'ready', 'in_review', 'approved', 'publishing', 'published', 'cancelled', 'failed')),
    orders jsonb not null,
    title text not null default '',
    topic text not null default '',
    reason text not null default '',
    rehearsal boolean not null,
    attempt integer not null default 0,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
comment on column videos.attempt is 'fencing token: whoever drives the video raises it; a lower one may record nothing';
create index videos_of_channel on videos (channel_id, created_at desc);
create index videos_of_user on videos (user_id, created_at desc);
create index videos_at_work on videos (state) where state in ('planned', 'producing', 'ready', 'approved', 'publishing');
select protect_tenant('videos');

create table steps (
    video_id uuid not null references videos (id) on delete cascade,
    user_id uuid not null references users (id),
    step text not null,
    input_hash text not null,
    state text not null check (state in ('running', 'done', 'failed')),
    tries integer not null default 1,
    result jsonb,
    cause text not null default '',
    started_at timestamptz not null,
    ended_at timestamptz,
    primary key (video_id, step, input_hash)
);
select protect_tenant('steps');

create table artifacts (
    user_id uuid not null references users (id),
    kind text not null,
    key text not null,
    value jsonb not null,
    made_at timestamptz not null,
    used_at timestamptz not null,
    primary key (user_id, kind, key)
);
comment on table artifacts is 'results that depend on nothing but their key: spoken sentences, rendered scenes, mixes';
select protect_tenant('artifacts');
