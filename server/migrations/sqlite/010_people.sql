-- The publisher's people. `password`: a PHC string (Argon2id).
create table person (
    name text primary key,
    role text not null,
    password text not null,
    created_at integer not null
) strict, without rowid;

-- Who is logged in. `session`: SHA-256 of what the cookie holds.
create table session (
    session blob primary key,
    person text not null references person (name) on delete cascade,
    begun_at integer not null,
    used_at integer not null
) strict, without rowid;

create index session_by_person on session (person);
