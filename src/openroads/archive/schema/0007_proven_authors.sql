-- Whether the author of a post was proven to be who they say (of mail: by the server that took it in), or shown not
-- to be; NULL where nobody says.

ALTER TABLE post ADD COLUMN IF NOT EXISTS proven Nullable(Bool) AFTER rating;
