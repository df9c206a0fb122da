-- Pictures by the address under which articles name them. `due_at`: when it is to be looked at, in Unix
-- seconds; null where nothing is to be done. `problem`: what the last look came to, where it came to nothing.
-- `digest` and `width` are null until it was made, and `digest` stays so where it is served from elsewhere.
-- `version`: which file of the publisher's folder that was; empty of others. `colours`: those of its placeholder.
create table image (
    url text primary key,
    due_at integer,
    tries integer not null default 0,
    problem text not null default '',
    version text not null default '',
    digest blob,
    width integer,
    height integer,
    colours text not null default ''
) strict;

create index image_by_due on image (tries, due_at) where due_at is not null;
create index image_by_digest on image (digest);

-- Which article names which picture. `original`: it is the one of its figure's files that sizes are made of.
create table article_image (
    url text not null,
    article integer not null references article (no) on delete cascade,
    original integer not null,
    primary key (url, article)
) strict, without rowid;

create index article_image_by_article on article_image (article);

-- What was made, by what it was made of: the first 16 bytes of the SHA-256 of the file that came. The content
-- stands last, so that nobody reads it who asks for the rest.
create table image_file (
    digest blob not null,
    width integer not null,
    kind text not null check (kind in ('jpg', 'webp')),
    height integer not null,
    content blob not null,
    primary key (digest, width, kind)
) strict;

-- Articles that were saved before pictures were followed.
create table article_without_images (article integer primary key references article (no) on delete cascade) strict;
insert into article_without_images (article) select no from article;
