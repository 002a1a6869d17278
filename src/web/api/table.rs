//! Every call of the API: the router, the OpenAPI document and the tests are made from this.

use axum::http::Method;
use futures::future::BoxFuture;
use serde_json::Value;

use super::calls::{credits, errors, figures, generations, hooks, owner, payments, requirements, tenant, users};
use super::door::{Ask, Reply};
use super::problem::Problem;
use super::shape::{Page, Schemas, Shape};
use crate::domain::ApiRight;
use crate::store::TenantTx;

/// How a call is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Get,
    Post,
    Delete,
}

impl Verb {
    pub(super) const fn method(self) -> Method {
        match self {
            Self::Get => Method::GET,
            Self::Post => Method::POST,
            Self::Delete => Method::DELETE,
        }
    }
}

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    /// Everybody.
    Nothing,
    /// A key with this right: its own bot; the platform's owner names one.
    Tenant(ApiRight),
    /// The platform's owner.
    Owner(ApiRight),
}

impl Needs {
    pub(super) const fn right(self) -> ApiRight {
        match self {
            Self::Nothing => ApiRight::Read,
            Self::Tenant(right) | Self::Owner(right) => right,
        }
    }

    /// For tests and for the document.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Tenant(ApiRight::Read) => "read",
            Self::Tenant(ApiRight::Write) => "write",
            Self::Tenant(ApiRight::Money) => "money",
            Self::Owner(ApiRight::Read) => "owner read",
            Self::Owner(_) => "owner write",
        }
    }
}

/// What a call does.
#[derive(Clone, Copy)]
pub(super) enum Act {
    /// Gives what is no secret.
    Open(fn() -> Value),
    /// Looks.
    Read(for<'a> fn(&'a Ask) -> BoxFuture<'a, Result<Reply, Problem>>),
    /// Changes one tenant's rows, in the transaction that also keeps the answer.
    Write(for<'a> fn(&'a Ask, &'a mut TenantTx) -> BoxFuture<'a, Result<Reply, Problem>>),
    /// Changes more than one tenant's rows.
    Owner(for<'a> fn(&'a Ask) -> BoxFuture<'a, Result<Reply, Problem>>),
}

/// A parameter of a path or a query.
#[derive(Debug, Clone, Copy)]
pub(super) struct Param {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) in_path: bool,
    pub(super) schema: fn(&mut Schemas) -> Value,
}

/// A schema by its type.
type Make = fn(&mut Schemas) -> Value;

/// One call.
pub(super) struct Endpoint {
    pub(super) method: Verb,
    pub(super) path: &'static str,
    /// `operationId`: what programs that are made from the document call it.
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) needs: Needs,
    pub(super) params: &'static [Param],
    pub(super) body: Option<Make>,
    /// The status of success, and its shape.
    pub(super) answer: (u16, Make),
    /// Another success, what it means, and its shape.
    pub(super) other: Option<(u16, &'static str, Make)>,
    pub(super) act: Act,
}

impl Endpoint {
    pub(super) const fn is_write(&self) -> bool {
        matches!(self.act, Act::Write(_) | Act::Owner(_))
    }
}

fn shape<T: Shape>(all: &mut Schemas) -> Value {
    T::schema(all)
}

const fn query(name: &'static str, about: &'static str, schema: Make) -> Param {
    Param { name, about, in_path: false, schema }
}

const fn part(name: &'static str, about: &'static str, schema: Make) -> Param {
    Param { name, about, in_path: true, schema }
}

const LIMIT: Param = query(
    "limit",
    "How many, 50 where nothing is said.",
    |_| serde_json::json!({ "type": "integer", "minimum": 1, "maximum": 100, "default": 50 }),
);
const CURSOR: Param = query(
    "cursor",
    "What the page before had in next.",
    |_| serde_json::json!({ "type": "string", "minLength": 1, "maxLength": 200 }),
);
const OF_USER: Param = query("user", "Of this person only: their Telegram id.", shape::<i64>);
const GENERATION_STATE: Param = query("state", "In this state only.", shape::<crate::domain::GenerationState>);
const PAYMENT_STATE: Param = query("state", "In this state only.", shape::<crate::domain::PaymentState>);
const DAY: Make = |_| serde_json::json!({ "type": "string", "format": "date" });
const USER: Param = part("user", "The person's Telegram id.", shape::<i64>);
const GENERATION: Param = part("generation", "The generation's id.", shape::<String>);
const PAYMENT: Param = part("payment", "The payment's id.", shape::<String>);
const CREDIT: Param = part("credit", "The credit's id.", shape::<String>);
const HOOK: Param = part("hook", "The webhook's id.", shape::<String>);
const DELIVERY: Param = part("delivery", "The id of the event for the webhook.", shape::<String>);
const CORR: Param = part("corr", "The correlation id: 12 letters and digits.", shape::<String>);
const NAMED: Param = part("tenant", "The bot's id.", shape::<String>);

