//! A headless Chromium for tests that use the product as a person does: by what can be read and pressed on the screen.
//!
//! ```ignore
//! browse(|browser| async move {
//!     browser.open(&address).await;
//!     browser.press("Start").await;
//!     browser.see("Balance").await;
//!     browser.shots("balance").await;
//! })
//! .await;
//! ```
//!
//! A page that breaks its own rules fails the test at its end: an uncaught error, a missing file, a refusal by the content
//! security policy, or a page wider than the screen.

use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use base64::Engine as _;
use futures::FutureExt as _;
use serde_json::{Value, json};
use thirtyfour::prelude::*;
use tokio::process::{Child, Command};
use tokio::time::Instant;

use super::env;

/// How long a person would wait; the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(20);
const GLANCE: Duration = Duration::from_millis(50);

/// Nothing here may reach for the outside: where there is no network Chromium waits for it otherwise.
const FLAGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--force-color-profile=srgb",
];

/// Runs in every page before its own scripts and remembers what goes wrong, over navigations too.
const WATCH: &str = r"(() => {
    const note = (what) => {
        const all = JSON.parse(sessionStorage.getItem('test-faults') || '[]');
        sessionStorage.setItem('test-faults', JSON.stringify([...all, location.pathname + ': ' + what]));
    };
    addEventListener('error', (event) => note(event.message || 'cannot load ' + (event.target.src || event.target.href)), true);
    addEventListener('unhandledrejection', (event) => note('unhandled: ' + event.reason));
    addEventListener('securitypolicyviolation', (event) => note(event.violatedDirective + ' refuses ' + event.blockedURI));
})()";

/// The widths that every page must fit (platform.md): a phone and a desktop.
const WIDTHS: [u32; 2] = [360, 1280];

/// axe-core (MPL-2.0, its licence stands beside it): what keeps people with a keyboard or a screen reader out.
const AXE: &str = include_str!("../../vendor/axe-core/axe.min.js");

/// Runs axe with the rules of WCAG 2.2 AA and gives its serious findings, one a line.
const BARRIERS: &str = r"
    const rules = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
    return axe.run(document, { runOnly: rules, resultTypes: ['violations'] }).then((result) => result.violations
        .filter((one) => ['serious', 'critical'].includes(one.impact))
        .map((one) => one.id + ': ' + one.nodes.slice(0, 4).map((node) => node.target.join(' ') + ' – ' +
            (node.any[0] || node.all[0] || node.none[0] || {}).message).join(' | ')).join('\n'));";

/// What the person's system asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Light,
    Dark,
}

/// How a person looks at pages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    pub(crate) width: u32,
    pub(crate) scheme: Scheme,
    /// The pages' own scripts run.
    pub(crate) scripts: bool,
}

/// A phone in the dark without JavaScript.
pub(crate) const PHONE: Look = Look { width: WIDTHS[0], scheme: Scheme::Dark, scripts: false };
/// A desk in the light with it.
pub(crate) const DESK: Look = Look { width: WIDTHS[1], scheme: Scheme::Light, scripts: true };

/// One browser window.
#[derive(Clone)]
pub(crate) struct Browser {
    driver: WebDriver,
}

/// Runs a test's body in a fresh browser, or says that it was skipped. The browser is closed whatever happens.
pub(crate) async fn browse<F: Future<Output = ()>>(body: impl FnOnce(Browser) -> F) {
    let (Some(chromium), Some(program)) = (env::read_or_skip(env::CHROMIUM), env::read_or_skip(env::CHROMEDRIVER))
    else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (mut process, address) = start_driver(&program, folder.path()).await;
    let browser = Browser { driver: start_browser(&address, &chromium, &folder.path().join("profile")).await };
    browser.look(WIDTHS[1], Scheme::Light).await;
    let outcome = AssertUnwindSafe(async {
        body(browser.clone()).await;
        browser.expect_no_faults().await;
    })
    .catch_unwind()
    .await;
    if outcome.is_err() {
        browser.save("failed").await;
    }
    let _ = browser.driver.quit().await;
    let _ = process.kill().await;
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

/// Starts the driver on a port of its own choice; another program may take that port before the driver has it, then again.
async fn start_driver(program: &str, folder: &Path) -> (Child, String) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(started) = try_driver(program, folder, deadline).await {
            return started;
        }
    }
}

