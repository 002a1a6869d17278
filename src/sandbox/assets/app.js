// The chat page: which chat is open, what arrives, what the person does.

import * as api from './api.js';
import { render, summary } from './bubbles.js';
import { composer } from './composer.js';
import { clock, t, translatePage } from './texts.js';

const $ = (id) => document.getElementById(id);
const wide = matchMedia('(min-width: 760px)');
const state = { bots: [], people: [], last: new Map(), unread: new Map(), user: null, open: null, messages: [] };
const key = (bot, user) => `${bot.toLowerCase()}|${user}`;
const current = (event) =>
  state.open && event.bot.toLowerCase() === state.open.bot.toLowerCase() && event.user === state.open.user;
let typingTimer = 0;
// Whoever has just pressed a button wants to see what it brings, wherever the page stands.
let followUntil = 0;

// ---- small things ------------------------------------------------------------------------------------------------

function toast(text, failure = false) {
  const node = document.createElement('div');
  node.className = failure ? 'toast failure' : 'toast';
  node.dataset.testid = 'toast';
  node.textContent = text;
  $('toasts').append(node);
  setTimeout(() => node.classList.add('leaving'), 3600);
  setTimeout(() => node.remove(), 4000);
}

function alertBox(text) {
  $('alert-text').textContent = text;
  $('alert').showModal();
}

const trying = async (work) => {
  try {
    return await work();
  } catch (error) {
    toast(`${t('failed')}: ${error.message}`, true);
    return null;
  }
};

function avatar(node, name, seed) {
  const initials = name.split(/\s+/).map((word) => [...word][0] ?? '').join('').slice(0, 2).toUpperCase();
  node.textContent = initials;
  node.dataset.hue = String(Math.abs(seed) % 7);
}

// ---- the list ----------------------------------------------------------------------------------------------------

function personButton(person) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'persona';
  button.dataset.testid = 'persona';
  button.dataset.user = person.id;
  button.setAttribute('aria-pressed', String(person.id === state.user));
  const face = document.createElement('span');
  face.className = 'avatar small';
  face.setAttribute('aria-hidden', 'true');
  avatar(face, person.first_name, person.id);
  button.append(face, person.first_name);
  button.title = `${person.first_name} · id ${person.id} · ${person.language_code ?? ''}`;
  button.addEventListener('click', () => choosePerson(person.id));
  return button;
}

function chatRow(bot) {
  const id = key(bot.username, state.user);
  const last = state.last.get(id);
  const unread = state.unread.get(id) ?? 0;
  const row = document.createElement('button');
  row.type = 'button';
  row.className = 'row';
  row.dataset.testid = 'chat-row';
  row.dataset.bot = bot.username;
  if (state.open?.bot === bot.username) row.setAttribute('aria-current', 'true');
  const face = document.createElement('span');
  face.className = 'avatar';
  face.setAttribute('aria-hidden', 'true');
  avatar(face, bot.first_name, bot.id);
  const [top, bottom, time, text, body] = ['div', 'div', 'time', 'span', 'div'].map((tag) => document.createElement(tag));
  const name = document.createElement('strong');
  name.textContent = bot.first_name;
  if (last) time.textContent = clock(last.json.date);
  top.append(name, time);
  text.textContent = last ? `${last.from_bot ? '' : t('you_')}${summary(last)}` : t('noMessages');
  bottom.append(text);
  if (unread) {
    const badge = document.createElement('span');
    badge.className = 'badge';
    badge.textContent = unread;
    badge.setAttribute('aria-label', `${unread} ${t('unread')}`);
    bottom.append(badge);
  }
  body.className = 'row-body';
  body.append(top, bottom);
  row.append(face, body);
  row.addEventListener('click', () => openChat(bot.username));
  return row;
}

function showList() {
  $('personas').replaceChildren(...state.people.map(personButton));
  $('rows').replaceChildren(...state.bots.map(chatRow));
}

async function readList() {
  const [bots, people, overview] = await Promise.all([api.bots(), api.people(), api.overview()]);
  Object.assign(state, { bots, people });
  state.last = new Map(overview.filter((row) => row.last).map((row) => [key(row.bot, row.user), row.last]));
  if (!people.some((person) => person.id === state.user)) state.user = people[0]?.id ?? null;
  showList();
}

function choosePerson(user) {
  state.user = user;
  showList();
  if (state.open && wide.matches) openChat(state.open.bot);
  else remember();
}

