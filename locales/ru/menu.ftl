# S-01 main menu, S-02 minimal menu. A line without its data is left out by the screen (bot.md 5, S-01).

menu-brand = <b>{ $brand }</b>
menu-brand-default = Студия изображений, видео и звука
menu-welcome-default = Опишите идею словами или пришлите фото — остальное сделаю я. Выберите, с чего начнём:
menu-balance = 💰 Доступно: { $available }
menu-link = 🔗 Ваша ссылка: { $link } (+{ $bonus })
menu-hint = /help — помощь · /language — язык
menu-user-mode = 👁 Режим пользователя. Выход: /admin
menu-balance-unavailable = ⚠️ Баланс временно недоступен
menu-minimal = Главное меню
menu-plain = Главное меню: /start

## The eight rows of S-01, in their order

btn-fast-tools = 🆓 FAST TOOLS
btn-menu-t2i = 🎨 Генерация визуала
btn-menu-i2i = 🧩 Ремикс изображения
btn-menu-t2v = 🎬 Видео по сценарию
btn-menu-i2v = 🪄 Анимировать изображение
btn-menu-special = 🧰 Спец-инструменты
btn-menu-balance = 💳 Баланс / Доступ
btn-menu-referral = 🤝 Партнёрка

## S-02

btn-models = 🤖 Модели
btn-balance = 💳 Баланс
btn-help = ❓ Помощь
btn-my-generations = 📚 Мои генерации
