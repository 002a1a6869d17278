# What is on sale: gen types, lists, the model's card, S-03 … S-10 and S-27.

## Gen types (bot.md 1.3): title and one sentence

gen-type-text-to-image = ✨ Текст в фото
gen-type-text-to-image-desc = Опишите картинку словами — нарисую её с нуля.
gen-type-image-to-image = 🎨 Фото в фото
gen-type-image-to-image-desc = Пришлите фото и скажите, во что его превратить: другой стиль, образ или фон.
gen-type-image-edit = 🖼️ Редактирование фото
gen-type-image-edit-desc = Меняю на фото только то, о чём попросите: предмет, надпись, одежду, фон.
gen-type-text-to-video = 🎬 Текст в видео
gen-type-text-to-video-desc = Опишите сцену — сниму по ней короткий ролик.
gen-type-image-to-video = 📸 Фото в видео
gen-type-image-to-video-desc = Оживлю ваше фото: движение, мимика, полёт камеры.
gen-type-video-to-video = ✂️ Видео в видео
gen-type-video-to-video-desc = Перенесу движения из вашего видео на другого героя или заменю героя в кадре.
gen-type-video-upscale = 📈 Улучшение видео
gen-type-video-upscale-desc = Повышу разрешение и чёткость вашего видео.
gen-type-speech-to-video = 🎙️ Речь в видео
gen-type-speech-to-video-desc = По фото и голосу сделаю ролик, в котором человек говорит и двигается.
gen-type-lip-sync = 👄 Синхронизация губ
gen-type-lip-sync-desc = Портрет заговорит вашим голосом: губы и мимика совпадут со звуком.
gen-type-upscale = ⬆️ Улучшение фото
gen-type-upscale-desc = Увеличу фото и верну ему чёткость и детали.
gen-type-remove-background = ✂️ Удаление фона
gen-type-remove-background-desc = Аккуратно вырежу предмет или человека и оставлю прозрачный фон.
gen-type-outpaint = 🪟 Расширение кадра
gen-type-outpaint-desc = Дорисую картинку за её краями под нужный формат.
gen-type-watermark-removal = 💧 Удаление водяного знака
gen-type-watermark-removal-desc = Уберу водяной знак с видео по ссылке.
gen-type-speech-to-text = 📝 Речь в текст
gen-type-speech-to-text-desc = Расшифрую запись: получите готовый текст.
gen-type-text-to-speech = 🗣️ Текст в речь
gen-type-text-to-speech-desc = Озвучу ваш текст живым голосом.
gen-type-sound-effects = 🔔 Звуковые эффекты
gen-type-sound-effects-desc = Опишите звук — создам его: шаги, дождь, двери, космос.
gen-type-audio-isolation = 🎧 Очистка аудио
gen-type-audio-isolation-desc = Отделю голос от шума и музыки.
gen-type-music = 🎵 Текст в музыку
gen-type-music-desc = Сочиню песню или мелодию по описанию.

## S-03 models, S-04 categories

models-title = 🤖 Выберите, что создать:
generate-start = 🚀 Начинаем генерацию!
btn-free-left = 🆓 FAST TOOLS { $left }/{ $total }
btn-special-tools = 🧰 Спец-инструменты
btn-all-models = 📋 Все модели
btn-all-models-menu = 🤖 Все модели
categories-title = Выберите категорию:
category-image = 🖼 Изображения
category-video = 🎬 Видео
category-audio = 🎧 Аудио
category-tools = 🛠 Инструменты
category-screen = <b>{ $title }</b>

## S-05 gen type

models-of-title = <b>{ $title }</b>
models-of-description = 📝 { $description }
models-of-free = 🎁 БЕСПЛАТНО: { $left }
models-of-count = 🤖 Доступные нейросети ({ $n }):
btn-model = { $title } • { $price }
btn-edit-photo = 🖼️ Редактирование фото ({ $n })
price-from = от { $price }
price-gift = 🎁
price-gift-zero = 🎁 0 ₽
price-gift-units = 🎁 × { $n }
price-zero = 0 ₽
price-unit = { $price } { $unit }

## S-06 full list and its headers, S-07 special tools

models-all =
    🤖 Все модели ({ $n })
    Цены в рублях
header-t2i = ✨ Текст в фото
header-i2i = 🎨 Фото в фото и редактирование
header-t2v = 🎬 Текст в видео
header-i2v = 📸 Фото в видео
header-v2v = ✂️ Видео в видео
header-tts = 🗣️ Текст в речь
header-stt = 📝 Речь в текст
header-sfx = 🔔 Звуковые эффекты
header-audio-isolation = 🎧 Очистка аудио
header-upscale = ⬆️ Улучшение качества
header-bg-remove = ✂️ Удаление фона
header-watermark-remove = 💧 Удаление водяного знака
header-music = 🎵 Текст в музыку
header-lip-sync = 👄 Речь и губы
header-other = 🧰 Другое
special-title = 🧰 Спец-инструменты

