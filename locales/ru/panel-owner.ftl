# The platform owner's own pages.

panel-invite = Пригласить партнёра
panel-invite-lead = Ссылка, по которой партнёр сам подключит своего бота. Владельцем станет человек с этим номером Telegram.
panel-invite-person = Номер Telegram (ID)
panel-invite-language = Язык партнёра
panel-invite-hint = Номер человек узнаёт у @userinfobot. Ссылку передайте только ему: кто откроет её первым, тот и войдёт.
panel-invite-make = Создать ссылку
panel-invite-made = Ссылка готова
panel-invite-life = Скопируйте её сейчас: больше она не появится. Работает один раз и { $n } мин. Новая ссылка тому же человеку отменяет прежнюю.
panel-invite-wrong = Нужен номер Telegram: только цифры.
panel-invite-banned = Этот человек заблокирован на платформе: сначала снимите запрет (botyard ban).
panel-owner-preflight = Проверка денег
panel-owner-preflight-lead = Сходятся ли деньги и строки у всех ботов сразу.
panel-owner-preflight-do = Проверить сейчас
