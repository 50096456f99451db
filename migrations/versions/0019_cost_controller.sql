-- The cost controller: what operators ordered (stop, resume, more money for one day), alerts told again under another
-- cap, money by day and category, which cheaper way a video took, and the roles of its model calls.

-- Operators' orders, append-only. Their numbers are what waiting videos go by: an order newer than the one they knew
-- brings them on.
create table spending_orders (
    number bigint generated always as identity primary key,
    kind text not null check (kind in ('stop', 'resume', 'raise', 'reserve')),
    by_user uuid not null,
    at timestamptz not null,
    why text not null check (why <> ''),
    budget_id text collate "C",
    amount bigint check (amount > 0),
    check ((kind in ('raise', 'reserve')) = (budget_id is not null and amount is not null))
);
comment on table spending_orders is
    'Who ordered what, when and why: generation stopped and resumed, one day''s cap raised, the reserve opened.';
create index spending_orders_of_budget on spending_orders (budget_id) where budget_id is not null;
revoke update, delete, truncate on spending_orders from ytempire_app;
alter table spending_orders enable row level security;
alter table spending_orders force row level security;
create policy everybody_reads on spending_orders for select using (true);
-- An operator who is not suspended, or the installation's owner at the command line (accounts.model.LOCAL_USER_ID).
create policy operators_write on spending_orders for insert with check (
    by_user = app_user() and (
        app_user() = '00000000-0000-7000-8000-000000000001'
        or exists (select from users u where u.id = app_user() and u.role = 'operator' and u.suspended_at is null)
    )
);

-- A day's cap may be opened by what orders raised it, and by no more than the owner permits for a day.
insert into budget_limits (kind, most) values ('platform-day-raise', 150000000);
create or replace function check_budget_limit() returns trigger
    language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    limit_kind text := split_part(new.id, ':', 1);
    room bigint := new.cap + new.opened;
begin
    if limit_kind = 'platform-day' then
        room := new.cap;
        if new.opened > coalesce((select l.most from public.budget_limits l where l.kind = 'platform-day-raise'), 0)
            or new.opened > (
                select coalesce(sum(o.amount), 0) from public.spending_orders o
                where o.budget_id = new.id and o.kind = 'raise'
            )
        then
            limit_kind := 'platform-day-raise';
            room := null;
        end if;
    end if;
    if room is null or not exists (
        select from public.budget_limits l where l.kind = limit_kind and room <= l.most
    ) then
        raise exception 'the database permits no such cap for %', limit_kind
            using errcode = 'check_violation', constraint = 'budgets_within_limit', detail = limit_kind;
    end if;
    return new;
end
$$;

-- An alert is news once for each cap: after a raise, coming near it is news again.
alter table budget_alerts
    add column cap bigint not null default 0,
    drop constraint budget_alerts_pkey,
    add primary key (budget_id, kind, cap),
    drop constraint budget_alerts_kind_check,
    add constraint budget_alerts_kind_check check (kind in ('near', 'refused', 'overrun', 'unpriced', 'used_up'));
comment on column budget_alerts.cap is 'The budget''s cap with what was opened, when this was said.';
create index budget_alerts_of_tenant on budget_alerts (user_id, at desc);

-- Money by user, day and category: kept by the statements that append a transfer or note a saving, so that pages need
-- not add up the ledger. The day is that of the user-day budget the money was taken from.
create table cost_days (
    user_id uuid not null,
    day date not null,
    category text not null,
    bills bigint not null default 0,
    spent bigint not null default 0,
    overrun bigint not null default 0,
    saved bigint not null default 0,
    cached bigint not null default 0,
    model_calls bigint not null default 0,
    cheap_calls bigint not null default 0,
    primary key (user_id, day, category)
);
comment on table cost_days is 'Sums of transfers and savings (audit_budgets proves the money); rows grow with days, not with calls.';
create index cost_days_by_day on cost_days (day);
select protect_tenant('cost_days');
revoke delete, truncate on cost_days from ytempire_app;

alter table budgets add column saved bigint not null default 0 check (saved >= 0);
comment on column budgets.saved is 'Of a video and its lines: what a cache made unnecessary.';
grant update (saved) on budgets to ytempire_app;
create index budgets_of_videos on budgets (user_id, id desc) where name = 'video' and parent_id is null;

