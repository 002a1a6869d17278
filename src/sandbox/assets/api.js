// The control API of the sandbox as functions.

async function ask(path, options) {
  const response = await fetch(path, options);
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new Error(body?.error ?? `${response.status}`);
  return body;
}

const post = (path, body) =>
  ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

const chatPath = (chat) => `/sandbox/chats/${encodeURIComponent(chat.bot)}/${chat.user}`;

export const info = () => ask('/sandbox/info');
export const bots = () => ask('/sandbox/bots');
export const people = () => ask('/sandbox/people');
export const overview = () => ask('/sandbox/chats');
export const chat = (chat) => ask(chatPath(chat));
export const sendText = (chat, text) => post(`${chatPath(chat)}/text`, { text });
export const sendContent = (chat, content) => post(`${chatPath(chat)}/content`, content);
export const press = (chat, message_id, data) => post(`${chatPath(chat)}/press`, { message_id, data });
export const pay = (chat, message_id) => post(`${chatPath(chat)}/pay`, { message_id });
export const block = (chat, blocked) => post(`${chatPath(chat)}/block`, { blocked });
export const sendFiles = (chat, form) => ask(`${chatPath(chat)}/file`, { method: 'POST', body: form });
export const fileUrl = (id) => `/sandbox/files/${encodeURIComponent(id)}`;

// Calls `on(event)` for everything that happens; `again()` after a gap, when all must be read anew.
export function listen(on, again, connection) {
  const source = new EventSource('/sandbox/events');
  let broken = false;
  source.addEventListener('chat', (event) => on(JSON.parse(event.data)));
  source.addEventListener('reload', again);
  source.onopen = () => {
    if (broken) {
      broken = false;
      connection(true);
      again();
    }
  };
  source.onerror = () => {
    if (!broken) connection(false);
    broken = true;
  };
  addEventListener('pagehide', () => source.close());
}
