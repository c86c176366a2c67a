-- Names are searched by their parts. Where the extension may not be made here, the search works without it, slower.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX finding_by_name_part ON finding USING gin (name gin_trgm_ops);
EXCEPTION WHEN OTHERS THEN
    RAISE NOTICE 'pg_trgm cannot be used: %', SQLERRM;
END $$;
