// Messages as bubbles: one block per message or album. A block is rebuilt only when its messages change.

import { fileUrl } from './api.js';
import { formatted } from './format.js';
import { bytes, clock, day, t } from './texts.js';

const make = (tag, className, ...children) => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
};

const test = (node, id) => {
  node.dataset.testid = id;
  return node;
};

// A one-line summary for the chat list.
export function summary(message) {
  const json = message.json;
  const text = json.text ?? json.caption;
  const kinds = ['animation', 'photo', 'video', 'audio', 'voice', 'document', 'sticker', 'invoice', 'contact'];
  const kind = kinds.find((name) => json[name]);
  if (json.successful_payment) return `⭐️ ${t('paid')}`;
  if (json.refunded_payment) return `⭐️ ${t('refunded')}`;
  const label = kind ? `${{ photo: '🖼', video: '🎬', audio: '🎵', voice: '🎤' }[kind] ?? '📎'} ${t(kind)}` : '';
  return [label, text].filter(Boolean).join(' · ') || t('other');
}

function photo(json, actions) {
  const size = json.photo.at(-1);
  const url = fileUrl(size.file_id);
  const image = test(make('img'), 'photo');
  image.alt = json.caption ?? t('photo');
  image.width = size.width;
  image.height = size.height;
  image.decoding = 'async';
  image.src = url;
  const open = make('button', 'photo', image);
  open.type = 'button';
  open.setAttribute('aria-label', t('openPhoto'));
  open.addEventListener('click', () => actions.view(url, image.alt));
  return open;
}

function player(json, kind) {
  const file = json[kind];
  const video = kind === 'video' || kind === 'animation';
  const node = test(make(video ? 'video' : 'audio', 'player'), kind);
  node.controls = true;
  node.preload = 'metadata';
  node.src = fileUrl(file.file_id);
  if (kind === 'animation') Object.assign(node, { loop: true, muted: true, autoplay: true });
  if (video && file.width && file.height) node.style.aspectRatio = `${file.width} / ${file.height}`;
  if (kind !== 'audio') return node;
  const name = [file.performer, file.title].filter(Boolean).join(' — ') || file.file_name || t('audio');
  return make('div', 'track', make('span', 'track-name', name), node);
}

function documentRow(file) {
  const link = test(make('a', 'file'), 'document');
  link.href = fileUrl(file.file_id);
  link.download = file.file_name ?? 'file';
  const name = file.file_name ?? t('document');
  const extension = name.includes('.') ? name.split('.').at(-1).slice(0, 4) : '…';
  const about = make('span', 'file-about', make('b', '', name), make('small', '', bytes(file.file_size ?? 0)));
  link.append(make('span', 'file-icon', extension), about);
  return link;
}

function invoice(json) {
  const { title, description, total_amount } = json.invoice;
  const price = make('span', 'price', `⭐️ ${total_amount}`);
  return make('div', 'invoice', make('b', '', title), make('p', '', description), price);
}

function media(json, actions) {
  if (json.photo) return photo(json, actions);
  const kind = ['animation', 'video', 'audio', 'voice'].find((name) => json[name]);
  if (kind) return player(json, kind);
  if (json.document) return documentRow(json.document);
  if (json.invoice) return invoice(json);
  if (json.sticker) return make('div', 'sticker', json.sticker.emoji ?? '🙂');
  if (json.contact) return make('div', 'invoice', make('b', '', json.contact.first_name), json.contact.phone_number);
  if (json.successful_payment) return make('div', 'paid', `⭐️ ${json.successful_payment.total_amount} · ${t('paid')}`);
  if (json.refunded_payment) return make('div', 'paid', `⭐️ ${json.refunded_payment.total_amount} · ${t('refunded')}`);
  return null;
}

function inlineButton(button, message, actions) {
  const isLink = button.url ?? button.web_app?.url ?? button.login_url?.url;
  const node = test(make(isLink ? 'a' : 'button', 'inline-button'), 'inline-button');
  node.append(make('span', '', button.text));
  if (isLink) {
    if (/^(https?|tg):/i.test(isLink)) node.href = isLink;
    node.target = '_blank';
    node.rel = 'noopener noreferrer';
    node.classList.add('outward');
    return node;
  }
  node.type = 'button';
  if (button.style) node.dataset.style = button.style;
  if (button.callback_data) node.dataset.callback = button.callback_data;
  node.addEventListener('click', async () => {
    if (node.getAttribute('aria-busy') === 'true') return;
    node.setAttribute('aria-busy', 'true');
    await actions.button(message, button);
    node.removeAttribute('aria-busy');
  });
  return node;
}

