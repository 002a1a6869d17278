# The knowledge base: S-33, S-34, an article, and what admins are asked and told (bot.md 13).

kb-ask-query = 🔎 What shall I look for? Send a word or a phrase.
kb-ask-question = ❓ Send your question: I'll answer with quotes from the knowledge base.
kb-ask-article = 📝 Send the article in one message: the first line is its title, the rest its text. From 20 to 8000 characters.
kb-what-query = what to look for
kb-what-question = your question
kb-what-article = the article's text
kb-results = 🔎 Found: { $n } { $n ->
        [one] article
       *[other] articles
    }
kb-found =
    📄 <b>{ $title }</b>
    { $around }
kb-quote =
    📄 <b>{ $title }</b>
    <i>“{ $text }”</i>
kb-article = 📄 <b>{ $title }</b>
kb-added = ✅ Article added: { $title } (No. { $id })
kb-same = There is such an article already.
kb-removed = 🗑 Article No. { $id } has been removed.
btn-kb-article = 📄 { $title }
btn-kb-open = 📄 Open the article
btn-kb-add = 📝 Add another
btn-kb-remove = 🗑 Remove
