/** What of a block holds its words, in the order in which Slack shows it. */
const PARTS = ['title', 'text', 'fields', 'elements', 'rows', 'blocks'] as const;
/** Elements that stand in one line with their neighbours. */
const INLINE = ['text', 'link', 'emoji', 'user', 'usergroup', 'channel', 'broadcast', 'date', 'color'];

type Node = Readonly<Record<string, unknown>>;

const escaped = (text: unknown): string =>
  String(text ?? '').replace(/[&<>]/g, mark => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[mark] ?? mark);

/** Elements of formatted text, as the same would stand in `text`. */
const MARKS: Readonly<Record<string, (node: Node) => string>> = {
  text: ({ text }) => escaped(text),
  plain_text: ({ text }) => escaped(text),
  mrkdwn: ({ text }) => String(text ?? ''),
  markdown: ({ text }) => escaped(text),
  link: ({ url, text }) => (text ? `<${url}|${escaped(text)}>` : `<${url}>`),
  emoji: ({ name }) => `:${name}:`,
  user: ({ user_id: id }) => `<@${id}>`,
  channel: ({ channel_id: id }) => `<#${id}>`,
  usergroup: ({ usergroup_id: id }) => `<!subteam^${id}>`,
  broadcast: ({ range }) => `<!${range}>`,
  date: ({ fallback }) => escaped(fallback),
  color: ({ value }) => escaped(value),
  image: ({ alt_text: alt }) => escaped(alt),
};

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

const isInline = (value: unknown): boolean => isNode(value) && INLINE.includes(String(value.type));

const DEEPEST = 20;

/** The words of a message's blocks, in Slack's own marks; what nobody sees (ids, values) is left out. */
export const wordsIn = (value: unknown, depth = 0): string => {
  if (typeof value === 'string') return value;
  if (depth > DEEPEST || !isNode(value)) return '';
  if (Array.isArray(value)) {
    const words = value.map(one => wordsIn(one, depth + 1));
    return value.some(isInline) ? words.join('') : words.filter(Boolean).join('\n');
  }
  const mark = MARKS[String(value.type)];
  if (mark) return mark(value);
  const parts = PARTS.map(name => wordsIn(value[name], depth + 1));
  return parts.filter(Boolean).join('\n');
};