function keyboard(message, actions) {
  const rows = message.json.reply_markup?.inline_keyboard;
  if (!rows?.length) return [];
  const lines = rows.map((row) => make('div', 'inline-row', ...row.map((b) => inlineButton(b, message, actions))));
  return [make('div', 'inline', ...lines)];
}

function reply(json) {
  const original = json.reply_to_message;
  if (!original) return [];
  const who = original.from?.first_name ?? '';
  return [make('div', 'quote', make('b', '', who), make('span', '', summary({ json: original })))];
}

// The bubble of a message, or of an album's messages together.
function block(messages, actions) {
  const [first] = messages;
  const json = first.json;
  const node = test(make('article', `message ${first.from_bot ? 'theirs' : 'mine'}`), 'message');
  node.dataset.messageId = first.id;
  node.dataset.from = first.from_bot ? 'bot' : 'person';
  node.setAttribute('aria-label', `${first.from_bot ? json.from.first_name : t('you')}, ${clock(json.date)}`);
  const bubble = make('div', 'bubble', ...reply(json));
  const parts = messages.map((message) => media(message.json, actions)).filter(Boolean);
  const visual = messages.every(({ json }) => json.photo || json.video || json.animation);
  if (parts.length > 1) bubble.append(make('div', visual ? `album count-${Math.min(parts.length, 10)}` : 'stack', ...parts));
  else bubble.append(...parts);
  if (parts.length && visual) bubble.classList.add('visual');
  if (json.sticker) bubble.classList.add('bare');
  const said = messages.find(({ json }) => json.text ?? json.caption)?.json;
  const foot = make('time', 'time', `${first.edits ? `${t('edited')} ` : ''}${clock(json.date)}`);
  foot.dateTime = new Date(json.date * 1000).toISOString();
  if (said) {
    const text = formatted(said.text ?? said.caption, said.entities ?? said.caption_entities, actions.command);
    bubble.append(test(make('div', 'text', text, foot), 'message-text'));
  } else {
    bubble.classList.add('silent');
    bubble.append(foot);
  }
  node.append(bubble, ...keyboard(first, actions));
  if (node.querySelector('.inline')) node.classList.add('with-keys');
  return node;
}

function grouped(messages) {
  const groups = [];
  for (const message of messages) {
    const album = message.json.media_group_id;
    const last = groups.at(-1);
    if (album && last && last[0].json.media_group_id === album) last.push(message);
    else groups.push([message]);
  }
  return groups;
}

// Brings `root` up to date with `messages`, touching only what changed.
export function render(root, messages, actions) {
  const old = new Map([...root.children].map((node) => [node.dataset.key, node]));
  const fresh = [];
  let shownDay = '';
  let before = null;
  for (const group of grouped(messages)) {
    const [first] = group;
    const today = day(first.json.date);
    if (today !== shownDay) {
      shownDay = today;
      before = null;
      const key = `day-${today}`;
      const mark = old.get(key) ?? make('div', 'day', make('span', '', today));
      mark.dataset.key = key;
      fresh.push(mark);
    }
    const key = `m-${first.id}`;
    const signature = group.map((message) => `${message.id}:${message.edits ?? 0}`).join();
    let node = old.get(key);
    if (!node || node.dataset.signature !== signature) {
      node = block(group, actions);
      node.dataset.key = key;
      node.dataset.signature = signature;
      if (!old.has(key)) node.classList.add('arriving');
    }
    node.classList.toggle('follows', before !== null && before.from_bot === first.from_bot);
    before = first;
    fresh.push(node);
  }
  const kept = new Set(fresh);
  for (const node of [...root.children]) if (!kept.has(node)) node.remove();
  fresh.forEach((node, at) => root.children[at] !== node && root.insertBefore(node, root.children[at] ?? null));
}
