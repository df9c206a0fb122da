-- What the editors' lists need of each article, away from its text: no list reads one. `words`: all that is
-- looked for, folded to lower case without diacritics; empty until it is filled. `sort_title`: the title,
-- folded. `published`: as stated, empty where it is not; `published_at`: the same in Unix seconds, or 0. The
-- rest is as in `article`.
create table article_found (
    article integer primary key references article (no),
    id text not null,
    title text not null,
    status text not null,
    section text not null,
    language text not null,
    embargo integer,
    expires integer,
    updated_at integer not null,
    published text not null,
    published_at integer not null,
    sort_title text not null,
    words text not null
) strict;

insert into article_found
    (article, id, title, status, section, language, embargo, expires, updated_at, published, published_at,
     sort_title, words)
select no, id, title, status, coalesce(section, ''), language, embargo, expires, updated_at, '', 0, '', ''
from article;

-- Each holds what the filters look at: a page is a walk along one of them.
create index article_found_by_update
    on article_found (updated_at, article, status, embargo, expires, section, language);
create index article_found_by_publication
    on article_found (published_at, article, status, embargo, expires, section, language);
create index article_found_by_title
    on article_found (sort_title, article, status, embargo, expires, section, language);
create index article_found_by_section on article_found (section);
create index article_found_by_language on article_found (language);
-- Articles of before the search, until it is filled.
create index article_found_unfilled on article_found (article) where words = '';
