-- Who else may look at a bot's panel, and the long lists of its pages.

-- People who look at a bot's pages and change nothing; its admins stand in `admins`.
CREATE TABLE panel_viewers (
  bot_instance_id TEXT NOT NULL REFERENCES tenants (bot_instance_id),
  user_id BIGINT NOT NULL,
  added_by BIGINT NOT NULL,
  added_at BIGINT NOT NULL,
  PRIMARY KEY (bot_instance_id, user_id)
);
SELECT botyard_wall('panel_viewers');

-- For how long the platform's owner may look at a bot's people as its support.
CREATE TABLE support_grants (
  bot_instance_id TEXT NOT NULL PRIMARY KEY REFERENCES tenants (bot_instance_id),
  granted_by BIGINT NOT NULL,
  granted_at BIGINT NOT NULL,
  until BIGINT NOT NULL
);
SELECT botyard_wall('support_grants');

CREATE INDEX generations_of_tenant_failed ON generations (bot_instance_id, created_at) WHERE state IN ('failed', 'timed_out');
CREATE INDEX error_log_class ON error_log (bot_instance_id, class, created_at);
CREATE INDEX jobs_dead ON jobs (finished_at) WHERE state = 'dead';