const fn read(
    path: &'static str,
    name: &'static str,
    about: &'static str,
    params: &'static [Param],
    answer: Make,
    act: for<'a> fn(&'a Ask) -> BoxFuture<'a, Result<Reply, Problem>>,
) -> Endpoint {
    let needs = Needs::Tenant(ApiRight::Read);
    let (method, answer, act) = (Verb::Get, (200, answer), Act::Read(act));
    Endpoint { method, path, name, about, needs, params, body: None, answer, other: None, act }
}

const fn post(
    (path, name, about): (&'static str, &'static str, &'static str),
    needs: Needs,
    params: &'static [Param],
    body: Option<Make>,
    answer: (u16, Make),
    act: for<'a> fn(&'a Ask, &'a mut TenantTx) -> BoxFuture<'a, Result<Reply, Problem>>,
) -> Endpoint {
    Endpoint { method: Verb::Post, path, name, about, needs, params, body, answer, other: None, act: Act::Write(act) }
}

const WRITE: Needs = Needs::Tenant(ApiRight::Write);
const MONEY: Needs = Needs::Tenant(ApiRight::Money);

/// The table.
pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        method: Verb::Get,
        path: "/api/v1/openapi.json",
        name: "getDocument",
        about: "This document",
        needs: Needs::Nothing,
        params: &[],
        body: None,
        answer: (200, shape::<Value>),
        other: None,
        act: Act::Open(super::document),
    },
    read("/api/v1/tenant", "getTenant", "How the bot stands", &[], shape::<tenant::TenantOut>, |ask| {
        Box::pin(tenant::get(ask))
    }),
    read(
        "/api/v1/tenant/requirements",
        "getRequirements",
        "What the bot needs to live and to earn, what blocks first",
        &[],
        shape::<requirements::RequirementsOut>,
        |ask| Box::pin(requirements::get(ask)),
    ),
    post(
        ("/api/v1/tenant/pause", "pauseTenant", "Stop serving people; running work finishes"),
        WRITE,
        &[],
        Some(shape::<tenant::PauseIn>),
        (200, shape::<tenant::StateOut>),
        |ask, tx| Box::pin(tenant::pause(ask, tx)),
    ),
    post(
        ("/api/v1/tenant/resume", "resumeTenant", "Serve people again after a pause"),
        WRITE,
        &[],
        Some(shape::<tenant::PauseIn>),
        (200, shape::<tenant::StateOut>),
        |ask, tx| Box::pin(tenant::resume(ask, tx)),
    ),
    read(
        "/api/v1/users",
        "listUsers",
        "People, the newest first",
        &[LIMIT, CURSOR],
        shape::<Page<users::UserOut>>,
        |ask| Box::pin(users::list(ask)),
    ),
    read(
        "/api/v1/users/{user}",
        "getUser",
        "One person with their purse",
        &[USER],
        shape::<users::UserCardOut>,
        |ask| Box::pin(users::one(ask)),
    ),
    post(
        ("/api/v1/users/{user}/block", "blockUser", "Stop answering a person"),
        WRITE,
        &[USER],
        Some(shape::<users::BlockIn>),
        (200, shape::<users::BlockOut>),
        |ask, tx| Box::pin(users::block(ask, tx)),
    ),
    post(
        ("/api/v1/users/{user}/unblock", "unblockUser", "Answer a person again"),
        WRITE,
        &[USER],
        Some(shape::<users::BlockIn>),
        (200, shape::<users::BlockOut>),
        |ask, tx| Box::pin(users::unblock(ask, tx)),
    ),
    Endpoint {
        other: Some((202, "Above the bot's limit: its admins are asked.", shape::<credits::CreditAskOut>)),
        ..post(
            ("/api/v1/users/{user}/credits", "creditUser", "Give a person money; they are told"),
            MONEY,
            &[USER],
            Some(shape::<credits::CreditIn>),
            (201, shape::<credits::CreditOut>),
            |ask, tx| Box::pin(credits::credit(ask, tx)),
        )
    },
    read(
        "/api/v1/credits/{credit}",
        "getCredit",
        "A credit that admins were asked for",
        &[CREDIT],
        shape::<credits::CreditAskOut>,
        |ask| Box::pin(credits::one(ask)),
    ),
    read(
        "/api/v1/generations",
        "listGenerations",
        "Generations, the newest first",
        &[LIMIT, CURSOR, OF_USER, GENERATION_STATE],
        shape::<Page<generations::GenerationOut>>,
        |ask| Box::pin(generations::list(ask)),
    ),
    read(
        "/api/v1/generations/{generation}",
        "getGeneration",
        "One generation",
        &[GENERATION],
        shape::<generations::GenerationOut>,
        |ask| Box::pin(generations::one(ask)),
    ),
    post(
        ("/api/v1/generations/{generation}/redeliver", "redeliverGeneration", "Send an undelivered result once more"),
        WRITE,
        &[GENERATION],
        None,
        (202, shape::<generations::RedeliveryOut>),
        |ask, tx| Box::pin(generations::redeliver_one(ask, tx)),
    ),
    read(
        "/api/v1/payments",
        "listPayments",
        "Payments, the newest first",
        &[LIMIT, CURSOR, OF_USER, PAYMENT_STATE],
        shape::<Page<payments::PaymentOut>>,
        |ask| Box::pin(payments::list(ask)),
    ),
    read("/api/v1/payments/{payment}", "getPayment", "One payment", &[PAYMENT], shape::<payments::PaymentOut>, |ask| {
        Box::pin(payments::one(ask))
    }),
    post(
        ("/api/v1/payments/{payment}/refund", "refundPayment", "Give a payment back: Stars, or an approved transfer"),
        MONEY,
        &[PAYMENT],
        Some(shape::<payments::RefundIn>),
        (202, shape::<payments::RefundOut>),
        |ask, tx| Box::pin(payments::refund(ask, tx)),
    ),
    read(
        "/api/v1/errors",
        "listErrors",
        "What went wrong, the newest first",
        &[LIMIT, CURSOR],
        shape::<Page<errors::ErrorOut>>,
        |ask| Box::pin(errors::list(ask)),
    ),
    read("/api/v1/corr/{corr}", "getStory", "What happened under an id", &[CORR], shape::<errors::StoryOut>, |ask| {
        Box::pin(errors::story(ask))
    }),
    read(
        "/api/v1/figures",
        "getFigures",
        "Figures of days; without from and to the last seven",
        &[query("from", "The first day.", DAY), query("to", "The last day.", DAY)],
        shape::<figures::FiguresOut>,
        |ask| Box::pin(figures::get(ask)),
    ),
    read("/api/v1/webhooks", "listWebhooks", "Own webhooks", &[], shape::<hooks::WebhooksOut>, |ask| {
        Box::pin(hooks::list(ask))
    }),
    post(
        ("/api/v1/webhooks", "addWebhook", "Add a webhook; its secret is shown once"),
        WRITE,
        &[],
        Some(shape::<hooks::WebhookIn>),
        (201, shape::<hooks::WebhookAddedOut>),
        |ask, tx| Box::pin(hooks::add(ask, tx)),
    ),
    read("/api/v1/webhooks/{hook}", "getWebhook", "One webhook", &[HOOK], shape::<hooks::WebhookOut>, |ask| {
        Box::pin(hooks::one(ask))
    }),
    Endpoint {
        method: Verb::Delete,
        path: "/api/v1/webhooks/{hook}",
        name: "removeWebhook",
        about: "Remove a webhook with its log",
        needs: WRITE,
        params: &[HOOK],
        body: None,
        answer: (200, shape::<hooks::WebhookStateOut>),
        other: None,
        act: Act::Write(|ask, tx| Box::pin(hooks::remove(ask, tx))),
    },
    post(
        ("/api/v1/webhooks/{hook}/enable", "enableWebhook", "Tell a webhook again that was given up"),
        WRITE,
        &[HOOK],
        None,
        (200, shape::<hooks::WebhookStateOut>),
        |ask, tx| Box::pin(hooks::enable(ask, tx)),
    ),
    read(
        "/api/v1/webhooks/{hook}/deliveries",
        "listDeliveries",
        "What a webhook was told, the newest first",
        &[HOOK, LIMIT, CURSOR],
        shape::<Page<hooks::DeliveryOut>>,
        |ask| Box::pin(hooks::deliveries(ask)),
    ),
    post(
        ("/api/v1/webhooks/{hook}/deliveries/{delivery}/redeliver", "redeliverEvent", "Tell an event once more"),
        WRITE,
        &[HOOK, DELIVERY],
        None,
        (202, shape::<hooks::DeliveryOut>),
        |ask, tx| Box::pin(hooks::redeliver(ask, tx)),
    ),
    Endpoint {
        method: Verb::Get,
        path: "/api/v1/tenants",
        name: "listTenants",
        about: "All bots, by name",
        needs: Needs::Owner(ApiRight::Read),
        params: &[LIMIT, CURSOR],
        body: None,
        answer: (200, shape::<Page<tenant::TenantOut>>),
        other: None,
        act: Act::Read(|ask| Box::pin(owner::list(ask))),
    },
    Endpoint {
        method: Verb::Post,
        path: "/api/v1/tenants",
        name: "createTenant",
        about: "Host a bot",
        needs: Needs::Owner(ApiRight::Write),
        params: &[],
        body: Some(shape::<owner::NewTenantIn>),
        answer: (201, shape::<owner::NewTenantOut>),
        other: None,
        act: Act::Owner(|ask| Box::pin(owner::create(ask))),
    },
    post(
        ("/api/v1/tenants/{tenant}/suspend", "suspendTenant", "Stop a bot until the owner lets it go on"),
        Needs::Owner(ApiRight::Write),
        &[NAMED],
        Some(shape::<owner::SuspendIn>),
        (200, shape::<tenant::StateOut>),
        |ask, tx| Box::pin(owner::suspend(ask, tx)),
    ),
    post(
        ("/api/v1/tenants/{tenant}/resume", "resumeSuspendedTenant", "End a suspension or a pause"),
        Needs::Owner(ApiRight::Write),
        &[NAMED],
        None,
        (200, shape::<tenant::StateOut>),
        |ask, tx| Box::pin(owner::resume(ask, tx)),
    ),
];
