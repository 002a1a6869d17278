-- Nobody asks for the oldest job of a lane over all tenants, and as long as this index is there a database whose statistics are
-- behind the facts may choose it for a tenant's oldest, and then walks through everybody's backlog.
DROP INDEX jobs_due;
