-- Articles, verbatim, beside what lists and checks need to know of them.
create table article (
    no integer primary key,
    id text not null unique,
    json text not null,
    title text not null,
    language text not null,
    status text not null check (status in ('usable', 'withheld', 'canceled')),
    section text,
    -- Unix seconds: nobody sees it before `embargo`, nor from `expires` on.
    embargo integer,
    expires integer,
    updated_at integer not null,
    -- SHA-256 of `json`, cut to 16 bytes.
    revision blob not null
) strict;
