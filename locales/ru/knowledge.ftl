# The knowledge base: S-33, S-34, an article, and what admins are asked and told (bot.md 13).

kb-ask-query = 🔎 Что найти? Напишите слово или фразу.
kb-ask-question = ❓ Напишите вопрос, отвечу цитатами из базы знаний.
kb-ask-article = 📝 Пришлите статью одним сообщением: первая строка — заголовок, дальше текст. От 20 до 8000 символов.
kb-what-query = что искать
kb-what-question = вопрос
kb-what-article = текст статьи
kb-results = 🔎 Найдено: { $n } { $n ->
        [one] статья
        [few] статьи
       *[many] статей
    }
kb-found =
    📄 <b>{ $title }</b>
    { $around }
kb-quote =
    📄 <b>{ $title }</b>
    <i>«{ $text }»</i>
kb-article = 📄 <b>{ $title }</b>
kb-added = ✅ Статья добавлена: { $title } (№ { $id })
kb-same = Такая статья уже есть.
kb-removed = 🗑 Статья № { $id } удалена.
btn-kb-article = 📄 { $title }
btn-kb-open = 📄 Открыть статью
btn-kb-add = 📝 Добавить ещё
btn-kb-remove = 🗑 Удалить
