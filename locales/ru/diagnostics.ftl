# Reports for admins: /admin preflight, /admin info, /selftest, /config_check (platform.md 5, bot.md 14.8).

diag-preflight = 💳 <b>Preflight</b>: { $verdict }
diag-info = 🧭 <b>Диагностика</b>: { $verdict }
diag-selftest = 🧪 <b>Самопроверка</b>
diag-config = 🧩 <b>Проверка настроек</b>
diag-line = { $icon } <b>{ $name }</b> — { $status }: { $note }
diag-line-timed = { $icon } <b>{ $name }</b> — { $status }: { $note } · { $ms } мс
diag-short = { $icon } { $name }: { $note }
diag-fixes = 💡 <b>Что сделать</b>
diag-fix-line = • { $fix }
diag-wait = ⏳ Собираю данные, пришлю отчёт сюда.

## Verdicts and states, the same in every language (platform.md 5)

diag-verdict-ready = READY
diag-verdict-degraded = DEGRADED
diag-verdict-fail = FAIL
diag-status-ok = OK
diag-status-unknown = UNKNOWN
diag-status-degraded = DEGRADED
diag-status-fail = FAIL

## Names of sections

diag-name-db = База данных
diag-name-tenant = Бот в базе
diag-name-users = Пользователи
diag-name-balances = Балансы
diag-name-tenants = Боты
diag-name-free-limits = Бесплатные лимиты
diag-name-attempts = Генерации
diag-name-holds = Резервы
diag-name-ledger = Журнал денег
diag-name-ledger-chain = Проверка журнала денег
diag-name-storage-rw = Запись и чтение
diag-name-files = Хранилище файлов
diag-name-bot = Бот
diag-name-state = Состояние
diag-name-transport = Связь с Telegram
diag-name-mode = Режим
diag-name-cache = Кэш и блокировки
diag-name-provider = Сервис генераций
diag-name-payments = Оплата
diag-name-support-contact = Поддержка
diag-name-catalog = Каталог
diag-name-hidden-models = Скрытые модели
diag-name-version = Версия
diag-name-errors = Последние ошибки
diag-name-handlers = Кнопки
diag-name-sessions = Сессии
diag-name-bot-token = Токен бота
diag-name-admins = Администраторы
diag-name-provider-key = Ключ сервиса генераций
diag-name-brand = Название
diag-name-privacy-url = Политика конфиденциальности
diag-name-sbp-requisites = Реквизиты СБП
diag-name-receipt-reader = Чтение скриншотов
diag-name-whats-new = Новости в меню
diag-name-timezone = Часовой пояс
diag-name-markup = Наценка
diag-name-free-per-day = Бесплатных в день

## What sections say

diag-note-answers = отвечает
diag-note-tenant = { $id }, { $n ->
        [one] { $n } администратор
        [few] { $n } администратора
       *[many] { $n } администраторов
    }
