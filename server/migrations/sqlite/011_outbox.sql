-- What has to reach somebody outside and has not yet. `kind`: notice (mail to an editor), answer (mail to
-- a sender), hook (a call), article (mail to a reader's friend). Erased feedback takes what is about it
-- along. `key`: the same again is the same delivery.
create table outbox (
    no integer primary key,
    kind text not null,
    key text not null unique,
    feedback integer references feedback (no) on delete cascade,
    article text references article (id),
    recipient text not null,
    language text not null,
    made_at integer not null,
    due_at integer not null,
    tries integer not null default 0,
    problem text not null default ''
) strict;

create index outbox_by_due on outbox (due_at);
create index outbox_by_feedback on outbox (feedback);

-- Addresses that want no article any more, as keyed hashes.
create table suppressed (
    address blob primary key,
    at integer not null
) strict, without rowid;
