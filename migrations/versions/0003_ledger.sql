-- Money and quota: budgets, the calls that draw on them, and the append-only transfers between the two.
--
-- A budget's id says what it is ('video:…', 'user-day:…:2026-11-22', 'platform-day:2026-11-22',
-- 'youtube-units:2026-11-22'; a line of it adds '/openai'), so a hold needs no look-up, and "locked in id order" is one
-- order for everybody: collation C, where a line sorts right behind its parent.

create table budgets (
  id text collate "C" primary key,
  parent_id text collate "C" references budgets (id),
  user_id uuid,
  name text not null,
  resource text not null check (resource in ('microusd', 'calls', 'units')),
  cap bigint not null check (cap >= 0),
  margin bigint not null check (margin >= 0),
  opened bigint not null default 0 check (opened >= 0),
  held bigint not null default 0 check (held >= 0),
  spent bigint not null default 0 check (spent >= 0),
  overrun bigint not null default 0 check (overrun >= 0)
);
comment on table budgets is
  'Balances. The sum of held, spent and overrun stays within the cap by the hold''s own condition; a CHECK could not say '
  'so, because a vendor''s bill above its hold must still be booked.';
comment on column budgets.margin is 'What all lines together may go beyond their caps.';
comment on column budgets.opened is 'What an operator added to cap and margin for this day: the YouTube reserve.';
create index budgets_lines on budgets (parent_id) where parent_id is not null;

-- Rows without a user (the platform's day, the API project's buckets) are everybody's: every tenant's hold takes from
-- them and must see their balance to be refused. They say how much was used in all, never by whom. A SECURITY DEFINER
-- function would have to grant the same, and hide the one condition that matters from the reader of the store.
alter table budgets enable row level security;
alter table budgets force row level security;
create policy tenant_or_shared on budgets
  using (user_id = app_user() or user_id is null)
  with check (user_id = app_user() or user_id is null);

create table paid_calls (
  id uuid primary key,
  number bigint generated always as identity,
  user_id uuid not null,
  video_id uuid,
  step text not null,
  resource text not null check (resource in ('microusd', 'calls', 'units')),
  category text not null,
  what text not null,
  once text not null,
  attempt integer not null check (attempt >= 1),
  state text not null check (state in ('open', 'done', 'refused', 'cached')),
  claimed boolean not null,
  performed integer not null check (performed >= 0),
  looked_up boolean not null default false,
  estimate bigint not null check (estimate >= 0),
  saved bigint not null default 0 check (saved >= 0),
  estimated_meters jsonb not null,
  meters jsonb,
  result jsonb,
  hold_id uuid not null,
  hold_amount bigint not null check (hold_amount >= 0),
  hold_state text not null check (hold_state in ('held', 'settled', 'void', 'unknown')),
  begun_at timestamptz not null,
  ended_at timestamptz,
  unique (user_id, once),
  check (state <> 'done' or result is not null)
);
comment on table paid_calls is
  'Recorded before the call is made, completed after it. A repeated step reads its result here.';
create index paid_calls_video on paid_calls (user_id, video_id);
create index paid_calls_held on paid_calls (begun_at) where hold_state = 'held';
select protect_tenant('paid_calls');

create table transfers (
  id uuid primary key,
  number bigint generated always as identity,
  user_id uuid not null,
  call_id uuid not null references paid_calls (id),
  hold_id uuid not null,
  kind text not null check (kind in ('hold', 'settle', 'void', 'unknown', 'reconcile')),
  budgets text[] not null,
  held bigint not null,
  spent bigint not null,
  overrun bigint not null,
  attempt integer not null,
  at timestamptz not null,
  check (
    case kind
      when 'hold' then held >= 0 and spent = 0 and overrun = 0
      when 'settle' then held <= 0 and spent >= 0 and spent <= -held and overrun >= 0
      when 'void' then held <= 0 and spent = 0 and overrun = 0
      when 'unknown' then held <= 0 and spent = -held and overrun = 0
      else held = 0 and spent <= 0 and overrun >= 0
    end
  )
);
comment on table transfers is
  'Append-only: what each event added to every budget it names. Balances are its sums (audit_budgets proves it).';
