//! The rows of bot.md 4 that buttons may have, written down a second time: every button that any bot sends in any test is
//! compared with them when its test ends (A23).

use std::sync::LazyLock;

use botyard::sandbox::wire::CallRecord;
use regex::RegexSet;
use serde_json::Value;

/// A generation, an invoice, a payment, a code, a broadcast, an article, an operation: as buttons carry their ids.
const ID: &str = "[a-z2-7]{10,16}";
/// A model by its id, its alias or its hash.
const MODEL: &str = "[A-Za-z0-9][A-Za-z0-9._/-]*";
/// A price in roubles.
const ROUBLES: &str = "[0-9]+(?:[.][0-9]{1,2})?";

/// `GID`, `MODEL` and `RUB` stand for the three above.
const ROWS: &[&str] = &[
    // menu and navigation
    "back_to_menu|main_menu|back_to_previous_step|reset_step|reset_wizard|cancel|noop",
    "cancel:GID",
    "help_menu|support_contact|copy_bot|change_language",
    "(?:set_language|language_select):(?:ru|en)",
    "pg:(?:all|gt[.][a-z-]+|users|kb):[0-9]+",
    // catalog and model choice
    "show_models|all_models|show_all_models_list|other_models|special_tools",
    "gen_type:[a-z0-9-]+",
    "category:(?:image|video|audio|tools)",
    "type_header:[a-z0-9_]+",
    "(?:model|select_model|start|example|info|modes|gen|back_to_model):MODEL",
    "modelk:[0-9a-f]{12}",
    "(?:m|sel):MODEL",
    "sel",
    "(?:select_mode|mode):(?:MODEL:)?[0-9]+",
    "sk:[0-9a-f]{12}",
    "sku:.+",
    "back_to_mode|back_to_models|back_to_categories",
    // parameters and inputs
    "show_parameters|back_to_params|back_to_confirmation|show_price_confirmation",
    "(?:edit_param|param_menu|param_input):[a-z0-9_]*",
    "(?:set_param|confirm_param):[a-z0-9_]+:.+",
    "add_image|image_done|skip_image|add_audio|skip_audio|add_video|skip_video",
    // generation, results, history
    "confirm_generate|generate_again|my_generations",
    "(?:retry_generate|gen_repeat|retry_delivery|open_result|gen_view):GID",
    "gen_history:GID:(?:prev|next)",
    // free, referral, bonuses
    "free_tools|fast_tools|claim_gift|referral_info|promo_codes|my_bonuses",
    "quick:menu|quick:(?:action|examples):(?:post|vertical|cover|logo|clip)",
    // balance and payments
    "check_balance|topup_balance|topup_custom",
    "(?:topup_amount|pay_sbp|pay_stars|pay_card):RUB",
    "pay_resume:GID",
    // tutorial, knowledge, privacy
    "tutorial_start|tutorial_step[1-4]|tutorial_step:[1-4]|tutorial_complete",
    "(?:kb|kb_del):.+",
    "privacy_delete|privacy_delete_ok",
    // admin
    "admin_stats|admin_back_to_admin|admin_view_generations|admin_settings|admin_config_check|admin_promocodes",
    "admin_broadcast|admin_broadcast_stats|admin_set_currency_rate|admin_search|admin_add|admin_promo_new",
    "admin_create_broadcast|admin_test_ocr|admin_user_mode|admin_payments|admin_payments_back|view_payment_screenshots",
    "adm:(?:root|users|payments|stats|broadcast|export|close)",
    "admin_diag:(?:info|preflight|errors)",
    "admin_gen_nav:(?:prev|next)(?::GID)?",
    "admin_gen_view:GID",
    "admin_toggle:hide_prompts",
    "admin_promo:(?:view|off):GID",
    "admin_bc:(?:test|edit|confirm|pause|resume|stop|view):GID",
    "(?:admin_user_info|admin_topup_user|admin_block|admin_unblock):[0-9]+",
    "admin_topup_ok:GID",
    "payment_screenshot_nav:(?:prev|next)(?::GID)?",
    "pay_queue",
    "(?:pay_approve|pay_reject|admin_refund|admin_refund_ok):GID",
    "pay_reject_as:GID:(?:amount|notfound|unreadable|duplicate|other)",
    // beside bot.md 4: a second admin looks at a large credit by hand (decisions.md 11)
    "admin_credits",
    // beside bot.md 4: the statement of a month (issue 4)
    "admin_month(?::[0-9]{4}-[0-9]{2})?",
    "(?:admin_credit_yes|admin_credit_no):GID",
    // beside bot.md 4: an admin answers a person, and the person the admin (decisions.md 23)
    "admin_write:[0-9]+",
    "admin_reply",
    // beside bot.md 4: below the news of a log-in into the panel (reliability.md 3.8)
    "panel_sign_out",
    // beside bot.md 4: one's own payments, each open again as a receipt (issue 4)
    "my_payments",
    "my_payment:GID",
];

static TABLE: LazyLock<RegexSet> = LazyLock::new(|| {
    let row = |row: &&str| format!("^(?:{})$", row.replace("GID", ID).replace("MODEL", MODEL).replace("RUB", ROUBLES));
    RegexSet::new(ROWS.iter().map(row)).unwrap()
});

/// Whether a button may carry this.
pub(crate) fn is_in_the_table(data: &str) -> bool {
    (1..=64).contains(&data.len()) && TABLE.is_match(data)
}

/// The data of all buttons of a call.
fn buttons(call: &CallRecord) -> Vec<String> {
    let markup = &call.params["reply_markup"];
    // In a call with a file the markup is a text.
    let unpacked = markup.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
    let rows = unpacked.as_ref().unwrap_or(markup)["inline_keyboard"].as_array().cloned().unwrap_or_default();
    let buttons = rows.iter().filter_map(Value::as_array).flatten();
    buttons.filter_map(|button| button["callback_data"].as_str()).map(str::to_owned).collect()
}

/// What was sent on buttons that no row allows.
pub(crate) fn strangers(calls: &[CallRecord]) -> Vec<String> {
    let mut strangers: Vec<String> = calls.iter().flat_map(buttons).filter(|data| !is_in_the_table(data)).collect();
    strangers.sort();
    strangers.dedup();
    strangers
}
