# Files on their way: results that take another way, results once more.

file-refused =
    ⚠️ Telegram не принял файл
    <a href="{ $link }">Скачать результат</a> — ссылка работает 24 часа.
result-fetching = ⏳ Загружаю результат…