diag-note-users = всего { $n }, недоступны { $lost }, заблокированы { $blocked }
diag-note-balances = счетов { $n }, ниже нуля { $negative }, за сутки менялись { $moved }, расходятся с переводами { $differ }
diag-note-free = сегодня пользуются { $n }, использовано { $used }, сверх лимита { $over }
diag-note-attempts = всего { $total }, за сутки { $n }, повторов { $duplicates }, дольше 30 минут { $stuck }
diag-note-holds = открыто { $n } на { $sum }, просрочено { $late }
diag-note-ledger = нарушений { $n }
diag-note-ledger-kept = нарушений { $n }, проверено { $at }
diag-note-chain = проверено { $at }, сверено движений { $n }, расхождений { $faults }
diag-note-chain-none = проверок ещё не было
diag-note-payments-in = открытых счетов { $open }, ждут проверки { $review }, расхождений по Stars { $drift }
diag-note-tenants = всего { $n }: { $sample }
diag-note-tenants-none = ботов нет
diag-note-users-all = всего { $n }
diag-note-balances-all = счетов { $n }, ниже нуля { $negative }, ботов, где сумма не сходится { $differ }
diag-note-free-all = за последние сутки пользовались { $n }, использовано { $used }, ботов с превышением { $over }
diag-note-attempts-all = всего { $total }, сейчас в работе { $n }, дольше 30 минут { $stuck }
diag-note-payments-all = открытых счетов { $open }, ждут проверки { $review }, ботов с расхождением по Stars { $drift }
diag-note-written = записано и прочитано
diag-note-files = записано, прочитано, удалено
diag-note-files-failed = не удалось записать и прочитать файл
diag-note-storage = ошибка хранилища: { $class }
diag-note-timeout = не ответило вовремя
diag-note-bot = @{ $name }, id { $bot }, { $id }
diag-note-state-draft = настраивается
diag-note-state-active = работает
diag-note-state-paused = на паузе
diag-note-state-suspended = остановлен платформой
diag-note-webhook = вебхук установлен, ждут обработки: { $n }
diag-note-webhook-mode = вебхук
diag-note-polling = опрос
diag-note-polling-pending = опрос, ждут обработки: { $n }
diag-note-telegram-silent = Telegram не ответил
diag-note-real = рабочий
diag-note-dry-run = тестовый: генерации симулируются
diag-note-cache-process = в этом процессе
diag-note-cache-redis = Redis отвечает
diag-note-cache-lost = Redis не отвечает, работаем без него
diag-note-provider = отвечает, { $credits } кр.
diag-note-provider-shared = отвечает, общий ключ платформы
diag-note-provider-silent = не отвечает или не принимает ключ
diag-note-key-own = свой ключ задан
diag-note-key-shared = общий ключ платформы
diag-note-key-missing = ключ не задан
diag-note-payments = { $n ->
        [0] способов оплаты нет
        [one] { $n } способ
        [few] { $n } способа
       *[many] { $n } способов
    }
diag-note-support = { $contact }
diag-note-reader = Tesseract, русский и английский
diag-note-reader-english = Tesseract без русского языка
diag-note-reader-none = Tesseract не установлен, скриншоты проверяют администраторы
diag-note-set = задано
diag-note-unset = не задано
diag-note-admins = { $n ->
        [one] { $n } администратор
        [few] { $n } администратора
       *[many] { $n } администраторов
    }
diag-note-models = предлагается { $n } из { $total }
diag-note-hidden = нет цены или способа заказа { $unsellable }, не подтверждены у сервиса { $unlisted }, выключены здесь { $off }
diag-note-version = { $version }, { $database }
diag-note-no-errors = нет
diag-note-errors = { $list }
diag-note-handlers = у каждой кнопки есть обработчик (проверено при сборке)
diag-note-sessions = читаются, за сутки активны { $n }
diag-note-zone = { $zone }
diag-note-markup = × { $markup }
diag-note-free-limit = { $n }

## What to do

