-- SHA-256 of what a file was when it was kept: one that a disk has changed is told from it. None of pictures that were
-- made before.
alter table asset add column sum bytea;
alter table image_file add column sum bytea;
