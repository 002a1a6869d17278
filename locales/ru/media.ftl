# Files on their way: results that take another way, results once more.

file-refused =
    ⚠️ Telegram не принял файл
    <a href="{ $link }">Скачать результат</a> — ссылка работает { $time }.
result-fetching = ⏳ Загружаю результат…
