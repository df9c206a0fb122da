-- Every released asset, for loaders pinned to an old version.
create table asset (
    version text not null,
    name text not null,
    media_type text not null,
    identity blob not null,
    gzip blob not null,
    brotli blob not null,
    primary key (version, name)
) strict;

-- The salts of reader keys: today's and yesterday's, never more. `day` is in days since 1970 in the
-- publisher's time zone.
create table salt (
    day integer primary key,
    salt blob not null
) strict;

create table signing_key (
    no integer primary key check (no = 1),
    key blob not null
) strict;
