-- What opens the API to the publisher's own programs, by the SHA-256 of the token: the token itself is
-- told to whoever made it, and kept nowhere. `scopes` are names with commas between them.
create table token (
    no integer primary key,
    name text not null unique,
    hash blob not null unique,
    scopes text not null,
    created_at integer not null
) strict;
