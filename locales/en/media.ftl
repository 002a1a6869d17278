# Files on their way: results that take another way, results once more.

file-refused =
    ⚠️ Telegram did not take the file
    <a href="{ $link }">Download the result</a> — the link works for { $time }.
result-fetching = ⏳ Loading the result…
