//! One-time links and sessions of the panel.

use botyard::domain::PanelScope;
use botyard::store::{Db, NewLink, NewPanelSession};

use super::world::{NOON, above, later, tenant, two_tenants};
use crate::util::db::on_each_db;

fn session<'a>(sid: &'a str, scope: &'a PanelScope, subject: &'a str) -> NewPanelSession<'a> {
    NewPanelSession { sid, scope, role: "admin", subject, version: 1, expires_at: later(100) }
}

on_each_db! {
    async fn twenty_presses_of_a_link_open_the_panel_once(db: Db) {
        let (a, _) = two_tenants(&db).await;
        let scope = PanelScope::Tenant(a);
        let link = NewLink { token_hash: "hash", scope: &scope, role: "owner", subject: "1001", expires_at: later(10) };
        above(&db, async |tx| tx.link_insert(&link, NOON).await.unwrap()).await;
        let peeked = above(&db, async |tx| tx.link_peek("hash", later(9)).await.unwrap()).await.unwrap();
        assert_eq!((&peeked.scope, peeked.role.as_str(), peeked.subject.as_str()), (&scope, "owner", "1001"));
        let presses = (0..20).map(|_| {
            let db = &db;
            async move { above(db, async |tx| tx.link_consume("hash", later(9)).await.unwrap()).await }
        });
        let opened: Vec<_> = futures::future::join_all(presses).await.into_iter().flatten().collect();
        assert_eq!(opened, [peeked]);
        above(&db, async |tx| assert_eq!(tx.link_peek("hash", NOON).await.unwrap(), None)).await;
    }

    async fn an_old_or_unknown_link_opens_nothing(db: Db) {
        let link =
            NewLink { token_hash: "hash", scope: &PanelScope::Platform, role: "o", subject: "1", expires_at: later(10) };
        above(&db, async |tx| {
            tx.link_insert(&link, NOON).await.unwrap();
            assert_eq!(tx.link_consume("hash", later(10)).await.unwrap(), None);
            assert_eq!(tx.link_peek("hash", later(10)).await.unwrap(), None);
            assert_eq!(tx.link_consume("other", NOON).await.unwrap(), None);
            let opened = tx.link_consume("hash", later(9)).await.unwrap().unwrap();
            assert_eq!(opened.scope, PanelScope::Platform);
        })
        .await;
    }

    async fn a_session_is_touched_and_revoked(db: Db) {
        let (a, b) = (PanelScope::Tenant(tenant("tenant-a")), PanelScope::Tenant(tenant("tenant-b")));
        above(&db, async |tx| {
            for new in [
                session("one", &a, "1"),
                session("two", &a, "1"),
                session("other", &a, "2"),
                session("elsewhere", &b, "1"),
                session("above", &PanelScope::Platform, "1"),
            ] {
                tx.panel_session_insert(&new, NOON).await.unwrap();
            }
            assert!(tx.panel_session_touch("one", later(5)).await.unwrap());
            assert!(!tx.panel_session_touch("one", later(4)).await.unwrap(), "used later than that");
            let row = tx.panel_session_get("one").await.unwrap().unwrap();
            assert_eq!((&row.scope, row.seen_at, row.revoked_at), (&a, later(5), None));
            assert!(tx.panel_session_revoke("one", later(6)).await.unwrap());
            assert!(!tx.panel_session_revoke("one", later(7)).await.unwrap());
            assert!(!tx.panel_session_touch("one", later(8)).await.unwrap(), "revoked");
            assert_eq!(tx.panel_session_get("one").await.unwrap().unwrap().revoked_at, Some(later(6)));
            assert_eq!(tx.panel_sessions_revoke_of(&a, "1", later(9)).await.unwrap(), 1, "only the second is left");
            assert_eq!(tx.panel_session_get("elsewhere").await.unwrap().unwrap().revoked_at, None);
            assert_eq!(tx.panel_sessions_revoke_of(&PanelScope::Platform, "1", later(9)).await.unwrap(), 1);
            assert_eq!(tx.panel_session_get("other").await.unwrap().unwrap().revoked_at, None);
            assert_eq!(tx.panel_session_get("nobody").await.unwrap(), None);
            assert_eq!(tx.panel_purge(later(100), 9).await.unwrap(), 0, "at its end it is not past");
            assert_eq!(tx.panel_purge(later(101), 3).await.unwrap(), 3);
            assert_eq!(tx.panel_purge(later(101), 3).await.unwrap(), 2);
        })
        .await;
    }
}
