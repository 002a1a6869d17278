//! A browser of the play: keeps its cookies, follows nothing, says where its forms come from.

use std::collections::BTreeMap;

use super::stage::Stage;

/// Somebody who looks at pages.
pub(super) struct Visitor<'a> {
    stage: &'a Stage,
    http: reqwest::Client,
    cookies: BTreeMap<String, String>,
}

/// A page.
pub(super) struct Page {
    pub(super) status: u16,
    pub(super) body: String,
}

impl<'a> Visitor<'a> {
    #[expect(clippy::disallowed_methods, reason = "the smoke run plays a visitor of its own installation")]
    pub(super) fn new(stage: &'a Stage) -> Result<Self, String> {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build();
        Ok(Self { stage, http: http.map_err(|error| error.to_string())?, cookies: BTreeMap::new() })
    }

    /// Enters by a one-time link, as a person does: looks at its page, presses its button.
    pub(super) async fn enter(&mut self, link: &str) -> Result<(), String> {
        let page = self.get(link).await?;
        let token = page.body.split_once("name=\"form_token\" value=\"").and_then(|(_, rest)| rest.split('"').next());
        let token = token.ok_or_else(|| format!("the sign-in page answers {} without a form", page.status))?;
        let form = url::form_urlencoded::Serializer::new(String::new()).append_pair("form_token", token).finish();
        let origin = format!("http://{}", self.stage.app.address);
        let request = self
            .http
            .post(format!("{origin}{link}"))
            .header("origin", &origin)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form);
        match self.send(link, request).await?.status {
            303 => Ok(()),
            status => Err(format!("signing in answers {status}")),
        }
    }

    /// Opens a page.
    pub(super) async fn get(&mut self, path: &str) -> Result<Page, String> {
        let request = self.http.get(format!("http://{}{path}", self.stage.app.address));
        self.send(path, request).await
    }

    async fn send(&mut self, path: &str, request: reqwest::RequestBuilder) -> Result<Page, String> {
        let known: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request.header("cookie", known.join("; ")).timeout(self.stage.patience);
        let answer = request.send().await.map_err(|error| format!("{path}: {}", error.without_url()))?;
        for cookie in answer.headers().get_all("set-cookie") {
            let pair = cookie.to_str().unwrap_or_default().split(';').next().and_then(|pair| pair.split_once('='));
            if let Some((name, value)) = pair {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let status = answer.status().as_u16();
        Ok(Page { status, body: answer.text().await.unwrap_or_default() })
    }
}
