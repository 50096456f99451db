-- Idempotency keys: what a POST was sent under, and what it was answered. The table keeps the promise "once".

create table idempotency_keys (
    user_id uuid not null references users (id) on delete cascade,
    key text not null,
    fingerprint bytea not null,
    answer bytea,
    claimed_at timestamptz not null,
    expires_at timestamptz not null,
    primary key (user_id, key)
);
comment on column idempotency_keys.fingerprint is 'SHA-256 of method, address and body: another request under the same key is refused.';
comment on column idempotency_keys.answer is 'Sealed with the user''s data key, because it may show a new secret; null while the request is at work.';
comment on column idempotency_keys.claimed_at is 'Fencing: an answer is recorded only for the claim that was made then.';
create index idempotency_keys_expired on idempotency_keys (user_id, expires_at);
select protect_tenant('idempotency_keys');