/// Reads the port from the driver's log; a pipe would have to be drained. `None`: it ended before it had one.
async fn try_driver(program: &str, folder: &Path, deadline: Instant) -> Option<(Child, String)> {
    let log = folder.join("chromedriver.log");
    let mut process = Command::new(program)
        .arg("--port=0")
        .stdin(Stdio::null())
        .stdout(std::fs::File::create(&log).unwrap())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("BOTYARD_TEST_CHROMEDRIVER can be started");
    loop {
        let ended = process.try_wait().unwrap().is_some();
        let said = std::fs::read_to_string(&log).unwrap();
        let after = said.split_once("started successfully on port ").and_then(|(_, rest)| rest.split_once('.'));
        if let Some((port, _)) = after {
            return Some((process, format!("http://127.0.0.1:{port}")));
        }
        assert!(Instant::now() < deadline, "the driver does not start: {said}");
        tokio::time::sleep(GLANCE).await;
        if ended {
            return None;
        }
    }
}

async fn start_browser(address: &str, chromium: &str, profile: &Path) -> WebDriver {
    let mut wishes = DesiredCapabilities::chrome();
    wishes.set_binary(chromium).unwrap();
    for flag in FLAGS {
        wishes.add_arg(flag).unwrap();
    }
    wishes.add_arg(&format!("--user-data-dir={}", profile.display())).unwrap();
    let driver = WebDriver::new(address, wishes).await.expect("Chromium starts");
    let watch = json!({ "source": WATCH });
    driver.cdp().send_raw("Page.addScriptToEvaluateOnNewDocument", watch).await.unwrap();
    driver
}

impl Browser {
    /// Goes to an address.
    pub(crate) async fn open(&self, address: &str) {
        self.driver.goto(address).await.unwrap();
    }

    /// Where the window is now.
    pub(crate) async fn address(&self) -> String {
        self.driver.current_url().await.unwrap().to_string()
    }

    /// Waits until the page shows a text.
    pub(crate) async fn see(&self, text: &str) {
        self.wait(&format!("to see {text:?}"), async || self.shown().await.contains(text)).await;
    }

    /// Waits until the page shows a text no more.
    pub(crate) async fn see_no(&self, text: &str) {
        self.wait(&format!("to see no {text:?}"), async || !self.shown().await.contains(text)).await;
    }

    /// Waits until a selector matches something that is displayed.
    pub(crate) async fn see_element(&self, selector: &str) -> WebElement {
        self.last(By::Css(selector), selector).await
    }

    /// How many elements a selector matches now.
    pub(crate) async fn count(&self, selector: &str) -> usize {
        self.driver.find_all(By::Css(selector)).await.unwrap().len()
    }

    /// Presses the button or link with this text; of several the last one, which in a chat is the newest.
    pub(crate) async fn press(&self, text: &str) {
        let quoted = xpath_text(text);
        let path = format!(
            "//*[self::button or self::a or self::summary or self::label or @role='button'][normalize-space(.)={quoted}]"
        );
        self.click(By::XPath(path), text).await;
    }

    /// Presses what a selector matches; of several the last one.
    pub(crate) async fn press_element(&self, selector: &str) {
        self.click(By::Css(selector), selector).await;
    }

