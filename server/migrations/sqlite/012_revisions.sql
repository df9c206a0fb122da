-- Who saved an article as it stands, why where they said so, and which of its states that is.
alter table article add column revision_number integer not null default 1;
alter table article add column saved_by text not null default '';
alter table article add column note text not null default '';

-- What articles said before, under the same numbers. `tag`: what `article.revision` was.
create table article_revision (
    article integer not null references article (no) on delete cascade,
    number integer not null,
    json text not null,
    title text not null,
    status text not null,
    tag blob not null,
    saved_at integer not null,
    saved_by text not null,
    note text not null,
    primary key (article, number)
) strict;

-- What a delivery says, where that is not read when it leaves: a call of the purge hook, which is a `kind` and a
-- `lane` of its own.
alter table outbox add column content text not null default '';
