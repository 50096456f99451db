-- The whole character of a channel, the consent that its autopilot needs, feeds as sources, and a backlog with series.

-- FORCEd row-level security hides all rows from the owner too, and what follows has to reach them.
alter table channels no force row level security;
alter table channel_sources no force row level security;
alter table channel_topics no force row level security;

alter table channels
  add column intro text not null default '',
  add column outro text not null default '',
  add column publish_hour integer not null default 17 check (publish_hour between 0 and 23),
  add column time_zone text not null default '',
  add column version bigint not null default 1,
  add column archived_at timestamptz;
comment on column channels.time_zone is 'Of the hour of publishing; empty: that of the owner.';
comment on column channels.version is 'Raised by every change: who changes names the version that was read.';

create table channel_consents (
  id uuid primary key,
  user_id uuid not null,
  channel_id uuid not null,
  visibility text not null check (visibility in ('private', 'unlisted', 'public')),
  disclosure text not null,
  given_at timestamptz not null,
  revoked_at timestamptz check (revoked_at >= given_at),
  foreign key (user_id, channel_id) references channels (user_id, id) on delete cascade
);
comment on table channel_consents is
  'What an owner agreed to when the autopilot was switched on, word for word. A row is only ever revoked, never rewritten.';
create unique index channel_consents_in_force on channel_consents (channel_id) where revoked_at is null;
select protect_tenant('channel_consents');
revoke update, delete on channel_consents from ytempire_app;
grant update (revoked_at) on channel_consents to ytempire_app;

create table channel_feeds (
  id uuid primary key,
  user_id uuid not null,
  channel_id uuid not null,
  url text not null,
  title text not null,
  added_at timestamptz not null,
  checked_at timestamptz,
  broken text not null default '',
  unique (channel_id, url),
  unique (user_id, id),
  foreign key (user_id, channel_id) references channels (user_id, id) on delete cascade
);
comment on column channel_feeds.broken is 'Why the last reading failed, in plain words; empty if it did not.';
select protect_tenant('channel_feeds');

alter table channel_sources
  add column id uuid,
  add column kind text not null default 'text' check (kind in ('text', 'file', 'item')),
  add column feed_id uuid,
  add column item_key text,
  add column published_at timestamptz,
  add column added_at timestamptz;
update channel_sources s set id = gen_random_uuid(), added_at = c.created_at from channels c where c.id = s.channel_id;
alter table channel_sources
  alter column id set not null,
  alter column added_at set not null,
  drop constraint channel_sources_pkey,
  add primary key (id),
  add foreign key (user_id, feed_id) references channel_feeds (user_id, id) on delete cascade,
  add check ((kind = 'item') = (feed_id is not null and item_key is not null));
comment on column channel_sources.item_key is 'What the feed calls the item: one that two feeds carry is kept once.';
create index channel_sources_of_channel on channel_sources (channel_id, position);
create unique index channel_sources_items on channel_sources (channel_id, item_key) where item_key is not null;

create table channel_series (
  id uuid primary key,
  user_id uuid not null,
  channel_id uuid not null,
  title text not null,
  notes text not null,
  created_at timestamptz not null,
  unique (channel_id, title),
  unique (user_id, id),
  foreign key (user_id, channel_id) references channels (user_id, id) on delete cascade
);
select protect_tenant('channel_series');

alter table channel_topics
  add column notes text not null default '',
  add column pinned boolean not null default false,
  add column state text not null default 'waiting' check (state in ('waiting', 'used', 'skipped')),
  add column series_id uuid,
  add column part integer check (part >= 1),
  add column added_at timestamptz;
update channel_topics t set state = case when t.video_id is null then 'waiting' else 'used' end, added_at = c.created_at
  from channels c where c.id = t.channel_id;
alter table channel_topics
  alter column added_at set not null,
  add check ((state = 'used') = (video_id is not null)),
  add check ((series_id is null) = (part is null)),
  add unique (series_id, part),
  add foreign key (user_id, series_id) references channel_series (user_id, id);
drop index channel_topics_backlog;
create index channel_topics_backlog on channel_topics (channel_id, pinned desc, position) where state = 'waiting';

alter table channels force row level security;
alter table channel_sources force row level security;
alter table channel_topics force row level security;
