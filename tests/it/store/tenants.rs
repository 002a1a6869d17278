//! The registry, admins, and what the installation remembers.

use botyard::domain::{AdminRole, Corr, TenantState, UserId};
use botyard::store::{Counter, Db, ErrorEntry, NewTenant, TenantCheck, TenantSettingsChange, TenantToken};

use super::world::{ALICE, BOB, NOON, above, later, new_tenant, tenant, two_tenants, within};
use crate::util::db::on_each_db;

on_each_db! {
    async fn a_tenant_is_kept_as_it_was_given(db: Db) {
        let (a, b) = two_tenants(&db).await;
        above(&db, async |tx| {
            let all = tx.tenants_all().await.unwrap();
            assert_eq!(all.iter().map(|t| &t.tenant).collect::<Vec<_>>(), [&a, &b]);
            let row = tx.tenant_get(&a).await.unwrap().unwrap();
            assert_eq!(row, all[0]);
            assert_eq!((row.state, row.bot_id, row.version), (TenantState::Active, UserId(70_001), 1));
            assert_eq!((row.token_sealed.as_slice(), row.provider_key_sealed), (b"sealed token".as_slice(), None));
            assert_eq!(tx.tenant_get(&tenant("nobody")).await.unwrap(), None);
        })
        .await;
    }

    async fn two_living_tenants_cannot_have_one_bot_or_token(db: Db) {
        let (a, b) = two_tenants(&db).await;
        let c = tenant("tenant-c");
        let same_bot = new_tenant(&c, 70_001);
        let mut same_token = new_tenant(&c, 70_003);
        same_token.token_fingerprint = a.as_str();
        for (new, columns) in [(&same_bot, ["tenants_bot_key", "bot_id"]), (&same_token, ["tenants_token_key", "token_fingerprint"])] {
            let mut tx = db.platform().await.unwrap();
            let error = tx.tenant_insert(new, NOON).await.unwrap_err();
            assert!(columns.iter().any(|column| error.refused_by(column)), "{error}");
        }
        let mut tx = db.platform().await.unwrap();
        let same_name = NewTenant { token_fingerprint: "other", ..new_tenant(&b, 70_009) };
        let error = tx.tenant_insert(&same_name, NOON).await.unwrap_err();
        assert!(error.refused_by("tenants_pkey") || error.refused_by("bot_instance_id"), "{error}");
        drop(tx);
        // The bot of a deleted tenant is free again.
        above(&db, async |tx| {
            assert!(tx.tenant_set_state(&a, TenantState::Deleted, None, false, later(1)).await.unwrap());
            tx.tenant_insert(&same_bot, later(2)).await.unwrap();
        })
        .await;
    }

    async fn settings_change_only_from_the_version_that_was_read(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let change = TenantSettingsChange {
            settings: "{\"markup\":2}",
            partner_id: "other",
            managed: true,
            provider_key_sealed: Some(b"key"),
            telegram_api_url: Some("http://127.0.0.1:1"),
        };
        let changes = (0..10).map(|_| {
            let (db, a, change) = (&db, &a, &change);
            async move { above(db, async |tx| tx.tenant_update_settings(a, 1, change, later(5)).await.unwrap()).await }
        });
        let done = futures::future::join_all(changes).await;
        assert_eq!(done.iter().filter(|d| **d).count(), 1);
        above(&db, async |tx| {
            let row = tx.tenant_get(&a).await.unwrap().unwrap();
            assert_eq!((row.version, row.settings.as_str(), row.settings_at), (2, "{\"markup\":2}", later(5)));
            assert_eq!((row.managed, row.provider_key_sealed.as_deref()), (true, Some(b"key".as_slice())));
        })
        .await;
    }

    async fn states_tokens_and_checks_are_noted(db: Db) {
        let (a, b) = two_tenants(&db).await;
        above(&db, async |tx| {
            let check = TenantCheck { bot_username: Some("a_bot"), webhook_error: Some("502"), ..TenantCheck::default() };
            assert!(tx.tenant_note_check(&a, &check, later(1)).await.unwrap());
            assert!(tx.tenant_set_state(&a, TenantState::Paused, Some("by hand"), true, later(2)).await.unwrap());
            let row = tx.tenant_get(&a).await.unwrap().unwrap();
            assert_eq!((row.state, row.state_reason.as_deref(), row.paused_by_file), (TenantState::Paused, Some("by hand"), true));
            assert_eq!((row.bot_username.as_deref(), row.webhook_error.as_deref()), (Some("a_bot"), Some("502")));
            assert_eq!((row.token_checked_at, row.updated_at), (Some(later(1)), later(2)));
            let token = TenantToken {
                bot_id: UserId(80_000),
                bot_username: None,
                token_fingerprint: "new",
                token_sealed: b"new token",
                webhook_secret_sealed: b"new secret",
            };
            assert!(tx.tenant_set_token(&a, &token, later(3)).await.unwrap());
            let row = tx.tenant_get(&a).await.unwrap().unwrap();
            assert_eq!((row.bot_id, row.token_sealed.as_slice()), (UserId(80_000), b"new token".as_slice()));
            assert_eq!((row.webhook_error, row.token_checked_at, row.bot_username), (None, None, None));
            assert_eq!(tx.tenant_get(&b).await.unwrap().unwrap().updated_at, NOON, "nobody else changed");
        })
        .await;
    }

    async fn admins_are_exactly_those_of_the_list(db: Db) {
        let (a, b) = two_tenants(&db).await;
        let carol = UserId(1003);
        within(&db, &a, async |tx| {
            tx.admins_replace(&[(ALICE, AdminRole::Owner), (BOB, AdminRole::Admin)], NOON).await.unwrap();
            tx.admins_replace(&[(carol, AdminRole::Admin), (ALICE, AdminRole::Owner)], later(1)).await.unwrap();
            let list: Vec<_> = tx.admins_list().await.unwrap().iter().map(|r| (r.user_id, r.role, r.added_at)).collect();
            assert_eq!(list, [(ALICE, AdminRole::Owner, NOON), (carol, AdminRole::Admin, later(1))]);
        })
        .await;
        within(&db, &b, async |tx| {
            assert_eq!(tx.admins_list().await.unwrap(), []);
            tx.admins_replace(&[(BOB, AdminRole::Owner)], NOON).await.unwrap();
        })
        .await;
        above(&db, async |tx| {
            let all: Vec<_> = tx.admins_all().await.unwrap().into_iter().map(|r| (r.tenant, r.user_id)).collect();
            assert_eq!(all, [(a.clone(), ALICE), (a.clone(), carol), (b.clone(), BOB)]);
        })
        .await;
    }

    async fn the_first_value_of_the_installation_stands(db: Db) {
        let puts = (0..20).map(|n: u8| {
            let db = &db;
            async move { above(db, async |tx| tx.meta_put_if_absent("check", &[n]).await.unwrap()).await }
        });
        let got = futures::future::join_all(puts).await;
        assert!(got.iter().all(|value| *value == got[0]), "{got:?}");
        above(&db, async |tx| {
            assert_eq!(tx.meta_get("check").await.unwrap(), Some(got[0].clone()));
            assert_eq!(tx.meta_get("other").await.unwrap(), None);
        })
        .await;
    }

    async fn the_overview_shows_each_tenants_own_today(db: Db) {
        let (a, b) = two_tenants(&db).await;
        for (id, day, n) in [(&a, "2026-11-22", 1), (&a, "2026-11-23", 2), (&b, "2026-11-22", 4), (&b, "2026-11-23", 8)] {
            within(&db, id, async |tx| tx.counter_add(day, Counter::NewUsers, n).await.unwrap()).await;
        }
        let overview = above(&db, async |tx| {
            let day = |row: &botyard::store::TenantRow| if row.tenant == a { "2026-11-22" } else { "2026-11-23" }.to_owned();
            tx.tenants_overview(day, NOON).await.unwrap()
        })
        .await;
        let figures: Vec<_> = overview.iter().map(|o| (&o.tenant.tenant, o.today.get(Counter::NewUsers))).collect();
        assert_eq!(figures, [(&a, 1), (&b, 8)]);
        assert_eq!(overview[0].today.get(Counter::Revenue), 0);
        assert_eq!(overview.iter().map(|o| o.people).collect::<Vec<_>>(), [3, 12]);
    }

    async fn the_overview_counts_each_tenants_own_errors_since_then(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let corr = Corr::random();
        let entry =
            ErrorEntry { corr: &corr, stage: "storage", handler: "x", class: "panic", message: "x", update_id: None };
        for at in [later(-60_000), NOON, later(5)] {
            within(&db, &a, async |tx| tx.error_put(&entry, at).await.unwrap()).await;
        }
        let day = |_: &botyard::store::TenantRow| "2026-11-22".to_owned();
        let overview = above(&db, async |tx| tx.tenants_overview(day, NOON).await.unwrap()).await;
        let errors: Vec<_> = overview.iter().map(|o| (o.errors, o.last_error_at)).collect();
        assert_eq!(errors, [(2, Some(later(5))), (0, None)]);
    }

    async fn days_are_read_by_their_names(db: Db) {
        let (a, b) = two_tenants(&db).await;
        for (id, day, n) in [(&a, "2026-11-20", 1), (&a, "2026-11-21", 2), (&a, "2026-11-23", 4), (&b, "2026-11-21", 8)] {
            within(&db, id, async |tx| tx.counter_add(day, Counter::Revenue, n).await.unwrap()).await;
        }
        let days = within(&db, &a, async |tx| tx.counters_between("2026-11-21", "2026-11-23").await.unwrap()).await;
        let mut read: Vec<_> = days.iter().map(|(day, f)| (day.as_str(), f.get(Counter::Revenue))).collect();
        read.sort_unstable();
        assert_eq!(read, [("2026-11-21", 2), ("2026-11-23", 4)]);
    }
}
