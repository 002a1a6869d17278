//! A fake Bot API, a fake provider and a chat page, all over HTTP: the demo's and the tests' world.