function remember() {
  const query = new URLSearchParams(location.search);
  if (state.open) query.set('bot', state.open.bot);
  else query.delete('bot');
  if (state.user) query.set('user', state.user);
  history.replaceState(null, '', `?${query}`);
}

// ---- the open chat -----------------------------------------------------------------------------------------------

const nearEnd = () => $('scroll').scrollHeight - $('scroll').scrollTop - $('scroll').clientHeight < 120;

function toEnd(smooth = false) {
  $('scroll').scrollTo({ top: $('scroll').scrollHeight, behavior: smooth ? 'smooth' : 'instant' });
}

function showMessages(stay = nearEnd()) {
  render($('messages'), state.messages, actions);
  $('empty').hidden = state.messages.length > 0;
  if (stay) toEnd();
}

function showTyping(on, ms = 5000) {
  const stay = nearEnd();
  clearTimeout(typingTimer);
  $('typing').hidden = !on;
  const bot = state.bots.find((b) => b.username === state.open?.bot);
  $('head-state').textContent = state.open?.blocked ? t('blocked') : on ? t('typing') : `@${bot?.username} · ${t('bot')}`;
  $('head-state').classList.toggle('active', on);
  if (on) typingTimer = setTimeout(() => showTyping(false), ms);
  if (stay) toEnd();
}

async function openChat(username) {
  const bot = state.bots.find((b) => b.username.toLowerCase() === username.toLowerCase());
  if (!bot || !state.user) return;
  const fresh = state.open?.bot !== bot.username || state.open?.user !== state.user;
  state.open = { bot: bot.username, user: state.user, blocked: false };
  if (fresh) {
    state.messages = [];
    $('messages').replaceChildren();
    input.reset();
  }
  state.unread.delete(key(bot.username, state.user));
  document.body.dataset.view = 'chat';
  $('chat').hidden = false;
  $('nothing').hidden = true;
  $('head-name').textContent = bot.first_name;
  for (const id of ['head-avatar', 'empty-avatar']) avatar($(id), bot.first_name, bot.id);
  document.title = `${bot.first_name} — Botyard`;
  remember();
  showList();
  await readChat(true);
  if (wide.matches) input.focus();
}

async function readChat(jump = false) {
  const asked = state.open;
  const view = await trying(() => api.chat(asked));
  if (!view || asked !== state.open) return;
  state.messages = view.messages;
  state.open.blocked = view.blocked;
  input.setCommands(view.commands);
  input.setKeyboard(view.keyboard);
  showBlocked();
  showTyping(view.typing);
  showMessages(jump || nearEnd());
}

function showBlocked() {
  $('block').title = t(state.open.blocked ? 'unblock' : 'block');
  $('block').setAttribute('aria-label', $('block').title);
  $('block').setAttribute('aria-pressed', String(state.open.blocked));
  $('composer-box').inert = state.open.blocked;
  $('composer-box').classList.toggle('off', state.open.blocked);
}

function put(message) {
  const at = state.messages.findIndex((other) => other.id >= message.id);
  if (at < 0) state.messages.push(message);
  else if (state.messages[at].id !== message.id) state.messages.splice(at, 0, message);
  else if ((state.messages[at].edits ?? 0) <= (message.edits ?? 0)) state.messages[at] = message;
}

// ---- what happens ------------------------------------------------------------------------------------------------

const happenings = {
  message(event) {
    const id = key(event.bot, event.user);
    state.last.set(id, event.data);
    if (current(event)) {
      const mine = !event.data.from_bot;
      const stay = mine || nearEnd() || Date.now() < followUntil;
      put(event.data);
      if (!mine) showTyping(false);
      showMessages(stay);
      if (event.data.from_bot) rereadKeyboard();
    } else if (event.data.from_bot) {
      state.unread.set(id, (state.unread.get(id) ?? 0) + 1);
    }
    showList();
  },
  edit(event) {
    if (!current(event)) return;
    put(event.data);
    showMessages();
  },
  delete(event) {
    if (!current(event)) return;
    state.messages = state.messages.filter((message) => message.id !== event.data.id);
    showMessages();
  },
  typing: (event) => current(event) && showTyping(true, event.data.ms),
  chat: (event) => current(event) && readChat(),
  commands: () => state.open && readChat(),
  bots: () => trying(readList),
};

