-- Publishing: one upload per video whatever dies when, playlists made once, what stands on the platform.

create table uploads (
  video_id uuid primary key references videos (id),
  user_id uuid not null,
  channel_id uuid not null,
  marker text not null,
  state text not null check (state in ('planned', 'started', 'finishing', 'done')),
  session_no integer not null check (session_no >= 0),
  session bytea,
  platform_id text not null,
  file_sha256 text not null,
  created_at timestamptz not null,
  last_piece_at timestamptz,
  unique (user_id, marker),
  foreign key (user_id, channel_id) references channels (user_id, id),
  check (state <> 'done' or platform_id <> '')
);
comment on table uploads is 'One row per video: the primary key is the promise that a video has one upload.';
comment on column uploads.session is 'Address of the resumable session, sealed: whoever has it can send into it.';
comment on column uploads.session_no is
  'Fencing: a worker stores a new session only in place of the one it knows.';
select protect_tenant('uploads');

create table playlists (
  user_id uuid not null,
  channel_id uuid not null,
  platform_channel_id text not null,
  title text not null,
  platform_id text not null,
  made_by uuid not null,
  claimed_at timestamptz not null,
  primary key (channel_id, platform_channel_id, title),
  foreign key (user_id, channel_id) references channels (user_id, id) on delete cascade
);
comment on column playlists.platform_id is 'Empty while the video named in made_by is making it.';
select protect_tenant('playlists');

create table publications (
  video_id uuid primary key references videos (id),
  user_id uuid not null,
  channel_id uuid not null,
  platform text not null check (platform in ('youtube', 'sandbox')),
  platform_id text not null,
  url text not null,
  visibility text not null,
  disclosure boolean not null,
  read_back jsonb not null,
  published_at timestamptz not null,
  checked_at timestamptz not null,
  unique (platform, platform_id),
  foreign key (user_id, channel_id) references channels (user_id, id)
);
comment on table publications is 'What stands on the platform, as it was read back.';
create index publications_of_channel on publications (channel_id, published_at desc);
select protect_tenant('publications');
