import iconv from 'iconv-lite';

const SENT = new Set([
  'sent',
  'sent items',
  'sent mail',
  'sent messages',
  'sent-mail',
  'outbox-sent',
  'lähetetyt',
  'lähetetyt viestit',
  'skickat',
  'skickade',
  'gesendet',
  'gesendete elemente',
  'gesendete objekte',
  'sendt',
  'envoyés',
  'éléments envoyés',
  'messages envoyés',
  'enviados',
  'posta inviata',
  'verzonden',
  'verzonden items',
  'wysłane',
  'saadetud',
  'sendte elementer',
]);

const withoutExtension = (name: string): string => name.replace(/\.(?:mbox|mbx|sbd)$/i, '');

/** Modified UTF-7, as Maildir++ names its folders (RFC 3501, 5.1.3). */
const decoded = (name: string): string =>
  name.includes('&') ? iconv.decode(Buffer.from(name, 'latin1'), 'utf-7-imap') : name;

/** Folder that a file's path names: of a Maildir (`.Sent/cur/x` is `Sent`), else the folder it lies in; an mbox is one by its own name. */
export const folderOf = (name: string, isMbox: boolean): string => {
  const steps = name.split(/[\\/]/);
  const file = steps.pop() ?? '';
  if (isMbox)
    return file === 'mbox' && /\.mbox$/i.test(steps.at(-1) ?? '')
      ? withoutExtension(steps.at(-1) as string)
      : withoutExtension(file);
  if (steps.at(-1) === 'cur' || steps.at(-1) === 'new') steps.pop();
  const folder = steps.at(-1) ?? '';
  return folder.startsWith('.') ? folder.slice(1).split('.').map(decoded).join('/') : folder;
};

/** Whether a folder holds what was sent, by its usual names. */
export const isSentFolder = (folder: string): boolean =>
  SENT.has(
    (folder.split('/').at(-1) ?? '')
      .normalize('NFC')
      .toLowerCase()
      .replace(/^\[.*?\]\s*/, ''),
  );
