# Words that many screens share: navigation, counts, durations.

# Stands in for a text that is missing by a mistake of ours; no key is ever shown.
neutral = ⚠️ Что-то пошло не так. Откройте меню: /start

## Navigation

btn-back = ◀️ Назад
btn-back-short = ◀️
btn-home = 🏠 Главное меню
btn-cancel = ❌ Отмена
btn-confirm = ✅ Подтвердить
btn-next = ▶️ Далее
btn-continue = ▶️ Продолжить
btn-refresh = 🔄 Обновить
btn-support = 🆘 Поддержка
btn-page = { $page } / { $pages }
btn-page-prev = ◀️
btn-page-next = ▶️

## Counts

count-images = { $n } { $n ->
        [one] изображение
        [few] изображения
       *[many] изображений
    }
count-videos = { $n } видео

## Time

ago-now = только что
ago-minutes = { $n } { $n ->
        [one] минуту
        [few] минуты
       *[many] минут
    } назад
ago-hours = { $n } { $n ->
        [one] час
        [few] часа
       *[many] часов
    } назад
ago-days = { $n } { $n ->
        [one] день
        [few] дня
       *[many] дней
    } назад

# How long something lasts.
span-seconds = { $n } { $n ->
        [one] секунду
        [few] секунды
       *[many] секунд
    }
span-minutes = { $n } { $n ->
        [one] минуту
        [few] минуты
       *[many] минут
    }
span-hours = { $n } { $n ->
        [one] час
        [few] часа
       *[many] часов
    }
span-days = { $n } { $n ->
        [one] день
        [few] дня
       *[many] дней
    }
size-mb = { $n } МБ
size-kb = { $n } КБ
eta-image = 30 с
eta-text = 30 с
eta-video = 1–3 мин
eta-audio = 10–30 с

## Units in which per-unit prices are said: «0.94 ₽ за сек.» (bot.md 7.4)

unit-second = за сек.
unit-minute = за мин.
unit-1000-chars = за 1000 симв.

## Kinds of media: what a model takes and gives

kind-image = изображение
kind-images = изображения
kind-video = видео
kind-audio = аудио
kind-text = текст
kind-link = ссылка
