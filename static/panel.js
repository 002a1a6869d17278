// Keeps a page fresh while somebody looks at it: fetches the same address and lays the new content over the old. Without
// this script the page is the same, only not by itself.
(() => {
  "use strict";
  const EVERY = 10_000;
  const live = document.querySelector("[data-live]");
  if (!live) return;

  const refresh = async () => {
    // Never under somebody's fingers: a focused link or selected text would be lost.
    if (document.hidden || live.contains(document.activeElement) || String(getSelection()) !== "") return;
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

  setInterval(refresh, EVERY);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
})();
