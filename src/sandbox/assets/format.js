// Telegram texts as DOM: entities carry UTF-16 offsets, which is how JavaScript counts too. No HTML is ever parsed.

const TAGS = {
  bold: 'strong', italic: 'em', underline: 'u', strikethrough: 's', code: 'code', pre: 'pre',
  blockquote: 'blockquote', expandable_blockquote: 'blockquote', spoiler: 'span',
};

const safeLink = (url) => (/^(https?|tg|mailto):/i.test(url) ? url : null);

function anchor(url) {
  const link = document.createElement('a');
  const href = safeLink(url);
  if (href) {
    link.href = href;
    link.target = '_blank';
    link.rel = 'noopener noreferrer';
  }
  return link;
}

function element(entity, text) {
  if (entity.type === 'text_link') return anchor(entity.url);
  if (entity.type === 'url') return anchor(/^[a-z]+:/i.test(text) ? text : `https://${text}`);
  const node = document.createElement(TAGS[entity.type] ?? 'span');
  if (entity.type === 'spoiler') {
    node.className = 'spoiler';
    node.tabIndex = 0;
    const show = () => node.classList.add('shown');
    node.addEventListener('click', show);
    node.addEventListener('keydown', (event) => event.key === 'Enter' && show());
  }
  return node;
}

// Plain text with its links and /commands alive.
function plain(parent, text, onCommand) {
  const found = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])|(?<=^|\s)(\/[a-z0-9_]{1,32})(?![\w/])/gi;
  let at = 0;
  for (const match of text.matchAll(found)) {
    parent.append(text.slice(at, match.index));
    if (match[1]) {
      const link = anchor(match[1]);
      link.append(match[1]);
      parent.append(link);
    } else {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'command-link';
      button.textContent = match[2];
      button.addEventListener('click', () => onCommand(match[2]));
      parent.append(button);
    }
    at = match.index + match[0].length;
  }
  parent.append(text.slice(at));
}

export function formatted(text, entities = [], onCommand = () => {}) {
  const root = document.createDocumentFragment();
  const known = entities.filter((entity) => entity.type in TAGS || ['text_link', 'url'].includes(entity.type));
  const sorted = known.sort((a, b) => a.offset - b.offset || b.length - a.length);
  const fill = (parent, from, to, list, literal) => {
    let at = from;
    let rest = list;
    while (rest.length) {
      const [entity] = rest;
      const end = Math.min(entity.offset + entity.length, to);
      const inner = rest.slice(1).filter((other) => other.offset < end);
      rest = rest.slice(1).filter((other) => other.offset >= end);
      if (literal) parent.append(text.slice(at, entity.offset));
      else plain(parent, text.slice(at, entity.offset), onCommand);
      const node = element(entity, text.slice(entity.offset, end));
      const verbatim = literal || ['code', 'pre', 'text_link', 'url'].includes(entity.type);
      fill(node, entity.offset, end, inner, verbatim);
      parent.append(node);
      at = end;
    }
    if (literal) parent.append(text.slice(at, to));
    else plain(parent, text.slice(at, to), onCommand);
  };
  fill(root, 0, text.length, sorted, false);
  return root;
}
