// The page's words. Russian unless the address says ?lang=en.

const TEXTS = {
  ru: {
    subtitle: 'Песочница Telegram', chats: 'Чаты', links: 'Ссылки', speakAs: 'Писать от имени', bots: 'Боты',
    fine: 'Боты здесь настоящие: с песочницей они говорят по Bot API, как с Telegram.',
    back: 'К списку чатов', conversation: 'Переписка', typing: 'печатает…', toEnd: 'К последним сообщениям',
    emptyChat: 'Здесь пока пусто. Начните разговор — бот ответит.', start: 'Начать', commands: 'Команды',
    message: 'Сообщение', attach: 'Прикрепить фото или файл', send: 'Отправить', dropHere: 'Отпустите, чтобы отправить',
    pickChat: 'Выберите бота слева', picture: 'Изображение', close: 'Закрыть', block: 'Заблокировать',
    unblock: 'Разблокировать', blocked: 'бот заблокирован', bot: 'бот', you: 'Вы', edited: 'изменено',
    photo: 'Фото', video: 'Видео', audio: 'Аудио', voice: 'Голосовое', document: 'Файл', animation: 'GIF',
    sticker: 'Стикер', invoice: 'Счёт', paid: 'Оплачено', refunded: 'Возврат', noAnswer: 'Бот не ответил на нажатие',
    failed: 'Не получилось', offline: 'Нет связи с песочницей, пробуем снова…', online: 'Связь восстановлена',
    noCommands: 'Бот не задал команд', copied: 'Скопировано', asFile: 'Отправить файлом, без сжатия',
    remove: 'Убрать', today: 'Сегодня', yesterday: 'Вчера', noMessages: 'Нет сообщений', unread: 'непрочитано',
    contact: 'Контакт', other: 'Сообщение', you_: 'Вы: ', openPhoto: 'Открыть фото', people: 'Люди', tooMany: 'Не больше 10 файлов',
    album: 'Альбом', unsupported: 'Эта кнопка в песочнице не работает', stars: 'звёзд', size: ['Б', 'КБ', 'МБ'],
  },
  en: {
    subtitle: 'Telegram sandbox', chats: 'Chats', links: 'Links', speakAs: 'Speak as', bots: 'Bots',
    fine: 'The bots are real: they speak the Bot API to this sandbox as they would to Telegram.',
    back: 'Back to chats', conversation: 'Conversation', typing: 'typing…', toEnd: 'To the newest messages',
    emptyChat: 'Nothing here yet. Start talking and the bot will answer.', start: 'Start', commands: 'Commands',
    message: 'Message', attach: 'Attach a photo or a file', send: 'Send', dropHere: 'Drop to send',
    pickChat: 'Choose a bot on the left', picture: 'Picture', close: 'Close', block: 'Block', unblock: 'Unblock',
    blocked: 'bot blocked', bot: 'bot', you: 'You', edited: 'edited', photo: 'Photo', video: 'Video', audio: 'Audio',
    voice: 'Voice note', document: 'File', animation: 'GIF', sticker: 'Sticker', invoice: 'Invoice', paid: 'Paid',
    refunded: 'Refunded', noAnswer: 'The bot did not answer the button', failed: 'That did not work',
    offline: 'The sandbox is out of reach, trying again…', online: 'Back online', noCommands: 'The bot has no commands',
    copied: 'Copied', asFile: 'Send as a file, without compression', remove: 'Remove', today: 'Today',
    yesterday: 'Yesterday', noMessages: 'No messages', unread: 'unread', contact: 'Contact', other: 'Message',
    you_: 'You: ', openPhoto: 'Open photo', people: 'People', tooMany: 'Up to 10 files', album: 'Album',
    unsupported: 'This button does not work in the sandbox', stars: 'Stars', size: ['B', 'KB', 'MB'],
  },
};

export const lang = new URLSearchParams(location.search).get('lang') === 'en' ? 'en' : 'ru';
export const t = (key) => TEXTS[lang][key] ?? key;

export function translatePage() {
  document.documentElement.lang = lang;
  for (const node of document.querySelectorAll('[data-t]')) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll('[data-t-label]')) {
    node.setAttribute('aria-label', t(node.dataset.tLabel));
    if (node.tagName === 'BUTTON') node.title = t(node.dataset.tLabel);
  }
}

export const clock = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString(lang === 'en' ? 'en-GB' : lang, { hour: '2-digit', minute: '2-digit' });

export function day(seconds) {
  const date = new Date(seconds * 1000);
  const midnight = new Date();
  midnight.setHours(0, 0, 0, 0);
  const back = Math.ceil((midnight - date) / 86_400_000);
  if (back <= 0) return t('today');
  if (back === 1) return t('yesterday');
  return date.toLocaleDateString(lang, { day: 'numeric', month: 'long' });
}

export function bytes(count) {
  const [b, kb, mb] = t('size');
  if (count < 1024) return `${count} ${b}`;
  if (count < 1024 * 1024) return `${Math.round(count / 1024)} ${kb}`;
  return `${(count / 1024 / 1024).toFixed(1)} ${mb}`;
}
