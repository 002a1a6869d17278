# Descriptions for setMyCommands, at most 256 characters, without markup (bot.md 3).

cmd-start = Главное меню
cmd-models = Модели по категориям
cmd-balance = Баланс и пополнение
cmd-status = Что сейчас в работе
cmd-cancel = Отменить текущий шаг
cmd-help = Помощь
cmd-language = Язык / Language
cmd-privacy = Мои данные
cmd-paysupport = Вопросы по оплате

## Added for admins

cmd-admin = Меню администратора
cmd-payments = Платежи
cmd-panel = Веб-панель
cmd-add = Добавить статью в базу знаний
cmd-selftest = Самопроверка
cmd-config-check = Проверка настроек