    /// Writes into a field, over what was there.
    pub(crate) async fn fill(&self, selector: &str, text: &str) {
        let field = self.see_element(selector).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Chooses a file in a file field, hidden or not.
    pub(crate) async fn choose_file(&self, selector: &str, file: &Path) {
        let field = self.driver.find(By::Css(selector)).await.unwrap();
        field.send_keys(file.to_str().unwrap()).await.unwrap();
    }

    /// What a script `return`s.
    pub(crate) async fn ask(&self, script: &str) -> Value {
        self.driver.execute(script, Vec::new()).await.unwrap().json().clone()
    }

    /// Sets the window's width and the colour scheme.
    pub(crate) async fn look(&self, width: u32, scheme: Scheme) {
        let tools = self.driver.cdp();
        let size = json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false });
        tools.send_raw("Emulation.setDeviceMetricsOverride", size).await.unwrap();
        let value = if scheme == Scheme::Dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] });
        tools.send_raw("Emulation.setEmulatedMedia", media).await.unwrap();
    }

    /// Lets the pages' own scripts run, or not; from the next page on.
    pub(crate) async fn scripts(&self, run: bool) {
        let value = json!({ "value": !run });
        self.driver.cdp().send_raw("Emulation.setScriptExecutionDisabled", value).await.unwrap();
    }

    /// Looks so from the next page on.
    pub(crate) async fn look_like(&self, look: Look) {
        self.scripts(look.scripts).await;
        self.look(look.width, look.scheme).await;
    }

    /// The present page fits, and keeps nobody out, as it is looked at now.
    pub(crate) async fn is_for_everybody(&self, look: Look) {
        self.fits().await;
        // axe is a script, too; those of the page were not loaded, and still are not.
        self.scripts(true).await;
        let found = self.barriers().await;
        self.scripts(look.scripts).await;
        assert!(found.is_empty(), "{} with {look:?}:\n{}", self.address().await, found.join("\n"));
    }

    /// What axe finds on the present page, one a line.
    async fn barriers(&self) -> Vec<String> {
        let found = self.ask(&format!("{AXE};{BARRIERS}")).await;
        found.as_str().unwrap().lines().map(str::to_owned).collect()
    }

    /// Where the present page comes from.
    pub(crate) async fn origin(&self) -> String {
        let address = url::Url::parse(&self.address().await).unwrap();
        address.origin().ascii_serialization()
    }

    /// The page is no wider than the screen.
    pub(crate) async fn fits(&self) {
        let over = self.ask("return document.scrollingElement.scrollWidth - window.innerWidth").await;
        assert!(over.as_i64().unwrap() <= 0, "{} is {over} pixels wider than the screen", self.address().await);
    }

    /// Looks at the page at every width, light and dark: nothing may stick out. The pictures go to BOTYARD_TEST_SHOTS.
    pub(crate) async fn shots(&self, name: &str) {
        for width in WIDTHS {
            for scheme in [Scheme::Light, Scheme::Dark] {
                self.look(width, scheme).await;
                let over = self.ask("return document.scrollingElement.scrollWidth - window.innerWidth").await;
                assert!(over.as_i64().unwrap() <= 0, "{name}: {over} pixels wider than a screen of {width}");
                self.save(&format!("{name}-{width}-{}", if scheme == Scheme::Dark { "dark" } else { "light" })).await;
            }
        }
        self.look(WIDTHS[1], Scheme::Light).await;
    }

    /// The same with axe, which looks for what keeps people out; gives what was found, so that one page's fault hides no other's.
    pub(crate) async fn look_over(&self, name: &str) -> Vec<String> {
        let mut found = Vec::new();
        for width in WIDTHS {
            for scheme in [Scheme::Light, Scheme::Dark] {
                self.look(width, scheme).await;
                let over = self.ask("return document.scrollingElement.scrollWidth - window.innerWidth").await;
                if over.as_i64().unwrap() > 0 {
                    found.push(format!("{name}: {over} pixels wider than a screen of {width}"));
                }
                self.save(&format!("{name}-{width}-{}", if scheme == Scheme::Dark { "dark" } else { "light" })).await;
                if (width == WIDTHS[0]) == (scheme == Scheme::Light) {
                    let barriers = self.barriers().await.into_iter();
                    found.extend(barriers.map(|barrier| format!("{name} at {width}, {scheme:?}: {barrier}")));
                }
            }
        }
        self.look(WIDTHS[1], Scheme::Light).await;
        found
    }

    /// Saves a picture if somebody asked for pictures.
    async fn save(&self, name: &str) {
        let Some(folder) = env::read(env::SHOTS).map(PathBuf::from) else { return };
        std::fs::create_dir_all(&folder).unwrap();
        // The whole page, not only what the window shows of it.
        let size = self.ask("return [innerWidth, Math.min(document.scrollingElement.scrollHeight, 4000)]").await;
        let clip = json!({ "x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 1 });
        let wish = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let Ok(taken) = self.driver.cdp().send_raw("Page.captureScreenshot", wish).await else { return };
        let picture = base64::engine::general_purpose::STANDARD.decode(taken["data"].as_str().unwrap_or_default());
        let _ = std::fs::write(folder.join(format!("{name}.png")), picture.unwrap_or_default());
    }

    /// The text that a person can read.
    async fn shown(&self) -> String {
        self.ask("return document.body ? document.body.innerText : ''").await.as_str().unwrap_or_default().to_owned()
    }

    /// The page may be redrawn between finding and pressing; then it is looked for again.
    async fn click(&self, by: By, what: &str) {
        let pressed = async || {
            let Ok(all) = self.driver.find_all(by.clone()).await else { return false };
            // What is folded away for this width is nobody's to press.
            for last in all.into_iter().rev() {
                if last.is_displayed().await.unwrap_or(false) {
                    return last.scroll_into_view().await.is_ok() && last.click().await.is_ok();
                }
            }
            false
        };
        self.wait(&format!("to press {what:?}"), pressed).await;
    }

    async fn last(&self, by: By, what: &str) -> WebElement {
        let deadline = Instant::now() + PATIENCE;
        loop {
            for element in self.driver.find_all(by.clone()).await.unwrap_or_default().into_iter().rev() {
                if element.is_displayed().await.unwrap_or(false) {
                    return element;
                }
            }
            assert!(Instant::now() < deadline, "waited in vain for {what:?}; shown: {}", self.shown().await);
            tokio::time::sleep(GLANCE).await;
        }
    }

    async fn wait(&self, what: &str, met: impl AsyncFn() -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !met().await {
            assert!(Instant::now() < deadline, "waited in vain {what}; shown: {}", self.shown().await);
            tokio::time::sleep(GLANCE).await;
        }
    }

    async fn expect_no_faults(&self) {
        let faults =
            self.ask("try { return sessionStorage.getItem('test-faults') } catch (error) { return null }").await;
        assert!(faults.is_null(), "the pages had faults: {faults}");
    }
}

/// A text in XPath 1.0, which has no escapes: in the kind of quotes it does not hold, or glued.
fn xpath_text(text: &str) -> String {
    if !text.contains('\'') {
        format!("'{text}'")
    } else if text.contains('"') {
        format!("concat('{}')", text.replace('\'', "', \"'\", '"))
    } else {
        format!("\"{text}\"")
    }
}

#[cfg(test)]
mod tests {
    use axum::response::Html;
    use axum::routing::get;

    use super::*;

    const PAGE: &str = "<!doctype html><style>:root { color-scheme: light dark }</style><h1>A page</h1>
        <input id=name><button onclick=\"document.querySelector('h1').textContent = 'Hello, ' + document.querySelector('input').value\">
        It's \"me\"</button><input type=checkbox><input type=file style='display: none'><link rel=icon href='data:,'>";

    /// Serves two pages, one with faults, and gives the address.
    #[expect(clippy::disallowed_methods, reason = "the test's own little server ends with the test")]
    async fn serve() -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let faulty = "<!doctype html><link rel=icon href='data:,'><p>ill</p><script src=/missing.js></script><script>nothing()</script>";
        let pages = axum::Router::new()
            .route("/", get(|| async { Html(PAGE) }))
            .route("/ill", get(move || async move { Html(faulty) }));
        tokio::spawn(async move { axum::serve(listener, pages).await });
        address
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_browser_reads_writes_presses_and_takes_pictures() {
        let address = serve().await;
        browse(|browser| async move {
            browser.open(&address).await;
            browser.see("A page").await;
            browser.fill("#name", "Анна").await;
            browser.press("It's \"me\"").await;
            browser.see("Hello, Анна").await;
            browser.see_no("A page").await;
            assert_eq!(browser.count("button").await, 1);
            browser.press_element("input[type=checkbox]").await;
            browser.choose_file("input[type=file]", &env::root().join("Cargo.toml")).await;
            let chosen = "return [document.querySelector(':checked') !== null, document.querySelector('[type=file]').files[0].name]";
            assert_eq!(browser.ask(chosen).await, json!([true, "Cargo.toml"]));
            browser.look(360, Scheme::Dark).await;
            let seen = browser.ask("return [innerWidth, matchMedia('(prefers-color-scheme: dark)').matches]").await;
            assert_eq!(seen, json!([360, true]));
            browser.shots("harness").await;
            assert_eq!(browser.address().await, format!("{address}/"));
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn faults_of_a_page_are_seen() {
        let address = serve().await;
        browse(|browser| async move {
            browser.open(&format!("{address}/ill")).await;
            browser.see("ill").await;
            let faults = browser.ask("return sessionStorage.getItem('test-faults')").await;
            let faults = faults.as_str().unwrap();
            assert!(faults.contains("cannot load") && faults.contains("missing.js"), "{faults}");
            assert!(faults.contains("nothing is not defined"), "{faults}");
            browser.ask("sessionStorage.clear()").await;
        })
        .await;
    }

    #[test]
    fn any_text_can_be_written_in_xpath() {
        assert_eq!(xpath_text("a"), "'a'");
        assert_eq!(xpath_text("it's"), "\"it's\"");
        assert_eq!(xpath_text("it's \"x\""), "concat('it', \"'\", 's \"x\"')");
    }
}
