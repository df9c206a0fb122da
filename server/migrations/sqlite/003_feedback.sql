-- What readers wrote to the editor. `at` is also the time of the consent to the text `consent`.
create table feedback (
    no integer primary key,
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
    consent text not null
) strict;
