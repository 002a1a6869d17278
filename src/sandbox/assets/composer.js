// Writing: the growing text field, the commands menu, attachments, the bot's reply keyboard.

import { t } from './texts.js';

const $ = (id) => document.getElementById(id);
const PICTURES = ['image/png', 'image/jpeg', 'image/webp'];
const MOST = 10;

// Seconds and pixels of a film or a sound, read by the browser itself.
function measure(file) {
  const kind = file.type.split('/')[0];
  if (kind !== 'video' && kind !== 'audio') return Promise.resolve({});
  return new Promise((resolve) => {
    const probe = document.createElement(kind);
    const url = URL.createObjectURL(file);
    const done = (found) => {
      URL.revokeObjectURL(url);
      resolve(found);
    };
    probe.preload = 'metadata';
    probe.onloadedmetadata = () => done({
      duration: Number.isFinite(probe.duration) ? Math.round(probe.duration) : 0,
      width: probe.videoWidth ?? 0,
      height: probe.videoHeight ?? 0,
    });
    probe.onerror = () => done({});
    setTimeout(() => done({}), 3000);
    probe.src = url;
  });
}

function kindOf(file, asFile) {
  if (asFile) return 'document';
  if (PICTURES.includes(file.type)) return 'photo';
  const kind = file.type.split('/')[0];
  return ['video', 'audio'].includes(kind) ? kind : 'document';
}