create unique index transfers_taken_once on transfers (hold_id) where kind = 'hold';
create unique index transfers_resolved_once on transfers (hold_id) where kind in ('settle', 'void', 'unknown');
create unique index transfers_reconciled_once on transfers (hold_id) where kind = 'reconcile';
create index transfers_call on transfers (call_id);
select protect_tenant('transfers');
revoke update, delete, truncate on transfers from ytempire_app;
revoke delete, truncate on budgets, paid_calls from ytempire_app;

create table budget_alerts (
  budget_id text collate "C" not null,
  kind text not null check (kind in ('near', 'refused', 'overrun', 'unpriced')),
  user_id uuid,
  budget text not null,
  words text not null,
  at timestamptz not null,
  primary key (budget_id, kind)
);
comment on table budget_alerts is 'The first time that a budget came near its cap, refused, or was passed by a bill.';
alter table budget_alerts enable row level security;
alter table budget_alerts force row level security;
create policy tenant_or_shared on budget_alerts
  using (user_id = app_user() or user_id is null)
  with check (user_id = app_user() or user_id is null);

-- Calls whose hold nobody resolved since `before`: their user's expiry counts them as spent.
create function stale_holds(before timestamptz) returns table (user_id uuid, call_id uuid)
    language sql stable security definer set search_path = public, pg_temp
as $$
  select c.user_id, c.id from paid_calls c where c.hold_state = 'held' and c.begun_at < before order by c.begun_at
$$;
select cross_tenant('stale_holds(timestamptz)');

-- Every difference between what the books say and what their transfers add up to; no row: all is well.
create function audit_budgets() returns table (difference text)
    language sql stable security definer set search_path = public, pg_temp
as $$
  with sums as (
    select b as id, sum(t.held) as held, sum(t.spent) as spent, sum(t.overrun) as overrun
    from transfers t cross join lateral unnest(t.budgets) as b group by b
  ),
  holds as (
    select hold_id, call_id, sum(held) as held, count(*) filter (where kind = 'hold') as taken from transfers
    group by hold_id, call_id
  )
  select format(
    'budget %s: held %s spent %s overrun %s, transfers say %s %s %s', coalesce(b.id, s.id),
    b.held, b.spent, b.overrun, coalesce(s.held, 0), coalesce(s.spent, 0), coalesce(s.overrun, 0)
  )
  from budgets b full join sums s on s.id = b.id
  where (b.held, b.spent, b.overrun)
    is distinct from (coalesce(s.held, 0), coalesce(s.spent, 0), coalesce(s.overrun, 0))
  union all
  select format('hold %s of call %s: resolved without having been taken', h.hold_id, h.call_id)
  from holds h where h.taken <> 1
  union all
  select format('hold %s of call %s: %s still held, its call says %s', h.hold_id, h.call_id, h.held, c.hold_state)
  from holds h join paid_calls c on c.id = h.call_id
  where (h.held <> 0 and (c.hold_id <> h.hold_id or c.hold_state <> 'held' or c.hold_amount <> h.held))
    or (h.held = 0 and c.hold_id = h.hold_id and c.hold_state = 'held' and c.hold_amount <> 0)
  union all
  select format('call %s (%s): %s, but its hold is %s', c.id, c.what, c.state, c.hold_state)
  from paid_calls c where (c.state = 'done' and c.hold_state <> 'settled')
    or (c.state in ('refused', 'cached') and c.hold_state = 'held')
  union all
  select format('budget %s: its lines add up to %s, not %s', p.id, sum(l.held + l.spent + l.overrun),
    p.held + p.spent + p.overrun)
  from budgets p join budgets l on l.parent_id = p.id group by p.id
  having sum(l.held + l.spent + l.overrun) <> p.held + p.spent + p.overrun
$$;
select cross_tenant('audit_budgets()');
