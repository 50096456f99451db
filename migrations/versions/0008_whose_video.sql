-- A row that names another row names its tenant with it: a foreign key passes row-level security, so one that goes by
-- the id alone would let a tenant's row hang on another tenant's video, and only the code stood against that.

-- FORCEd row-level security hides all rows from the owner too, and a new foreign key would be checked against none.
alter table channels no force row level security;
alter table videos no force row level security;
alter table steps no force row level security;
alter table uploads no force row level security;
alter table publications no force row level security;
alter table paid_calls no force row level security;
alter table transfers no force row level security;

alter table videos
    add constraint videos_user_id_id_key unique (user_id, id),
    drop constraint videos_channel_id_fkey,
    add constraint videos_channel_fkey foreign key (user_id, channel_id) references channels (user_id, id);

alter table steps
    drop constraint steps_video_id_fkey,
    add constraint steps_video_fkey foreign key (user_id, video_id) references videos (user_id, id) on delete cascade;

alter table uploads
    drop constraint uploads_video_id_fkey,
    add constraint uploads_video_fkey foreign key (user_id, video_id) references videos (user_id, id);

alter table publications
    drop constraint publications_video_id_fkey,
    add constraint publications_video_fkey foreign key (user_id, video_id) references videos (user_id, id);

alter table paid_calls add constraint paid_calls_user_id_id_key unique (user_id, id);
alter table transfers
    drop constraint transfers_call_id_fkey,
    add constraint transfers_call_fkey foreign key (user_id, call_id) references paid_calls (user_id, id);

-- One topic for each video was unique over all tenants: it told one that another's video has a topic.
alter table channel_topics drop constraint channel_topics_video_id_key;
alter table channel_topics add constraint channel_topics_user_id_video_id_key unique (user_id, video_id);

alter table channels force row level security;
alter table videos force row level security;
alter table steps force row level security;
alter table uploads force row level security;
alter table publications force row level security;
alter table paid_calls force row level security;
alter table transfers force row level security;
