-- What is committed for a group of views is one row: what the dedupe windows and the counters gain by
-- it. The counters' own tables follow a moment later, many groups at a time. Rows of days before
-- yesterday are erased. (The log of single views that was here goes; at most a day's repeats with it.)
drop table view_log;
create table view_log (
    no integer primary key,
    -- In days since 1970 in the publisher's time zone.
    day integer not null,
    at integer not null,
    entries blob not null,
    counters blob not null
) strict;

-- The last row of view_log that is in tally_hour and arrival_hour.
create table tally_through (
    one integer primary key check (one = 1),
    log_no integer not null
) strict;
insert into tally_through values (1, 0);

-- unknown: refused, for the partner is not one of ours. raw = counted + bot + rate + repeat + unknown.
alter table tally_hour add column unknown integer not null default 0;
-- Counted views that were read deeply.
alter table tally_hour add column deep integer not null default 0;
create index tally_hour_by_partner on tally_hour (partner, hour, article);
-- An article is looked up in each hour by itself: the table's own order has it, and a new row is in one
-- tree fewer.
drop index tally_hour_by_article;

alter table share_hour add column unknown integer not null default 0;

-- Seconds of reading from which a view is deep.
alter table article add column deep_after integer not null default 30;
