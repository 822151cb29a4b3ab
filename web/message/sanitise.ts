import createDOMPurify from 'dompurify';
import { isAttribution, isHeader, longestHeader } from './quotes.ts';
import type { Room } from './room.ts';
import { decoded, tamed } from './tame.ts';

/** A mail's sanitised HTML, not yet in a page, so that nothing in it loads or runs. */
export interface Clean {
  body: HTMLElement;
  /** Content-IDs of its images */
  cids: string[];
  /** it would load something from the network */
  remote: boolean;
  /** part of it is a quote, which can be folded away */
  quoted: boolean;
  /** it has colours of its own, which are meant for white paper */
  coloured: boolean;
}

const purifiers = new WeakMap<Room, ReturnType<typeof createDOMPurify>>();
const purifierOf = (room: Room) => {
  const purify = purifiers.get(room) ?? createDOMPurify(room);
  if (!purifiers.has(room))
    purify.addHook('uponSanitizeAttribute', (_, data) => {
      if (data.attrName === 'style') data.attrValue = tamed(data.attrValue);
    });
  purifiers.set(room, purify);
  return purify;
};

/** Attributes that hold no URL. DOMPurify checks the values of all others against ALLOWED_URI_REGEXP. */
const plain = [
  'align',
  'bgcolor',
  'border',
  'cellpadding',
  'cellspacing',
  'clear',
  'color',
  'colspan',
  'datetime',
  'dir',
  'face',
  'headers',
  'height',
  'hidden',
  'lang',
  'noshade',
  'nowrap',
  'open',
  'reversed',
  'rowspan',
  'scope',
  'size',
  'span',
  'start',
  'text',
  'type',
  'valign',
  'width',
];

const options = {
  USE_PROFILES: { html: true },
  FORBID_TAGS: [
    'form',
    'input',
    'button',
    'select',
    'option',
    'textarea',
    'label',
    'fieldset',
    'video',
    'audio',
    'source',
    'track',
    'dialog',
    'slot',
    'template',
  ],
  FORBID_ATTR: [
    'srcset',
    'ping',
    'name',
    'contenteditable',
    'autofocus',
    'tabindex',
    'accesskey',
    'popover',
    'is',
    'slot',
  ],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  ADD_ATTR: ['text'],
  ADD_URI_SAFE_ATTR: plain,
  RETURN_DOM: true as const,
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|tel:|cid:|data:image\/(?:png|jpe?g|gif|webp|bmp);)/i,
};

