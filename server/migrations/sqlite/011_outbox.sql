-- What has to reach somebody outside and has not yet. `kind`: notice (mail to an editor), answer (mail to
-- a sender), hook (a call), article (mail to a reader's friend). `lane`: mail or call. Erased feedback takes what is about it
-- along. `key`: the same again is the same delivery. `recipient`: a mail address; none of a call. `mark`:
-- the share mark on an article's link. No number comes twice, for what is said of a delivery that is gone
-- must not meet another.
create table outbox (
    no integer primary key autoincrement,
    kind text not null,
    lane text not null,
    key text not null unique,
    feedback integer references feedback (no) on delete cascade,
    article text references article (id),
    mark text not null default '',
    recipient text not null,
    language text not null,
    made_at integer not null,
    due_at integer not null,
    tries integer not null default 0,
    problem text not null default ''
) strict;

create index outbox_by_due on outbox (lane, due_at, no);
create index outbox_by_feedback on outbox (feedback);

-- Requests to send an article that were taken, for a day: the same again sends no second mail. `key`: a
-- hash of the browser's key; `content`: a keyed hash of article and address.
create table mail_request (
    key blob primary key,
    content blob not null,
    at integer not null
) strict, without rowid;

create index mail_request_by_time on mail_request (at);

-- Addresses that want no article any more, as keyed hashes.
create table suppressed (
    address blob primary key,
    at integer not null
) strict, without rowid;
