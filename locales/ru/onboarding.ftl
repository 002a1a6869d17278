# New partners: the pages of onboarding, the platform's own bot. Plain text on pages: templates escape it.

onboarding-title = Подключение бота
onboarding-enter-text = Здесь вы подключите своего бота. Это займёт пару минут, вернуться можно в любой момент.
onboarding-enter-button = Продолжить
onboarding-outside = Чтобы подключить своего бота, откройте личную ссылку.
onboarding-outside-how = Ссылку даёт кнопка «Скопировать бота» в любом боте платформы. Она работает один раз и живёт { $time }.
onboarding-closed = Подключение новых ботов временно закрыто.
onboarding-lead = Выберите удобный способ. Бот заработает сразу, а открыть его всем вы сможете, когда проверите сами.
onboarding-managed-title = Создать бота по ссылке
onboarding-managed-text = Telegram создаст бота сам, токен копировать не нужно.
onboarding-managed-button = Получить ссылку
onboarding-paste-title = Вставить токен
onboarding-paste-text = Создайте бота в @BotFather командой /newbot и вставьте сюда токен, который он пришлёт.
onboarding-paste-label = Токен бота
onboarding-paste-button = Подключить
onboarding-paste-note = Токен хранится зашифрованным и больше нигде не показывается.
onboarding-bad-shape = Это не похоже на токен бота. Он выглядит так: цифры, двоеточие и ещё 35 букв и цифр.
onboarding-taken = Этот бот уже подключён. Одного бота можно подключить только один раз.
onboarding-banned = Подключить этого бота нельзя. Если это ошибка, напишите в поддержку платформы.
onboarding-unknown = Telegram не знает такого токена. Скопируйте его из @BotFather ещё раз.
onboarding-away = Telegram сейчас не отвечает. Попробуйте через минуту.
onboarding-not-ready = Сначала исправьте то, что отмечено красным.
onboarding-replace-title = Бот уже работает в другом месте
onboarding-replace-text = Сообщения этого бота сейчас получает { $host }. Если продолжить, их будет получать эта платформа, а там бот перестанет отвечать.
onboarding-replace-note = Сообщения, которые ещё не доставлены, не потеряются.
onboarding-replace-button = Перенести бота сюда
onboarding-another-button = Подключить другого бота
onboarding-pair-title = Создайте бота
onboarding-pair-text = Наведите камеру телефона на код или откройте ссылку. Telegram предложит имя бота, подтвердите его.
onboarding-pair-qr = QR-код со ссылкой для создания бота
onboarding-pair-open = Открыть в Telegram
onboarding-pair-note = { $n ->
    [one] Ссылка работает один раз, ещё { $n } минуту. Страница обновится сама, когда бот появится.
    [few] Ссылка работает один раз, ещё { $n } минуты. Страница обновится сама, когда бот появится.
   *[many] Ссылка работает один раз, ещё { $n } минут. Страница обновится сама, когда бот появится.
}
onboarding-pair-over = Время ссылки вышло. Получите новую.
onboarding-pair-again = Новая ссылка
onboarding-pair-back = Назад
onboarding-draft-lead = Бот отвечает пока только вам.
onboarding-live-lead = Бот открыт для всех.
onboarding-checks-title = Готовность
onboarding-check-token = Telegram принимает токен
onboarding-fix-token = получите новый токен в @BotFather и подключите бота заново
onboarding-check-updates = Сообщения бота приходят сюда
onboarding-fix-updates = подождите несколько секунд и проверьте снова
onboarding-check-owner = У бота есть владелец
onboarding-fix-owner = напишите в поддержку платформы
onboarding-check-start = Вы открыли чат с ботом
onboarding-fix-start = нажмите /start в боте, чтобы он мог вам писать
onboarding-check-key = Есть ключ сервиса генераций
onboarding-fix-key = без ключа меню работает, а генерация выключена
onboarding-check-support = Указан контакт поддержки
onboarding-fix-support = добавьте его в настройках бота
onboarding-recheck-button = Проверить снова
onboarding-sale-title = Цены и оплата
onboarding-sale-lead = Сколько стоит генерация, сколько дать бесплатно и куда писать, если что-то не так.
onboarding-sale-done = можно платить
onboarding-sale-open = оплаты нет
onboarding-sale-change = Изменить
onboarding-sale-hint = Переводы (СБП), цены моделей и остальное — в панели: команда /panel в боте.
onboarding-sale-wrong = Не сохранено: наценка — число от 0.5 до 10, бесплатных — целое от 0 до 100, контакт — до 200 символов.
onboarding-chat-title = Проверьте бота сами
onboarding-chat-text = Откройте чат, нажмите /start и попробуйте всё, что увидит пользователь.
onboarding-chat-live = Ваш бот ждёт первых пользователей. Панель открывает команда /panel.
onboarding-chat-button = Открыть чат
onboarding-live-title = Открыть бота всем
onboarding-live-text = Всё нужное готово.
onboarding-live-button = Открыть бота

## In a hosted bot, by «Copy bot»

copy-bot-link = Ваша личная ссылка. Она работает один раз и живёт { $n ->
    [one] { $n } минуту
    [few] { $n } минуты
   *[many] { $n } минут
}.
btn-copy-bot-open = 🚀 Подключить своего бота

## The platform's own bot

platform-hello = 👋 Здесь подключают своих ботов. Откройте ссылку или пришлите токен от @BotFather: я сразу удалю сообщение с ним.
platform-closed = Подключение новых ботов временно закрыто.
platform-open = 🚀 Подключить бота
platform-hosted = ✅ Бот { $name } подключён и пока отвечает только вам. Проверьте его и откройте всем.
platform-elsewhere = ⚠️ Сообщения этого бота сейчас получает { $host }. Если хотите перенести его сюда, подтвердите это на странице.
platform-no-pairing = Бот создан, но мы его не ждали: ссылка устарела или её запросил другой человек. Получите новую ссылку на странице.

## The panel inside Telegram

miniapp-title = Панель бота
miniapp-opening = Открываем панель…
miniapp-else = Если страница не открылась, отправьте боту команду /panel.
miniapp-framed = В веб-версии Telegram панель открывается в браузере.
miniapp-open = Открыть панель
