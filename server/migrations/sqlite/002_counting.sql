-- Origins of partner pages. `mark` is the partner's half of a share mark; two origins may have the
-- same one, and then the older is meant. The empty origin stands for pages that are not told.
create table partner (
    no integer primary key,
    origin text not null unique,
    mark text not null,
    first_seen integer not null
) strict;
create index partner_by_mark on partner (mark);

-- The counters. Begins with the hour: a batch writes to one short stretch of the tree, and a window is
-- one range of it. `hour` is in hours since 1970. raw = counted + bot + rate + repeat.
create table tally_hour (
    hour integer not null,
    article integer not null references article,
    partner integer not null references partner,
    raw integer not null,
    counted integer not null,
    readers integer not null,
    bot integer not null,
    rate integer not null,
    repeat integer not null,
    -- Sums over the counted views: seconds visible, and depth in per cent.
    seconds integer not null,
    depth integer not null,
    primary key (hour, article, partner)
) strict, without rowid;
create index tally_hour_by_article on tally_hour (article, hour, partner);

-- Counted views that came by a share, by the mark on the link.
create table arrival_hour (
    hour integer not null,
    article integer not null references article,
    mark text not null,
    counted integer not null,
    primary key (hour, article, mark)
) strict, without rowid;

-- Shares, by the page they were made on.
create table share_hour (
    hour integer not null,
    article integer not null references article,
    partner integer not null references partner,
    channel text not null,
    counted integer not null,
    bot integer not null,
    rate integer not null,
    repeat integer not null,
    primary key (hour, article, partner, channel)
) strict, without rowid;
create index share_hour_by_article on share_hour (article, hour, partner, channel);

-- The memory of the dedupe windows, in the order it was made; only ever appended to, and read back when
-- a process starts. No index, for nothing is looked up here. Rows of days before yesterday are erased.
create table view_log (
    no integer primary key,
    day integer not null,
    at integer not null,
    view blob not null,
    article integer not null,
    partner integer not null,
    -- Null where the view did not count, and for readers who ask not to be followed.
    reader blob,
    counted integer not null,
    seconds integer not null,
    depth integer not null
) strict;

create table share_log (
    no integer primary key,
    at integer not null,
    share blob not null
) strict;
