/** What is known of mail providers, so that nobody has to look it up. Only hints: every field stays free. */
export interface Provider {
  name: string;
  values: Record<string, string>;
  hint: string;
}

const tls = (host: string, port = '993') => ({ host, port, security: 'tls' });

const mail: Provider[] = [
  {
    name: 'Google Workspace, Gmail',
    values: tls('imap.gmail.com'),
    hint: 'Needs an app password (Google account → Security → 2-step verification → App passwords), or OAuth 2.0. Your ordinary password is refused.',
  },
  {
    name: 'Microsoft 365, Outlook',
    values: tls('outlook.office365.com'),
    hint: 'Passwords are refused: use OAuth 2.0 with an app registration that has IMAP.AccessAsUser.All, under More settings.',
  },
  {
    name: 'Fastmail',
    values: tls('imap.fastmail.com'),
    hint: 'Make an app password with IMAP access in Settings → Privacy & Security.',
  },
  {
    name: 'iCloud',
    values: tls('imap.mail.me.com'),
    hint: 'Make an app-specific password at account.apple.com. The user is the part before @icloud.com.',
  },
  { name: 'Yahoo', values: tls('imap.mail.yahoo.com'), hint: 'Make an app password in Account security.' },
  { name: 'Zoho', values: tls('imap.zoho.eu'), hint: 'Switch IMAP on in Settings → Mail accounts first.' },
  {
    name: 'Own server (Dovecot, Exchange on the premises, …)',
    values: { security: 'tls', port: '993' },
    hint: 'The host is what mail programs are set up with, often mail.example.org or imap.example.org.',
  },
];

/** Providers for a connector whose config has a host, a port and a security. */
export const providersFor = (paths: readonly string[]): Provider[] =>
  ['host', 'port', 'security', 'user'].every(path => paths.includes(path)) ? mail : [];
