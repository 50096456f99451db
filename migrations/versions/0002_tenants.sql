-- Users, their data keys, and their channels. A user is the tenant; every table below carries its id.

create table users (
  id uuid primary key,
  name text not null,
  email text unique,
  time_zone text not null,
  created_at timestamptz not null
);
comment on table users is 'Owners of channels. A user sees only their own row.';
alter table users enable row level security;
alter table users force row level security;
create policy own_row on users using (id = app_user()) with check (id = app_user());

create table tenant_keys (
  user_id uuid primary key references users (id) on delete cascade,
  wrapped_key bytea not null,
  created_at timestamptz not null
);
comment on table tenant_keys is 'One data key per user, wrapped by a key outside the database. Without its row nothing sealed can be read.';
select protect_tenant('tenant_keys');

create table channels (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  handle text not null,
  name text not null,
  niche text not null,
  audience text not null,
  tone text not null,
  language text not null,
  format text not null,
  minutes double precision not null,
  voice text not null,
  music_mood text not null,
  palette text not null,
  look text not null,
  mark text not null,
  colours text[] not null,
  category_id text not null,
  made_for_kids boolean not null,
  visibility text not null check (visibility in ('private', 'unlisted', 'public')),
  autopilot text not null check (autopilot in ('review', 'auto')),
  playlist text not null,
  upload_captions boolean not null,
  created_at timestamptz not null,
  unique (user_id, handle),
  unique (user_id, id)
);
comment on constraint channels_user_id_id_key on channels is
  'Other tables refer to (user_id, id), so that even a foreign key cannot cross tenants.';
select protect_tenant('channels');

create table channel_sources (
  user_id uuid not null,
  channel_id uuid not null,
  position integer not null,
  title text not null,
  text text not null,
  url text not null,
  primary key (channel_id, position),
  foreign key (user_id, channel_id) references channels (user_id, id) on delete cascade
);
select protect_tenant('channel_sources');

create table channel_topics (
  id uuid primary key,
  user_id uuid not null,
  channel_id uuid not null,
  position integer not null,
  topic text not null,
  video_id uuid unique,
  taken_at timestamptz,
  unique (channel_id, topic),
  foreign key (user_id, channel_id) references channels (user_id, id) on delete cascade
);
comment on column channel_topics.video_id is 'The video that took the topic; unique, so that a repeated step takes the same one.';
create index channel_topics_backlog on channel_topics (channel_id, position) where video_id is null;
select protect_tenant('channel_topics');

create table channel_connections (
  channel_id uuid primary key,
  user_id uuid not null,
  platform text not null check (platform in ('youtube', 'sandbox')),
  platform_channel_id text not null,
  title text not null,
  scopes text[] not null,
  refresh_token bytea not null,
  connected_at timestamptz not null,
  checked_at timestamptz,
  broken text not null,
  foreign key (user_id, channel_id) references channels (user_id, id) on delete cascade
);
comment on column channel_connections.refresh_token is 'Sealed with the user''s data key; never selected with the rest.';
select protect_tenant('channel_connections');
