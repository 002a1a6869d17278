# What a bot needs to live and to earn (platform.md 3), and what the watch tells of it.

req-owner-account = Нет владельца: ботом некому управлять.
req-owner-account-fix = Назовите Telegram id владельца: botyard tenant или файл tenants.toml.
req-token-valid = Telegram ещё не подтвердил токен.
req-token-valid-fix = Подождите минуту. Если не помогло, возьмите токен у @BotFather и вставьте его заново.
req-token-revoked = Telegram больше не принимает токен: его отозвали или заменили.
req-token-revoked-fix = Возьмите новый токен у @BotFather (/token) и замените его в панели.
req-webhook-set = Сообщения пользователей сюда ещё не приходят.
req-webhook-set-fix = Подождите минуту: адрес ставится сам. Если не помогло, проверьте токен.
req-webhook-hijacked = Telegram отправляет сообщения бота на { $url }.
req-webhook-hijacked-fix = Токен есть у другой программы. Остановите её или отзовите токен у @BotFather и вставьте новый.
req-polling-conflict = Сообщения бота забирает другая программа.
req-polling-conflict-fix = Остановите её или отзовите токен у @BotFather и вставьте новый.
req-webhook-errors = Telegram не смог доставить сообщения, ждут { $n }: { $error }
req-webhook-errors-fix = Обычно проходит само. Если держится, передайте тому, кто обслуживает платформу.
req-provider-key = Нечем генерировать: нет ключа сервиса или бюджета на общий ключ.
req-provider-key-fix = Вставьте свой ключ сервиса генераций или попросите у владельца платформы бюджет.
req-provider-credits-low = У сервиса генераций осталось { $credits } кр.
req-provider-credits-low-fix = Пополните счёт у сервиса генераций.
req-price-list = Ни одна модель не продаётся.
req-price-list-fix = Включите хотя бы одну модель.
req-payment-method = Пользователи не могут пополнить баланс.
req-payment-method-fix = Включите Telegram Stars или СБП.
req-requisites = СБП включён, но реквизиты не заполнены.
req-requisites-fix = Заполните банк, телефон и получателя.
req-compliance-ack = СБП включён, но правило Telegram не подтверждено.
req-compliance-ack-fix = Прочитайте правило о цифровых товарах и подтвердите его.
req-admin-reachable = Бот не может написать ни одному администратору.
req-admin-reachable-fix = Нажмите /start в боте под учётной записью администратора.
req-support-contact = Не указан контакт поддержки.
req-support-contact-fix = Укажите @имя или ссылку, куда писать пользователям.
req-privacy-text = Нет ссылки на политику конфиденциальности.
req-privacy-text-fix = Укажите ссылку на свою политику.

req-title = 📋 <b>Что нужно сделать</b>
req-line =
    { $icon } { $what }
    { $fix }
watch-about = 🤖 <b>@{ $bot }</b>
watch-webhook-hijacked =
    ⚠️ <b>Сообщения бота уходят на { $url }</b>
    Токен есть у другой программы. Остановите её или отзовите токен у @BotFather и вставьте новый в панели. Адрес мы поставили заново.
watch-token-revoked =
    ⚠️ <b>Telegram больше не принимает токен</b>
    Бот молчит. Возьмите новый токен у @BotFather (/token) и замените его в панели.
watch-polling-conflict =
    ⚠️ <b>Сообщения бота забирает другая программа</b>
    Бот отвечает не всем. Остановите её или отзовите токен у @BotFather и вставьте новый.
alert-errors =
    ⚠️ <b>Ошибки: { $class }</b>
    За последнее время: { $n }. Подробности: /admin corr { $corr }
alert-busy =
    ⚠️ <b>Сервис генераций перегружен</b>
    Отказов за последнее время: { $n }. Деньги пользователям возвращены.
alert-dead-letter =
    ⚠️ <b>Задания остановлены после всех попыток: { $n }</b>
    Подробности: /admin corr { $corr }
alert-delivery-old =
    ⚠️ <b>Готовые результаты не доставляются: { $n }</b>
    Ждут уже { $time } или дольше. Подробности: /admin corr { $corr }
