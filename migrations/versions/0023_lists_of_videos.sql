-- A list of videos goes on from the last row shown, by time and id, whichever way it is filtered: without the id in the
-- index, or with a state that few videos are in (the review inbox), a page would read all videos there are.
drop index videos_of_user, videos_of_channel;
create index videos_of_user on videos (user_id, created_at desc, id desc);
create index videos_of_channel on videos (channel_id, created_at desc, id desc);
create index videos_in_state on videos (user_id, state, created_at desc, id desc);
