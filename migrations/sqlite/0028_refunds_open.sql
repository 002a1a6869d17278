-- Refunds of Stars that Telegram has not answered are looked for every minute, over all bots.
CREATE INDEX payments_refunding ON payments (updated_at) WHERE state = 'refunding';
