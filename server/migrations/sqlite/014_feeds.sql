-- Feeds that are asked for articles, by their URLs, and how they do. `etag`, `last_modified`: what the last
-- good answer was called. `problem`: why the last try failed, in a sentence; empty where it did not.
-- `failures`: tries that failed since the last good one. `articles`, `kept`: in the last answer that was read.
-- `created`, `updated`: of all answers. Not asked before `due_at`.
create table feed (
    url text primary key,
    etag text,
    last_modified text,
    tried_at integer,
    good_at integer,
    problem text not null default '',
    failures integer not null default 0,
    articles integer not null default 0,
    kept integer not null default 0,
    created integer not null default 0,
    updated integer not null default 0,
    due_at integer not null
) strict, without rowid;
