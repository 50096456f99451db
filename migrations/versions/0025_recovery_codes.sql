-- Ten codes that stand in for the second factor's app when it is lost, each good once.

create table recovery_codes (
  user_id uuid not null references users (id) on delete cascade,
  code_hash bytea not null,
  used_at timestamptz,
  primary key (user_id, code_hash)
);
select protect_tenant('recovery_codes');