alter table paid_calls add column role text not null default '';
comment on column paid_calls.role is 'The model''s role, `cheap` or `strong`; empty: not a call to a model.';
create index paid_calls_of_models on paid_calls (user_id, number desc) where role <> '';

create table cheaper_ways (
    user_id uuid not null references users (id) on delete cascade,
    video_id uuid not null,
    step text not null,
    take text not null,
    way text not null,
    instead_of text not null,
    because text not null,
    at timestamptz not null,
    primary key (user_id, video_id, step, take)
);
comment on table cheaper_ways is
    'What a video went on with when its money was short. Written before it is acted upon, so that a step which is '
    'repeated goes the same way.';
select protect_tenant('cheaper_ways');
revoke update on cheaper_ways from ytempire_app;

-- What the ledger says already. FORCEd row-level security hides it from the owner, too.
alter table transfers no force row level security;
alter table paid_calls no force row level security;
alter table cost_days no force row level security;
alter table budgets no force row level security;
update paid_calls set role = case when what like '%(strong)' then 'strong' else 'cheap' end
where category = 'openai' and resource = 'microusd' and state <> 'cached';
insert into cost_days (user_id, day, category, bills, spent, overrun, model_calls, cheap_calls)
select t.user_id, split_part(d.id, ':', 3)::date, c.category, count(*) filter (where t.kind <> 'reconcile'),
    sum(t.spent), sum(t.overrun), count(*) filter (where t.kind <> 'reconcile' and c.role <> ''),
    count(*) filter (where t.kind <> 'reconcile' and c.role = 'cheap')
from transfers t join paid_calls c on c.user_id = t.user_id and c.id = t.call_id
    cross join lateral unnest(t.budgets) as d (id)
where starts_with(d.id, 'user-day:') and t.kind in ('settle', 'unknown', 'reconcile')
group by 1, 2, 3;
update budgets b set saved = s.saved
from (
    select 'video:' || video_id as id, sum(saved) as saved from paid_calls where saved > 0 and video_id is not null
    group by 1
    union all
    select 'video:' || video_id || '/' || category, sum(saved) from paid_calls
    where saved > 0 and video_id is not null group by 1
) s
where b.id = s.id;
alter table transfers force row level security;
alter table paid_calls force row level security;
alter table cost_days force row level security;
alter table budgets force row level security;

-- Money of all users by day and category, for an operator and nobody else.
create function cost_days_for_operator(first_day date, last_day date)
    returns table (day date, category text, bills bigint, spent bigint, overrun bigint, saved bigint, cached bigint,
        model_calls bigint, cheap_calls bigint)
    language sql stable security definer set search_path = public, pg_temp
as $$
    select c.day, c.category, sum(c.bills)::bigint, sum(c.spent)::bigint, sum(c.overrun)::bigint, sum(c.saved)::bigint,
        sum(c.cached)::bigint, sum(c.model_calls)::bigint, sum(c.cheap_calls)::bigint
    from cost_days c
    where c.day between first_day and last_day and (
        app_user() = '00000000-0000-7000-8000-000000000001'
        or exists (select from users o where o.id = app_user() and o.role = 'operator' and o.suspended_at is null)
    )
    group by c.day, c.category
$$;
select cross_tenant('cost_days_for_operator(date, date)');

-- As before, and the money by day against the transfers.
drop function audit_budgets();
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
  ),
  days as (
    select 'user-day:' || user_id || ':' || day as id, sum(spent) as spent, sum(overrun) as overrun from cost_days
    group by user_id, day
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
  union all
  select format('%s: its categories say spent %s overrun %s, transfers %s %s', coalesce(d.id, s.id),
    coalesce(d.spent, 0), coalesce(d.overrun, 0), coalesce(s.spent, 0), coalesce(s.overrun, 0))
  from days d full join (select * from sums where starts_with(id, 'user-day:')) s on s.id = d.id
  where (coalesce(d.spent, 0), coalesce(d.overrun, 0))
    is distinct from (coalesce(s.spent, 0), coalesce(s.overrun, 0))
$$;
select cross_tenant('audit_budgets()');