const remoteStyle = /url\(\s*(?:['"]\s*)?(?:https?:)?\/\//i;

const markImages = (body: HTMLElement): { cids: string[]; remote: boolean } => {
  const cids: string[] = [];
  let remote = false;
  for (const image of body.querySelectorAll('img')) {
    proportion(image);
    const source = image.getAttribute('src')?.trim() ?? '';
    if (/^cid:/i.test(source)) {
      cids.push(decoded(source.slice(4)));
      image.dataset.cid = cids.at(-1);
      image.removeAttribute('src');
    } else if (/^https?:/i.test(source)) {
      remote = true;
      image.dataset.remote = source.replace(/^http:/i, 'https:');
      image.removeAttribute('src');
    }
  }
  for (const element of body.querySelectorAll('[background]'))
    remote = /^https?:/i.test(element.getAttribute('background') ?? '') || remote;
  for (const element of body.querySelectorAll<HTMLElement>('[style]'))
    remote = remoteStyle.test(element.getAttribute('style') ?? '') || remote;
  for (const sheet of body.querySelectorAll('style')) remote = remoteStyle.test(sheet.textContent ?? '') || remote;
  return { cids, remote };
};

/** Keeps the proportions of an image with a given size when the frame is narrower. */
const proportion = (image: HTMLImageElement) => {
  const [width, height] = ['width', 'height'].map(name => Number(image.getAttribute(name)));
  if (!width || !height) return;
  image.style.aspectRatio = `${width} / ${height}`;
  image.removeAttribute('height');
};

/** A test whether only white space and quotes follow a part of the message. Asked from the last part to the first, it reads the text only once. */
const makeIsLast = (body: HTMLElement): ((part: Element) => boolean) => {
  const texts = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  let said: Node | null = texts.lastChild();
  const isNone = ({ textContent, parentElement }: Node) =>
    !textContent?.trim() || parentElement?.closest('[data-quote], style');
  return part => {
    while (said && isNone(said)) said = texts.previousNode();
    return !said || !(part.compareDocumentPosition(said) & Node.DOCUMENT_POSITION_FOLLOWING) || part.contains(said);
  };
};

/** Whether there is an answer between or below the quotes in a part: Gmail leaves such answers inside what it marks as the quote. */
const holdsAnswer = (part: Element): boolean => {
  const first = part.querySelector('blockquote');
  const own = part.ownerDocument.createTreeWalker(part, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, node => {
    // instanceof doesn't work here: the node belongs to the room's window
    if (node.nodeType === Node.ELEMENT_NODE)
      return (node as Element).matches('blockquote, style') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP;
    const isBelow = first && first.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING;
    return isBelow && node.textContent?.trim() ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP;
  });
  return own.nextNode() !== null;
};

/** Whether a blockquote is a quote. Without any of these signs it is only an indentation ("indent more"). */
const isCited = (quote: Element): boolean =>
  quote.matches('[type=cite], [cite], [class*=quote]') ||
  /border-left\s*:\s*(?!none|0)/i.test(quote.getAttribute('style') ?? '') ||
  isAttribution(quote.previousElementSibling?.textContent ?? '');

const linesOf = (element: Element): string[] =>
  element.innerHTML
    .split(/<(?:br|\/p|\/div)\b[^>]*>/i, longestHeader)
    .map(line => line.replace(/<[^>]*>|&nbsp;/g, ' ').trim());

/** Whether an element consists of an attribution only. */
const onlyAttributes = (element: Element | null): boolean =>
  isAttribution(element?.textContent ?? '') && linesOf(element as Element).filter(line => line !== '').length === 1;

const MOST_LINED = 100;

/** The element with which Outlook's quote begins: that of the web and mobile versions has an id, that of the desktop version only a line above its header. */
const outlookQuote = (body: HTMLElement): Element | null => {
  const named = body.querySelector('[id$="divRplyFwdMsg"], [id$="appendonsend"], .OutlookMessageHeader');
  if (named) return named;
  const lined = [...body.querySelectorAll('div[style*="border-top"]')]
    .slice(0, MOST_LINED) // each is read as a whole, and they may be nested
    .find(element => isHeader(linesOf(element)));
  let start: Element | null = lined ?? null;
  while (start?.parentElement && start.parentElement !== body && start.parentElement.children.length === 1)
    start = start.parentElement;
  return start;
};

const mark = (element: Element | null | undefined) => element?.setAttribute('data-quote', '');

/** Images except tracking pixels, which nobody sees. */
const seenImage = `img:not(${['0', '1'].flatMap(size => [`[width="${size}"]`, `[height="${size}"]`]).join(', ')})`;

const markQuotes = (body: HTMLElement): boolean => {
  for (let next = outlookQuote(body); next; next = next.nextElementSibling) mark(next);
  for (const element of body.querySelectorAll(':is(.gmail_quote, .yahoo_quoted, .protonmail_quote):not(blockquote)'))
    if (!element.closest('[data-quote]') && !holdsAnswer(element)) mark(element);
  const isLast = makeIsLast(body);
  const quotes = [...body.querySelectorAll('blockquote')].filter(
    quote => !quote.closest('[data-quote]') && isCited(quote),
  );
  for (const quote of quotes.reverse()) {
    if (!isLast(quote)) continue;
    mark(quote);
    const before = quote.previousElementSibling;
    if (before?.matches('.gmail_attr, .moz-cite-prefix') || onlyAttributes(before)) mark(before);
  }
  const marked = [...body.querySelectorAll('[data-quote]')];
  const rest = body.cloneNode(true) as HTMLElement;
  for (const element of rest.querySelectorAll('[data-quote], style')) element.remove();
  const left = Boolean(rest.textContent?.trim()) || rest.querySelector(seenImage) !== null;
  if (!left) for (const element of marked) element.removeAttribute('data-quote');
  return left && marked.length > 0;
};

const tame = (body: HTMLElement) => {
  for (const sheet of body.querySelectorAll('style')) sheet.textContent = tamed(sheet.textContent ?? '');
};

const links = (body: HTMLElement) => {
  for (const element of body.querySelectorAll('[id]')) element.removeAttribute('id');
  for (const link of body.querySelectorAll('a[href], area[href]')) {
    link.setAttribute('target', '_blank');
    link.setAttribute('rel', 'noopener noreferrer nofollow');
  }
};

const ownColours = ({ ownerDocument: page }: HTMLElement): boolean =>
  page.querySelector('[bgcolor], [background], font[color], [text]') !== null ||
  /(?:^|[;{\s"'])(?:background(?:-color)?|color)\s*:/i.test(
    [...page.querySelectorAll('[style]')].map(element => element.getAttribute('style')).join(';') +
      [...page.querySelectorAll('style')].map(sheet => sheet.textContent).join(''),
  );

/** Leaves the body of its own attributes the colours and direction only: in a mail in white on black the text would be unreadable without them. */
const undress = (body: HTMLElement) => {
  const kept = ['background-color', 'color', 'direction'].map(
    name => [name, body.style.getPropertyValue(name)] as const,
  );
  for (const name of body.getAttributeNames())
    if (!['bgcolor', 'text', 'dir'].includes(name)) body.removeAttribute(name);
  for (const [name, value] of kept) if (value) body.style.setProperty(name, value);
};

/** Sanitises a mail's HTML (DOMPurify) in a document that can load nothing, and finds out what it contains. */
export const sanitise = (html: string, room: Room): Clean => {
  // a body element that comes first isn't replaced by a frameset (WHATWG HTML, 13.2.6.4.7), and a style sheet after it doesn't go into the head
  const body = purifierOf(room).sanitize(`<body>${html}`, options) as HTMLElement;
  undress(body);
  const { cids, remote } = markImages(body);
  const quoted = markQuotes(body);
  links(body);
  tame(body);
  return { body, cids, remote, quoted, coloured: ownColours(body) };
};
