-- Sums of tally_hour, so that no page of figures reads the rows of every article: of an hour, of a
-- partner's hour, and of a partner in all time.
create table tally_sum (
    hour integer primary key,
    raw integer not null,
    counted integer not null,
    readers integer not null,
    bot integer not null,
    rate integer not null,
    repeat integer not null,
    unknown integer not null,
    seconds integer not null,
    depth integer not null,
    deep integer not null
) strict;

create table tally_partner_hour (
    hour integer not null,
    partner integer not null references partner,
    raw integer not null,
    counted integer not null,
    readers integer not null,
    bot integer not null,
    rate integer not null,
    repeat integer not null,
    unknown integer not null,
    seconds integer not null,
    depth integer not null,
    deep integer not null,
    primary key (hour, partner)
) strict, without rowid;

create table tally_partner (
    partner integer primary key references partner,
    raw integer not null,
    counted integer not null,
    readers integer not null,
    bot integer not null,
    rate integer not null,
    repeat integer not null,
    unknown integer not null,
    seconds integer not null,
    depth integer not null,
    deep integer not null
) strict;

insert into tally_partner_hour
    (hour, partner, raw, counted, readers, bot, rate, repeat, unknown, seconds, depth, deep)
select hour, partner, sum(raw), sum(counted), sum(readers), sum(bot), sum(rate), sum(repeat), sum(unknown),
    sum(seconds), sum(depth), sum(deep)
from tally_hour group by hour, partner;

insert into tally_sum
    (hour, raw, counted, readers, bot, rate, repeat, unknown, seconds, depth, deep)
select hour, sum(raw), sum(counted), sum(readers), sum(bot), sum(rate), sum(repeat), sum(unknown),
    sum(seconds), sum(depth), sum(deep)
from tally_partner_hour group by hour;

insert into tally_partner
    (partner, raw, counted, readers, bot, rate, repeat, unknown, seconds, depth, deep)
select partner, sum(raw), sum(counted), sum(readers), sum(bot), sum(rate), sum(repeat), sum(unknown),
    sum(seconds), sum(depth), sum(deep)
from tally_partner_hour group by partner;
