-- How much is kept of a bot's files, without reading their rows: asked before each order.
CREATE INDEX media_sizes ON media (bot_instance_id, size);
