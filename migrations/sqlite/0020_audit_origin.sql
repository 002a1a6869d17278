-- From where an act came: the network of the client's address, never the address itself (platform.md 6, "audit").
ALTER TABLE audit_log ADD COLUMN origin TEXT;
