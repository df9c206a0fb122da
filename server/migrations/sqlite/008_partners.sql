-- What the publisher says of a partner: nothing yet, that it is one, or that it is none.
alter table partner add column standing text not null default 'new'
    check (standing in ('new', 'allowed', 'blocked'));