## S-08 card

card-title = 🪪 <b>{ $title }</b>
card-type = Тип: { $type }
card-input = 📥 Вход: { $required }
card-output = 📤 Выход: { $output }
card-price = 💰 от { $price }
card-price-unit = 💰 от { $price } { $unit }
avail-free = 🎁 Бесплатно: { $left } из { $total }
avail-bank = 🎟 Бонусных генераций: { $n }
avail-count = ✅ Доступно: { $n } { $n ->
        [one] генерация
        [few] генерации
       *[many] генераций
    }
avail-none = ❌ Недостаточно средств
btn-generate = 🚀 Сгенерировать
btn-modes = 💰 Варианты и цены ({ $n })
btn-example = 📸 Пример
btn-info = ℹ️ Инфо
btn-all-special = 🧰 Все спец-инструменты
btn-back-to-models = 🔙 Назад к моделям

## S-09 modes, S-10 info and example

modes-title = 💰 Варианты: { $title }
btn-mode = { $values } — { $price }
mode-plain = Стандартный
mode-changed = Вариант изменился, выберите заново
info-title = ℹ️ <b>{ $title }</b>
info-required = • { $label } — обязательный
info-default = • { $label } — по умолчанию { $default }
info-optional = • { $label } — по желанию
info-limits = { $line }, { $limits }
info-prices = 💰 Варианты и цены:
info-price = • { $values } — { $price }
limit-length = от { $min } до { $max } символов
limit-max-length = до { $max } символов
limit-range = от { $min } до { $max }
limit-items = до { $max } шт.
limit-size = до { $mb } МБ
limit-values = варианты: { $values }
example-title = 📸 Примеры запросов для <b>{ $title }</b>. Нажмите на текст, чтобы скопировать:
example-none = Пример пока не добавлен.

## Sample prompts of the gen types

example-text-to-image-1 = Рыжий кот в шлеме космонавта смотрит на Землю из иллюминатора, мягкий свет, фотореализм
example-text-to-image-2 = Уютная кофейня на углу в дождливый вечер, неоновая вывеска, отражения в лужах, акварель
example-text-to-image-3 = Минималистичный логотип пекарни: колосок и солнце, плоский стиль, белый фон
example-image-to-image-1 = Преврати фото в кадр из аниме, сохрани лицо и позу
example-image-to-image-2 = Тот же человек в деловом костюме, студийный портрет, серый фон
example-image-to-image-3 = Сделай из фото масляную картину в духе импрессионистов
example-image-edit-1 = Убери людей на заднем плане, остальное не трогай
example-image-edit-2 = Замени фон на морской берег на закате
example-image-edit-3 = Напиши на вывеске «Открыто» тем же шрифтом
example-text-to-video-1 = Дрон летит над туманным горным лесом на рассвете, кинематографично
example-text-to-video-2 = Капля кофе медленно падает в чашку, макросъёмка, замедление
example-text-to-video-3 = Робот-официант несёт торт по неоновому кафе, камера следует за ним
example-image-to-video-1 = Человек улыбается и поворачивает голову, лёгкий ветер в волосах
example-image-to-video-2 = Камера плавно приближается, облака плывут, вода блестит
example-image-to-video-3 = Предмет медленно вращается на подставке, студийный свет
example-video-to-video-1 = Герой повторяет движения из видео, фон остаётся прежним
example-speech-to-video-1 = Ведущая говорит в камеру и жестикулирует, светлая студия
example-lip-sync-1 = Человек спокойно рассказывает, смотрит в камеру, лёгкая улыбка
example-outpaint-1 = Продолжи пейзаж в обе стороны, тот же свет и стиль
example-text-to-speech-1 = Добро пожаловать! Сегодня расскажу, как за минуту сделать открытку.
example-sound-effects-1 = Шаги по снегу, скрип двери, потрескивание камина
example-music-1 = Тёплая акустическая песня о дороге домой, гитара и женский вокал

## S-27 free tools

free-title = 🆓 FAST TOOLS
free-resets = 🔄 Лимит обновляется раз в день.
free-none = ℹ️ Сейчас нет бесплатных моделей.
btn-free-model = { $title } — { $price }
btn-free-model-axes = { $title } { $axes } — { $price }

## Values of price variants without their labels

axis-seconds = { $n } с
axis-sound-on = со звуком
axis-sound-off = без звука
