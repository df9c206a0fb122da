-- What became of feedback. `state`: held (suspicious: somebody has to look first, and `held` says why),
-- new, open (in work), answered, spam. `passage`: the words of the article that it is about. `search`:
-- all that is looked for, folded to lower case without diacritics. `announced`: editors and programs were
-- told of it, or would have been if anybody were to be told; letters of before count as such.
-- `fingerprint`: the same for the same words, however they are spaced and written; null where they are too few
-- to tell. The table is made anew for its numbers: that of an erased letter is in mails and bookmarks, and is
-- never another letter's.
create table answered_feedback (
    no integer primary key autoincrement,
    at integer not null,
    idempotency_key text not null unique,
    content_hash blob not null,
    secret_hash blob not null unique,
    reference text not null,
    article text not null references article (id),
    page text not null,
    kind text not null,
    name text not null,
    email text not null,
    phone text not null,
    title text not null,
    message text not null,
    consent text not null,
    passage text not null default '',
    state text not null default 'new',
    held text not null default '',
    answer text not null default '',
    answered_at integer,
    answered_by text not null default '',
    announced integer not null default 1,
    search text not null default '',
    fingerprint blob
) strict;

insert into answered_feedback
    (no, at, idempotency_key, content_hash, secret_hash, reference, article, page, kind, name, email, phone,
     title, message, consent)
select no, at, idempotency_key, content_hash, secret_hash, reference, article, page, kind, name, email, phone,
    title, message, consent
from feedback;

drop table feedback;
alter table answered_feedback rename to feedback;

create index feedback_by_state on feedback (state, no);
create index feedback_by_article on feedback (article, no);
create index feedback_by_time on feedback (at);
-- Letters of before the search, until it is filled.
create index feedback_unfilled on feedback (no) where search = '';
create index feedback_by_fingerprint on feedback (fingerprint, at);

-- The texts of consent that readers were shown, as they were.
create table consent_text (
    version text primary key,
    text text not null,
    shown_from integer not null
) strict, without rowid;

-- Whether an article was of use, and perhaps a word on why. No sender.
create table rating (
    rating blob primary key,
    at integer not null,
    article text not null references article (id),
    partner text not null,
    useful integer not null,
    word text not null
) strict, without rowid;

create index rating_by_article on rating (article, at);
-- For the words alone, which are erased when they are old.
create index rating_word_by_time on rating (at) where word <> '';

-- Proofs of work that have been used, until nobody would take them any more.
create table spent_proof (
    proof blob primary key,
    expires_at integer not null
) strict, without rowid;

create index spent_proof_by_end on spent_proof (expires_at);
