-- A channel's own pictures and clips, and its logo. Files are kept under their hash; a row says what they show.

create table channel_media (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  channel_id uuid not null,
  purpose text not null check (purpose in ('library', 'logo')),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  size_bytes bigint not null,
  suffix text not null,
  kind text not null check (kind in ('image', 'clip')),
  width_px integer not null,
  height_px integer not null,
  duration_s double precision not null,
  title text not null,
  words text not null,
  tags text[] not null,
  licence text not null,
  origin text not null,
  added_at timestamptz not null,
  archived_at timestamptz,
  foreign key (user_id, channel_id) references channels (user_id, id) on delete cascade
);
comment on column channel_media.words is 'What it shows: by these and the tags a scene finds it.';
comment on column channel_media.origin is 'Where it comes from, as its owner says.';
create unique index channel_media_once on channel_media (channel_id, sha256) where purpose = 'library';
create unique index channel_media_logo on channel_media (channel_id) where purpose = 'logo' and archived_at is null;
create index channel_media_list on channel_media (channel_id, added_at, id) where purpose = 'library';
select protect_tenant('channel_media');
