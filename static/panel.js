// Keeps a page fresh while somebody looks at it: when the server says that something is new, fetches the same address and lays
// the new content over the old. Without news it looks now and then; without this script the page is the same, only not by itself.
(() => {
  "use strict";
  const EVERY = 10_000;
  const EVERY_WITH_NEWS = 60_000;
  const live = document.querySelector("[data-live]");
  if (!live) return;

  const refresh = async () => {
    // Never under somebody's fingers: a focused link, an unfolded form or selected text would be lost.
    const held = document.activeElement !== live && live.contains(document.activeElement);
    if (document.hidden || held || live.querySelector("details[open]") || String(getSelection()) !== "") return;
    let answer;
    try {
      // The header says that nobody touched the page, so that a forgotten one does not stay signed in.
      answer = await fetch(location.href, { headers: { "x-botyard-refresh": "1" }, credentials: "same-origin" });
    } catch {
      return; // no network for now; the next round tries again
    }
    if (answer.status === 401 || answer.status === 404) {
      location.reload();
      return;
    }
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-live]");
    if (fresh && fresh.innerHTML !== live.innerHTML) live.replaceChildren(...fresh.childNodes);
  };

  let looked = Date.now();
  let news = null;
  const look = () => { looked = Date.now(); return refresh(); };
  const listen = () => {
    if (!live.dataset.news || !window.EventSource || news) return;
    news = new EventSource(live.dataset.news);
    news.addEventListener("changed", look);
  };
  // A page in the background holds no connection: the others may need it.
  const hush = () => { if (news) news.close(); news = null; };
  listen();
  addEventListener("pagehide", hush);
  setInterval(() => {
    const hears = news && news.readyState === EventSource.OPEN;
    if (Date.now() - looked >= (hears ? EVERY_WITH_NEWS : EVERY)) look();
  }, EVERY);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return hush();
    listen();
    look();
  });
})();
