/** All texts of the widget. */
const en = {
  open: 'Chat with us',
  close: 'Close the chat',
  unread: (count: number) => (count === 1 ? '1 new message' : `${count} new messages`),
  here: 'Somebody is here',
  later: 'We answer as soon as we can',
  offline: 'No connection. What you write is sent as soon as there is one.',
  connecting: 'Connecting…',
  closed: 'This chat can not be opened now.',
  paused: 'This chat is closed for now.',
  ask: 'Before we begin',
  name: 'Your name',
  nameMissing: 'Please write your name.',
  email: 'Your e-mail address',
  start: 'Start',
  write: 'Write a message',
  send: 'Send',
  attach: 'Send a file',
  you: 'You',
  us: 'Support',
  sending: 'Sending…',
  waits: 'Not sent yet',
  failed: 'Not sent',
  remove: 'Remove',
  types: (name: string) => `${name} is writing…`,
  fileFailed: 'The file could not be sent.',
  kept: (unknown: string, customer: string) =>
    `What you write here is kept for ${unknown}; if you are a customer, for as long as you are one and ${customer} after. With it: the files you send, and the name and address you give.`,
  years: (count: number) => (count === 1 ? 'one year' : `${count} years`),
  months: (count: number) => (count === 1 ? 'one month' : `${count} months`),
  days: (count: number) => (count === 1 ? 'one day' : `${count} days`),
};

const fi: typeof en = {
  open: 'Keskustele kanssamme',
  close: 'Sulje keskustelu',
  unread: count => (count === 1 ? '1 uusi viesti' : `${count} uutta viestiä`),
  here: 'Olemme paikalla',
  later: 'Vastaamme heti kun voimme',
  offline: 'Ei yhteyttä. Viestisi lähetetään, kun yhteys palaa.',
  connecting: 'Yhdistetään…',
  closed: 'Keskustelua ei voi nyt avata.',
  paused: 'Keskustelu on nyt suljettu.',
  ask: 'Ennen kuin aloitamme',
  name: 'Nimesi',
  nameMissing: 'Kirjoita nimesi.',
  email: 'Sähköpostiosoitteesi',
  start: 'Aloita',
  write: 'Kirjoita viesti',
  send: 'Lähetä',
  attach: 'Lähetä tiedosto',
  you: 'Sinä',
  us: 'Asiakaspalvelu',
  sending: 'Lähetetään…',
  waits: 'Ei vielä lähetetty',
  failed: 'Ei lähetetty',
  remove: 'Poista',
  types: name => `${name} kirjoittaa…`,
  fileFailed: 'Tiedostoa ei voitu lähettää.',
  kept: (unknown, customer) =>
    `Viestisi säilytetään: ${unknown}; asiakkaiden viestit asiakkuuden ajan ja sen jälkeen ${customer}. Samoin lähettämäsi tiedostot sekä antamasi nimi ja osoite.`,
  years: count => (count === 1 ? 'yksi vuosi' : `${count} vuotta`),
  months: count => (count === 1 ? 'yksi kuukausi' : `${count} kuukautta`),
  days: count => (count === 1 ? 'yksi päivä' : `${count} päivää`),
};

/** The texts of one language. */
export type Words = typeof en;

/** The texts for a language tag (BCP 47): Finnish, else English. */
export const wordsFor = (language: string): Words => (language.toLowerCase().startsWith('fi') ? fi : en);

/** An ISO 8601 duration of one unit ('P5Y') in words; others unchanged. */
export const periodIn = (words: Words, period: string): string => {
  const [, count, unit] = /^P(\d+)([YMD])$/.exec(period) ?? [];
  if (unit === 'Y') return words.years(Number(count));
  if (unit === 'M') return words.months(Number(count));
  return unit === 'D' ? words.days(Number(count)) : period;
};