// `handlers`: text(text), files(form), complain(message). Gives { setCommands, setKeyboard, focus, addFiles }.
export function composer(handlers) {
  const [field, menu, slash, tray, keys, form] = ['composer', 'commands', 'slash', 'tray', 'reply-keys', 'form'].map($);
  let commands = [];
  let files = [];
  let asFile = false;
  let chosen = -1;

  const grow = () => {
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight, 160)}px`;
    $('send').classList.toggle('ready', field.value.trim() !== '' || files.length > 0);
  };

  const closeMenu = () => {
    menu.hidden = true;
    slash.setAttribute('aria-expanded', 'false');
    chosen = -1;
  };

  const run = (command) => {
    closeMenu();
    field.value = '';
    grow();
    handlers.text(`/${command}`);
    field.focus();
  };

  const mark = (at) => {
    const items = [...menu.querySelectorAll('[role=option]')];
    if (!items.length) return;
    chosen = (at + items.length) % items.length;
    items.forEach((item, n) => item.setAttribute('aria-selected', String(n === chosen)));
    items[chosen].scrollIntoView({ block: 'nearest' });
  };

  const openMenu = (filter = '') => {
    const fitting = commands.filter(({ command }) => command.startsWith(filter));
    if (filter && !fitting.length) return closeMenu();
    menu.replaceChildren(...fitting.map(({ command, description }) => {
      const item = document.createElement('button');
      item.type = 'button';
      item.role = 'option';
      item.tabIndex = -1;
      item.dataset.testid = 'command';
      item.dataset.command = command;
      const name = document.createElement('b');
      name.textContent = `/${command}`;
      const about = document.createElement('span');
      about.textContent = description;
      item.append(name, about);
      item.addEventListener('click', () => run(command));
      return item;
    }));
    if (!fitting.length) {
      const none = document.createElement('p');
      none.textContent = t('noCommands');
      menu.append(none);
    }
    menu.hidden = false;
    slash.setAttribute('aria-expanded', 'true');
    if (filter || field.value === '/') mark(0);
  };

  const showTray = () => {
    for (const image of tray.querySelectorAll('img')) URL.revokeObjectURL(image.src);
    tray.hidden = files.length === 0;
    tray.replaceChildren(...files.map((file, at) => {
      const item = document.createElement('div');
      item.className = 'tray-item';
      if (PICTURES.includes(file.type)) {
        const image = document.createElement('img');
        image.src = URL.createObjectURL(file);
        image.alt = file.name;
        item.append(image);
      } else {
        const name = document.createElement('span');
        name.textContent = file.name;
        item.append(name);
      }
      const remove = document.createElement('button');
      remove.type = 'button';
      remove.textContent = '×';
      remove.setAttribute('aria-label', `${t('remove')} ${file.name}`);
      remove.addEventListener('click', () => {
        files.splice(at, 1);
        showTray();
      });
      item.append(remove);
      return item;
    }));
    if (files.some((file) => PICTURES.includes(file.type))) {
      const label = document.createElement('label');
      const box = document.createElement('input');
      box.type = 'checkbox';
      box.checked = asFile;
      box.dataset.testid = 'as-file';
      box.addEventListener('change', () => (asFile = box.checked));
      label.append(box, t('asFile'));
      tray.append(label);
    }
    grow();
  };

  const addFiles = (list) => {
    const added = [...list];
    if (files.length + added.length > MOST) handlers.complain(t('tooMany'));
    files = [...files, ...added].slice(0, MOST);
    showTray();
    field.focus();
  };

  // An album has one kind; a mixture goes as several messages.
  const sendFiles = async (caption) => {
    const kinds = new Map();
    for (const file of files) {
      const kind = kindOf(file, asFile);
      kinds.set(kind, [...(kinds.get(kind) ?? []), file]);
    }
    files = [];
    asFile = false;
    showTray();
    let text = caption;
    for (const [kind, group] of kinds) {
      const form = new FormData();
      form.append('kind', kind);
      form.append('caption', text);
      text = '';
      for (const [name, value] of Object.entries(await measure(group[0]))) form.append(name, value);
      for (const file of group) form.append('file', file, file.name);
      await handlers.files(form);
    }
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = field.value.trim();
    field.value = '';
    closeMenu();
    if (files.length) sendFiles(text);
    else if (text) handlers.text(text);
    grow();
    field.focus();
  });

  field.addEventListener('input', () => {
    grow();
    const typed = /^\/([a-z0-9_]*)$/.exec(field.value);
    if (typed && commands.length) openMenu(typed[1]);
    else closeMenu();
  });

  field.addEventListener('keydown', (event) => {
    const open = !menu.hidden && menu.querySelector('[role=option]');
    if (open && ['ArrowDown', 'ArrowUp'].includes(event.key)) {
      event.preventDefault();
      mark(chosen + (event.key === 'ArrowDown' ? 1 : -1));
    } else if (event.key === 'Escape') {
      closeMenu();
    } else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      const item = open && chosen >= 0 ? menu.querySelectorAll('[role=option]')[chosen] : null;
      // A whole command is sent as typed, so that «/start x» and «/start» both work.
      if (item && field.value !== `/${item.dataset.command}`) run(item.dataset.command);
      else form.requestSubmit();
    }
  });

  field.addEventListener('paste', (event) => {
    if (event.clipboardData?.files.length) {
      event.preventDefault();
      addFiles(event.clipboardData.files);
    }
  });

  slash.addEventListener('click', () => {
    if (menu.hidden) {
      openMenu();
      field.focus();
    } else {
      closeMenu();
    }
  });
  document.addEventListener('click', (event) => {
    if (!event.target.closest('#commands, #slash, #composer')) closeMenu();
  });
  $('attach').addEventListener('click', () => $('file').click());
  $('file').addEventListener('change', (event) => {
    addFiles(event.target.files);
    event.target.value = '';
  });

  return {
    addFiles,
    focus: () => field.focus(),
    reset: () => {
      field.value = '';
      files = [];
      showTray();
      closeMenu();
    },
    setCommands: (list) => (commands = list),
    setKeyboard: (markup) => {
      const rows = markup?.keyboard ?? [];
      keys.hidden = rows.length === 0;
      keys.replaceChildren(...rows.map((row) => {
        const line = document.createElement('div');
        line.append(...row.map((button) => {
          const node = document.createElement('button');
          node.type = 'button';
          node.textContent = button.text ?? button;
          node.dataset.testid = 'reply-button';
          node.addEventListener('click', () => handlers.key(button));
          return node;
        }));
        return line;
      }));
      field.placeholder = markup?.input_field_placeholder ?? t('message');
    },
  };
}
