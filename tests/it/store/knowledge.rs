//! The knowledge base on both databases: forms of words, order, duplicates, numbers, what is removed.

use botyard::domain::BotInstanceId;
use botyard::knowledge::{self, Added};
use botyard::store::Db;

use super::world::{ALICE, NOON, later, two_tenants, within};
use crate::util::db::on_each_db;

async fn add(db: &Db, id: &BotInstanceId, text: &str) -> Added {
    within(db, id, async |tx| knowledge::add(tx, text, ALICE, NOON).await.unwrap()).await
}

async fn found(db: &Db, id: &BotInstanceId, query: &str) -> Vec<i64> {
    within(db, id, async |tx| {
        let page = knowledge::search(tx, query, 0).await.unwrap();
        page.found.iter().map(|found| found.number).collect()
    })
    .await
}

on_each_db! {
    async fn an_article_is_found_by_another_form_of_its_words(db: Db) {
        let (a, b) = two_tenants(&db).await;
        add(&db, &a, "Возврат денег\nЕсли генерация не удалась, деньги вернутся на баланс сами.").await;
        add(&db, &a, "Как пополнить баланс\nОплата Звёздами проходит за минуту. Ёлочный тариф скоро.").await;
        add(&db, &a, "Refunds\nFailed generations are never charged, payments stay on your balance.").await;
        assert_eq!(found(&db, &a, "генерации").await, [1]);
        assert_eq!(found(&db, &a, "оплатой").await, [2]);
        assert_eq!(found(&db, &a, "ЕЛОЧНОГО").await, [2]);
        assert_eq!(found(&db, &a, "payment for a generation").await, [3]);
        assert_eq!(found(&db, &a, "а как же это?").await, [0_i64; 0]);
        assert_eq!(found(&db, &a, "дирижабль").await, [0_i64; 0]);
        assert_eq!(found(&db, &b, "генерации").await, [0_i64; 0], "another tenant's base is empty");
    }

    async fn a_hit_in_the_title_comes_first_and_five_make_a_page(db: Db) {
        let (a, _) = two_tenants(&db).await;
        for n in 0..6 {
            add(&db, &a, &format!("Статья {n}\nСреди прочего здесь упомянута доставка результата.")).await;
        }
        add(&db, &a, "Доставка\nГотовое приходит в этот чат.").await;
        assert_eq!(found(&db, &a, "доставку").await[0], 7);
        within(&db, &a, async |tx| {
            let first = knowledge::search(tx, "доставка", 0).await.unwrap();
            assert_eq!((first.found.len(), first.page, first.pages, first.total), (5, 0, 2, 7));
            let nearest = knowledge::search(tx, "доставка", 99).await.unwrap();
            assert_eq!((nearest.found.len(), nearest.page), (2, 1));
            assert!(first.found.iter().all(|found| nearest.found.iter().all(|other| other.number != found.number)));
        })
        .await;
    }

    async fn a_question_is_answered_in_whole_sentences_or_not_at_all(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let long = "Это предложение ни о чём важном не говорит. ".repeat(12);
        add(&db, &a, &format!("Сроки\n{long}Результаты хранятся четырнадцать дней. {long}")).await;
        add(&db, &a, "Промокоды\nПромокод вводится в разделе бонусов и действует один раз.").await;
        within(&db, &a, async |tx| {
            let passages = knowledge::ask(tx, "Сколько дней хранится результат?").await.unwrap();
            assert!(passages[0].text.contains("Результаты хранятся четырнадцать дней."), "{passages:?}");
            assert!(passages.len() <= 3);
            assert!(passages.iter().all(|p| p.text.chars().count() <= 400 && p.text.ends_with('.')), "{passages:?}");
            assert!(passages.iter().all(|p| p.number == 1), "{passages:?}");
            assert_eq!(knowledge::ask(tx, "Какая завтра погода в горах Кавказа?").await.unwrap(), []);
            // One word of many is not enough to answer.
            let vague = "Можно ли вернуть подарочный сертификат мужу после юбилея, если промокод сгорел?";
            assert_eq!(knowledge::ask(tx, vague).await.unwrap(), []);
        })
        .await;
    }

    async fn the_same_text_is_kept_once_until_it_is_removed(db: Db) {
        let (a, b) = two_tenants(&db).await;
        let text = "Заголовок\nТекст статьи, которой хватает.";
        let new = |number| Added::New { number, title: "Заголовок".to_owned() };
        assert_eq!(add(&db, &a, text).await, new(1));
        assert_eq!(add(&db, &a, "Заголовок \n\n Текст статьи,  которой хватает.").await, Added::Same);
        assert_eq!(add(&db, &b, text).await, new(1));
        assert_eq!(add(&db, &a, "мало").await, Added::Length);
        within(&db, &a, async |tx| {
            assert!(tx.knowledge_remove(1, ALICE, later(1)).await.unwrap());
            assert!(!tx.knowledge_remove(1, ALICE, later(2)).await.unwrap());
            assert_eq!(tx.knowledge_get(1).await.unwrap(), None);
            assert_eq!(tx.knowledge_count().await.unwrap(), 0);
        })
        .await;
        assert_eq!(found(&db, &a, "статья").await, [0_i64; 0]);
        assert_eq!(add(&db, &a, text).await, new(2), "a number is never given again");
    }

    async fn many_admins_at_once_get_numbers_of_their_own(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let texts: Vec<String> = (0..12).map(|n| format!("Статья {}\nТекст статьи, которой хватает.", n % 4)).collect();
        let added = futures::future::join_all(texts.iter().map(|text| add(&db, &a, text))).await;
        let mut numbers: Vec<i64> = added
            .iter()
            .filter_map(|added| match added {
                Added::New { number, .. } => Some(*number),
                _ => None,
            })
            .collect();
        numbers.sort_unstable();
        assert_eq!(numbers, [1, 2, 3, 4]);
        within(&db, &a, async |tx| assert_eq!(tx.knowledge_count().await.unwrap(), 4)).await;
    }

    async fn an_article_of_the_longest_kind_is_found_by_its_last_word(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let mut text = String::from("Длинная статья\n");
        for n in 0..850 {
            text.extend(["слово", &n.to_string(), " "]);
        }
        text.push_str("послесловием");
        assert!(text.chars().count() <= 8_000, "{}", text.chars().count());
        add(&db, &a, &text).await;
        assert_eq!(found(&db, &a, "послесловие").await, [1]);
        assert_eq!(found(&db, &a, "слово517").await, [1]);
    }
}
