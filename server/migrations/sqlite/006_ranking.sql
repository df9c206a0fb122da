-- An article's counted views of all time, and the deeply read ones among them: the sums of tally_hour,
-- so that a start need not read every hour there ever was.
create table tally_article (
    article integer primary key references article,
    counted integer not null,
    deep integer not null
) strict;
insert into tally_article
    select article, sum(counted), sum(deep) from tally_hour group by article;

-- All that a ranking has to know of articles, in the order of their changes.
create index article_by_update
    on article (updated_at, no, section, language, status, embargo, expires);
