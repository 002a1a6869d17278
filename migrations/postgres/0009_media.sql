-- Results that wait for their person: looked for whenever the person writes (bot.md 9.2).
CREATE INDEX generations_of_absent ON generations (bot_instance_id, user_id) WHERE state = 'undelivered';
