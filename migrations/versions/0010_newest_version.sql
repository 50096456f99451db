-- Which of a step's rows is the video's now: after an edit and an edit back the one made first is, so when a row began
-- doesn't tell. It is the one that the driver met last, made or found.
alter table steps add column used_at timestamptz;
-- FORCEd row-level security hides all rows from the owner, too.
alter table steps no force row level security;
update steps set used_at = started_at;
alter table steps force row level security;
alter table steps alter column used_at set not null;
comment on column steps.used_at is 'When the driver last met this row: the latest of a step is the one the video has now.';