diag-fix-tenant = Запись бота повреждена: добавьте администратора через botyard tenant или файл tenants.toml.
diag-fix-ledger = Журнал денег расходится с балансами: остановите пополнения и передайте отчёт тому, кто обслуживает платформу.
diag-fix-ledger-wait = Журнал денег проверяется раз в минуту: подождите и запустите отчёт снова.
diag-fix-chain-old = Журнал денег не проверялся больше суток: посмотрите, работает ли botyard serve, и запустите botyard ledger verify.
diag-fix-free = Кто-то использовал больше бесплатных генераций, чем сейчас разрешено. Если лимит недавно снижали, это пройдёт в полночь.
diag-fix-stuck = Есть генерации старше 30 минут. Проверьте связь с сервисом генераций и последние ошибки.
diag-fix-duplicates = Одна задача сервиса досталась двум генерациям: передайте отчёт тому, кто обслуживает платформу.
diag-fix-token = Telegram не подтвердил токен: возьмите новый у @BotFather и замените его.
diag-fix-state = Пользователи получают сообщение вместо ответов. Снимите паузу в панели или обратитесь к владельцу платформы.
diag-fix-webhook = Вебхук ведёт не сюда или не принимает обновления. Он ставится заново при запуске; проверьте, не использует ли токен другая программа.
diag-fix-telegram = Проверьте доступ сервера к Telegram и повторите.
diag-fix-dry-run = Выключите тестовый режим (dry_run), чтобы генерации стали настоящими.
diag-fix-cache = Проверьте REDIS_URL и сам Redis. Деньги и данные не затронуты.
diag-fix-credits = На счёте сервиса генераций нет кредитов: пополните его.
diag-fix-provider = Проверьте ключ сервиса генераций и его доступность.
diag-fix-key = Задайте ключ сервиса генераций: без него меню работает, а генерация выключена.
diag-fix-payments = Пополнить баланс сейчас нельзя. Начислить вручную: /admin → пользователь → «Начислить».
diag-fix-support = Укажите контакт поддержки в настройках бота.
diag-fix-reader = Чтобы скриншоты переводов читались сами, установите на сервер tesseract-ocr и tesseract-ocr-rus. Без них их проверяют администраторы.
diag-fix-models = Ни одна модель не предлагается: проверьте enabled_models.
diag-fix-files = Проверьте место на диске и права на папку данных или доступ к S3.
diag-fix-admin-start = Нажмите /start в боте хотя бы одним администратором, чтобы получать сообщения.
diag-fix-holds = Есть резервы старше своего срока: они снимутся сами при ближайшей проверке. Если число растёт, передайте отчёт тому, кто обслуживает платформу.
diag-fix-drift = Список Stars у Telegram расходится с зачислениями: откройте раздел платежей и сверьте их.

## Boot reports

diag-name-config = Настройки
diag-name-port = Адреса
diag-name-database = База данных
diag-name-storage = Хранилище
diag-name-redis = Redis и блокировки
diag-name-telegram = Telegram
diag-name-webhook = Вебхук
diag-name-ai = Сервис генераций
diag-name-ux = Кнопки
diag-name-data-integrity = Целостность данных
diag-note-config = замечаний { $n }
diag-note-port = { $main }, служебный { $admin }
diag-note-tokens = ботов { $n }, проверено { $checked }, токен не принят у { $refused }
diag-note-webhooks = не установлен у { $wrong }
diag-note-polled = опрос, не подключены { $wrong }
diag-note-key-own-only = общего ключа нет, работают боты со своим
diag-note-token-refused = Telegram не принимает токен
diag-note-unchecked = ещё не проверено
diag-note-webhook-elsewhere = ведёт на { $url }, ждут обработки: { $n }
diag-note-files-seen = доступно
diag-note-integrity = ниже нуля { $negative }, расходятся { $differ }, генераций дольше 30 минут { $stuck }
diag-fix-config = Посмотрите предупреждения в начале журнала: botyard check называет их по одному.
diag-fix-wait = Подождите минуту: боты подключаются по очереди.

## The connection with Telegram, line by line

diag-name-deliveries = Доставка сообщений
diag-name-look = Последний взгляд
diag-name-updates = Последнее обновление
diag-name-outbox = Очередь ответов
diag-note-token-checked = @{ $name }, проверен { $at }
diag-note-polling-conflict = обновления забирает другая программа
diag-note-webhook-refused = Telegram не принял адрес: { $error }
diag-note-delivered = ошибок нет
diag-note-delivery-error = { $at }: { $error }
diag-note-looked = { $at }
diag-note-update-last = пришло { $at }
diag-note-update-none = за последние дни не приходило ничего
diag-note-outbox = ждут отправки { $n }, самый старый { $s } с
diag-fix-look = Telegram давно не спрашивали о боте. Нажмите «Проверить сейчас».
diag-fix-outbox = Ответы отправляются с задержкой. Обычно это ограничения Telegram и проходит само; если держится, передайте тому, кто обслуживает платформу.
