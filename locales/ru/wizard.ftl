# The wizard: S-11 step, S-12 option's price, S-13 parameters, S-14 confirmation, S-15 not enough.

## S-11: the step

step-title = 📝 <b>Шаг { $i }/{ $n }: { $label }</b>
step-edit-title = ✏️ <b>{ $label }</b>
step-ask-text = ✍️ Напишите текст сообщением.
step-ask-number = 🔢 Напишите число.
step-ask-choice = 👇 Выберите вариант кнопкой.
step-ask-link = 🔗 Пришлите ссылку вида { $prefix }…
step-ask-image = 🖼 Пришлите изображение: фото или файлом, до { $mb } МБ.
step-ask-images = 🖼 Пришлите изображения: фото, файлом или альбомом, до { $mb } МБ каждое, не больше { $max }.
step-ask-audio = 🎤 Пришлите аудио: голосовое или файл, до { $mb } МБ.
step-ask-video = 🎬 Пришлите видео до { $mb } МБ.
step-ask-more-images = Загрузите изображение. Можно ещё: { $n }.
step-formats = 📎 Форматы: { $formats }
step-length = 📏 От { $min } до { $max } символов
step-max-length = 📏 До { $max } символов
step-range = 📏 От { $min } до { $max }
step-range-step = 📏 От { $min } до { $max }, шаг { $step }
step-count = 📎 Загружено: { $k } из { $max }
step-audio-limit = ⏱ Аудио до { $n } { $n ->
        [one] секунды
       *[other] секунд
    }
step-optional = Этот шаг можно пропустить.
step-fetching = ⏳ Загружаю файл…

price-line = 💰 Цена: { $price }
price-line-from = 💰 Цена: от { $price }
price-line-unit = 💰 Цена: { $price } { $unit }
price-line-unit-total = 💰 Цена: { $price } ({ $rate } { $unit })
price-line-free = 💰 Цена: 🎁 0 ₽
price-line-free-units = 💰 Цена: 🎁 { $n } { $n ->
        [one] бесплатная генерация
        [few] бесплатные генерации
       *[many] бесплатных генераций
    }
price-line-admin = 💰 Цена: 0 ₽

btn-value = { $value } — { $price }
btn-value-default = ⭐ { $value } — { $price }
btn-skip = ⏭️ Пропустить (auto)
btn-default = ⏭️ По умолчанию: { $value }
btn-add-image = ➕ Добавить ещё
btn-images-done = ✅ Готово ({ $k })
btn-skip-media = ⏭️ Пропустить
btn-replace-audio = 🎤 Отправить другое аудио
btn-replace-video = 🎬 Отправить другое видео
btn-replace-image = 🖼 Отправить другое изображение
value-yes = ✅ Да
value-no = ❌ Нет
value-default = по умолчанию

## What can be wrong with an input (bot.md 7.3)

file-too-big = Файл больше { $mb } МБ. Боты Telegram получают файлы до 20 МБ.
file-as-photo = Отправьте изображение как фото.
file-bad-format = ❌ Этот формат не подходит. Подойдут: { $formats }.
file-no-duration = Не удалось определить длительность, отправьте файл как видео.
file-no-duration-audio = Не удалось определить длительность. Отправьте запись голосовым сообщением или файлом MP3.
file-not-fetched = Не удалось скачать файл, отправьте ещё раз.
audio-too-long = Аудио до { $n } { $n ->
        [one] секунды
       *[other] секунд
    }
voice-unsupported = Голосовые сообщения пока не поддерживаются — напишите текстом.
number-step = ❌ Подойдут числа от { $min } до { $max } с шагом { $step }.
fill-param = Заполните: { $param }

## S-12 option's price

option-price =
    Эта опция: { $label } = { $value }
    Было: { $before }
    Станет: { $after }
btn-option-back = ↩️ Назад
btn-to-params = ⚙️ К параметрам

## S-13 parameters

params-title = ⚙️ <b>Параметры: { $title }</b>
params-hint = Нажмите на строку, чтобы изменить значение.
btn-param-set = ✅ { $label }: { $value }
btn-param-unset = ⚪ { $label }: { $value }
btn-show-price = ✅ Подтвердить и показать цену
param-file = файл
param-files = { $n } { $n ->
        [one] файл
        [few] файла
       *[many] файлов
    }

## S-14 confirmation

confirm-title = 🧾 <b>Проверьте заказ</b>
confirm-model = 🤖 { $title }
confirm-prompt = 📝 { $prompt }
confirm-params = ⚙️ { $params }
confirm-param = { $label }: { $value }
confirm-inputs = 📎 { $inputs }
confirm-output = 📤 { $output }
confirm-eta = ⏱ { $eta }
confirm-price = 💰 Цена: { $price }
confirm-balance = Баланс: { $available } → { $after }
confirm-balance-short = ❌ Недостаточно средств: доступно { $available }
confirm-free =
    🎁 БЕСПЛАТНАЯ ГЕНЕРАЦИЯ!
    Останется бесплатных: { $n }/{ $total }
confirm-free-bank =
    🎁 БЕСПЛАТНАЯ ГЕНЕРАЦИЯ!
    Останется бесплатных: { $left }/{ $total }, из бонусных: { $n }
confirm-free-from-bank =
    🎁 БЕСПЛАТНАЯ ГЕНЕРАЦИЯ!
    Останется из бонусных: { $n }
price-changed = Цена изменилась: было { $before }, стало { $after }
quote-renewed = ⌛ Прошло время, заказ рассчитан заново. Проверьте и подтвердите.
btn-confirm-generate = ✅ Генерировать
btn-params = ⚙️ Параметры

## S-15 not enough

btn-topup-missing = 💳 Пополнить на { $amount }
btn-topup-other = 💳 Другая сумма