// Reply keyboards and commands stand beside the messages, so they are read after them, at most twice a second.
let rereading = 0;
function rereadKeyboard() {
  clearTimeout(rereading);
  rereading = setTimeout(async () => {
    const asked = state.open;
    const view = await api.chat(asked).catch(() => null);
    if (view && asked === state.open) {
      input.setKeyboard(view.keyboard);
      input.setCommands(view.commands);
    }
  }, 500);
}

// ---- what the person does ----------------------------------------------------------------------------------------

const sendText = (text) => trying(() => api.sendText(state.open, text));

const actions = {
  view(url, alt) {
    $('viewer-image').src = url;
    $('viewer-image').alt = alt;
    $('viewer').showModal();
  },
  command: sendText,
  async button(message, button) {
    const chat = state.open;
    followUntil = Date.now() + 8000;
    if (button.pay) return trying(() => api.pay(chat, message.id));
    if (button.copy_text) {
      await trying(() => navigator.clipboard.writeText(button.copy_text.text));
      return toast(t('copied'));
    }
    if (!button.callback_data) return toast(t('unsupported'));
    const answer = await trying(() => api.press(chat, message.id, button.callback_data));
    if (!answer) return null;
    if (!answer.answered) return toast(t('noAnswer'), true);
    if (answer.url && /^https?:/.test(answer.url)) open(answer.url, '_blank', 'noopener');
    if (answer.text) (answer.show_alert ? alertBox : toast)(answer.text);
    return null;
  },
};

const input = composer({
  text: sendText,
  files: (form) => trying(() => api.sendFiles(state.open, form)),
  complain: (text) => toast(text, true),
  key(button) {
    const person = state.people.find((p) => p.id === state.user);
    if (button.request_contact) {
      const phone_number = `7900${String(person.id).padStart(7, '0')}`.slice(0, 11);
      return trying(() =>
        api.sendContent(state.open, { contact: { phone_number, first_name: person.first_name, user_id: person.id } }));
    }
    return sendText(button.text ?? button);
  },
});

$('back').addEventListener('click', () => {
  document.body.dataset.view = 'list';
  state.open = null;
  $('chat').hidden = true;
  $('nothing').hidden = false;
  remember();
  showList();
});
$('start').addEventListener('click', () => sendText('/start'));
$('block').addEventListener('click', () => trying(() => api.block(state.open, !state.open.blocked)));
$('to-end').addEventListener('click', () => toEnd(true));
let atEnd = true;
$('scroll').addEventListener('scroll', () => {
  atEnd = nearEnd();
  $('to-end').hidden = atEnd;
}, { passive: true });
// A keyboard or a growing text field takes room from below: the end stays in sight.
new ResizeObserver(() => atEnd && toEnd()).observe($('scroll'));
$('viewer').addEventListener('click', () => $('viewer').close());
// Pictures grow the page after they arrive: the end stays in sight.
$('messages').addEventListener('load', (event) => event.target.tagName === 'IMG' && nearEnd() && toEnd(), true);

for (const kind of ['dragenter', 'dragover']) {
  $('chat').addEventListener(kind, (event) => {
    event.preventDefault();
    $('drop').hidden = false;
  });
}
$('drop').addEventListener('dragleave', () => ($('drop').hidden = true));
$('chat').addEventListener('drop', (event) => {
  event.preventDefault();
  $('drop').hidden = true;
  input.addFiles(event.dataTransfer.files);
});

function showLinks(links) {
  $('links').replaceChildren(...links.filter(({ url }) => /^https?:|^\//.test(url)).map(({ label, url }) => {
    const link = document.createElement('a');
    link.href = url;
    link.textContent = label;
    link.target = '_blank';
    link.rel = 'noopener';
    return link;
  }));
}

async function begin() {
  translatePage();
  const query = new URLSearchParams(location.search);
  state.user = Number(query.get('user')) || null;
  showLinks((await api.info()).links);
  await readList();
  const wanted = query.get('bot')?.replace(/^@/, '') ?? (wide.matches ? state.bots[0]?.username : null);
  if (wanted) await openChat(wanted);
  const again = () => trying(async () => {
    await readList();
    if (state.open) await readChat();
  });
  api.listen((event) => happenings[event.kind]?.(event), again, (up) => toast(t(up ? 'online' : 'offline'), !up));
  document.body.dataset.ready = 'true';
}

trying(begin);
