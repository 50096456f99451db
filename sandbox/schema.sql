-- The sandbox's whole memory. Times are Unix seconds of the sandbox's own (settable) clock.
create table if not exists settings (key text primary key, value text not null);

create table if not exists faults (
  id integer primary key, vendor text not null, operation text not null, fault text not null,
  times integer not null, skip integer not null, options text not null, hits integer not null default 0
);

-- One row per paid call. `marker` is the caller's own mark (OpenAI metadata "once"), if it gave one.
create table if not exists bills (
  id integer primary key, at real not null, vendor text not null, operation text not null, model text not null,
  request_hash text not null, marker text, cost_microusd integer not null, meters text not null,
  reference text not null
);

create table if not exists calls (vendor text, operation text, status integer, count integer not null,
  primary key (vendor, operation, status));

create table if not exists completions (
  id text primary key, seq integer not null, created integer not null, model text not null,
  metadata text not null, body text not null, messages text not null
);
create table if not exists responses (id text primary key, body text not null);
create table if not exists prompt_prefixes (hash text primary key, used_at real not null);

create table if not exists speech_history (
  id text primary key, seq integer not null, created real not null, voice_id text not null, model_id text not null,
  text text not null, request_id text not null, request_hash text not null, output_format text not null,
  credits integer not null, credits_before integer not null, settings text not null, alignments text not null,
  file text not null
);
create table if not exists speech_usage (only integer primary key check (only = 1), credits integer not null);

create table if not exists channels (
  id text primary key, title text not null, handle text not null, description text not null, created real not null
);
create table if not exists oauth_codes (
  code text primary key, client_id text not null, channel_id text not null, redirect_uri text not null,
  scopes text not null, challenge text not null, method text not null, offline integer not null,
  expires real not null, used integer not null default 0
);
create table if not exists grants (
  id text primary key, client_id text not null, channel_id text not null, scopes text not null,
  refresh_token text unique, created real not null, expires real, revoked integer not null default 0
);
create table if not exists access_tokens (
  token text primary key, grant_id text not null references grants(id), expires real not null
);

create table if not exists videos (
  id text primary key, seq integer not null, channel_id text not null, uploaded real not null,
  processed real not null, snippet text not null, status text not null, file text not null, bytes integer not null,
  sha256 text not null, probe text not null, session_id text not null, deleted real
);
create table if not exists upload_sessions (
  id text primary key, operation text not null, channel_id text not null, project text not null,
  created real not null, total integer, mime text not null, query text not null, resource text not null,
  file text not null, received integer not null default 0, result text
);
create table if not exists thumbnails (video_id text primary key, file text not null, mime text not null,
  width integer not null, height integer not null, set_at real not null);
create table if not exists captions (
  id text primary key, video_id text not null, language text not null, name text not null, draft integer not null,
  updated real not null, file text not null, unique (video_id, language, name)
);
create table if not exists playlists (
  id text primary key, seq integer not null, channel_id text not null, created real not null,
  snippet text not null, privacy text not null
);
create table if not exists playlist_items (
  id text primary key, seq integer not null, playlist_id text not null, video_id text not null,
  added real not null, note text not null
);
create table if not exists quota (
  project text not null, day text not null, bucket text not null, used integer not null,
  primary key (project, day, bucket)
);
create table if not exists quota_calls (
  project text not null, day text not null, bucket text not null, operation text not null,
  calls integer not null, units integer not null, primary key (project, day, bucket, operation)
);
