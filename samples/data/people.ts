import type { Client, Lang, Person } from '../types.ts';
import { OWN_DOMAIN } from './organisations.ts';

/** Organisation, first and last name, title, mail program; the order is that of how much they write. */
export const contactRows: readonly (readonly [string, string, string, string, Client])[] = [
  ['O-01', 'Marja', 'Korpela', 'varaussihteeri', 'outlook'],
  ['O-04', 'Jouni', 'Hirvelä', 'hallimestari', 'thunderbird'],
  ['O-08', 'Karin', 'Åkerlund', 'bokningsansvarig', 'outlook'],
  ['O-11', 'Eleanor', 'Whitcombe', 'Timetabling Manager', 'outlook'],
  ['O-03', 'Päivi', 'Särkiö', 'tilapalvelupäällikkö', 'outlook'],
  ['O-05', 'Sami', 'Räihä', 'toimitusjohtaja', 'gmail'],
  ['O-09', 'Göran', 'Lindfors', 'VD', 'apple'],
  ['O-12', 'Tomasz', 'Wiśniewski', 'Operations Lead', 'gmail'],
  ['O-02', 'Hannele', 'Mäkiö', 'vapaa-aikasihteeri', 'legacy'],
  ['O-07', 'Susanna', 'Nyholm', 'idrottssekreterare', 'outlook'],
  ['O-01', 'Veikko', 'Ylitalo', 'liikuntapaikkamestari', 'legacy'],
  ['O-10', 'Bengt-Åke', 'Sjöholm', 'lokalplanerare', 'thunderbird'],
  ['O-03', 'Riku', 'Tammela', 'järjestelmäasiantuntija', 'thunderbird'],
  ['O-11', 'Oluwaseun', 'Adeyemi', 'Systems Developer', 'gmail'],
  ['O-06', 'Pirjo', 'Kivelä', 'kalustosuunnittelija', 'outlook'],
  ['O-05', 'Noora', 'Väänänen', 'asiakaspalvelija', 'apple'],
  ['O-08', 'Mats', 'Öberg', 'IT-samordnare', 'outlook'],
  ['O-12', 'Siobhán', "O'Keeffe", 'Office Manager', 'apple'],
  ['O-04', 'Tiina', 'Lähde', 'toimistosihteeri', 'gmail'],
  ['O-09', 'Emelie', 'Sandqvist', 'konferensvärd', 'gmail'],
  ['O-02', 'Antti', 'Peräjoki', 'tekninen johtaja', 'outlook'],
  ['O-07', 'Kaj', 'Westerback', 'fastighetsskötare', 'legacy'],
  ['O-01', 'Leena', 'Hyytiä', 'taloussihteeri', 'outlook'],
  ['O-10', 'Annika', 'Fältström', 'schemaläggare', 'outlook'],
  ['O-11', 'Margaret', 'Hollis-Grey', 'Finance Officer', 'outlook'],
  ['O-03', 'Mirjami', 'Ketola', 'opintosihteeri', 'gmail'],
  ['O-06', 'Esa', 'Nurmio', 'ajojärjestelijä', 'legacy'],
  ['O-12', 'Dev', 'Raghunathan', 'Analyst', 'thunderbird'],
  ['O-05', 'Kalle', 'Ojaranta', 'valmentaja', 'apple'],
  ['O-08', 'Ingrid', 'Häggblom', 'ekonom', 'outlook'],
  ['O-07', 'Petra', 'Kronqvist', 'kultursekreterare', 'gmail'],
  ['O-02', 'Sirkka-Liisa', 'Törmänen', 'kirjastonhoitaja', 'legacy'],
  ['O-09', 'Fredrik', 'Ahlgren', 'ekonomiansvarig', 'outlook'],
  ['O-11', 'Callum', 'Brackenridge', 'Sports Centre Duty Manager', 'apple'],
  ['O-01', 'Jukka', 'Sarvela', 'tietohallintopäällikkö', 'thunderbird'],
  ['O-10', 'Leyla', 'Demirci', 'systemförvaltare', 'thunderbird'],
  ['O-04', 'Markku', 'Uusi-Rauva', 'hallituksen puheenjohtaja', 'gmail'],
  ['O-12', 'Philippa', 'Stannard', 'Accounts Assistant', 'outlook'],
  ['O-03', 'Olavi', 'Haapoja', 'suunnittelija', 'legacy'],
  ['O-02', 'Katri', 'Vesala', 'nuorisotyöntekijä', 'gmail'],
];

/** Rows of `contactRows` whose own relationship ended: days before now. */
export const endedContacts: ReadonlyMap<string, number> = new Map([
  ['Haapoja', 1096],
  ['Öberg', 150],
]);

/** Those who also write from another address. */
export const secondAddresses: ReadonlyMap<string, string> = new Map([
  ['Särkiö', 'paivi.sarkio@yo.tunturilahti.example'],
  ['Räihä', 'sami.raiha@postilaatikko.example'],
  ['Adeyemi', 'o.adeyemi@estates.northmere.example'],
  ['Lindfors', 'goran@brevduva.example'],
]);

const agent = (first: string, last: string, local: string, title: string, lang: Lang, client: Client): Person => ({
  first,
  last,
  email: `${local}@${OWN_DOMAIN}`,
  title,
  lang,
  client,
  zone: 2,
});

/** The desk: who answers in which language. */
export const agents: readonly Person[] = [
  agent('Aino', 'Leppäniemi', 'aino.leppaniemi', 'asiakastuki', 'fi', 'outlook'),
  agent('Mikael', 'Sandvik', 'mikael.sandvik', 'kundsupport', 'sv', 'thunderbird'),
  agent('Ruth', 'Calder', 'ruth.calder', 'Customer Support', 'en', 'gmail'),
];

const stranger = (first: string, last: string, email: string, lang: Lang, client: Client): Person => ({
  first,
  last,
  email,
  title: '',
  lang,
  client,
  zone: { fi: 2, sv: 1, en: 0 }[lang],
});

/** Senders that no register holds: private post, a prospect, a newcomer at a known organisation. */
export const strangers: readonly Person[] = [
  stranger('Tuomo', 'Halkosaari', 'tuomo.halkosaari@postilaatikko.example', 'fi', 'gmail'),
  stranger('Clara', 'Vinterhed', 'clara@vinterhed-yoga.example', 'sv', 'apple'),
  stranger('Jasper', 'Quill', 'jasper.quill@northmere.example', 'en', 'outlook'),
];

/** Who writes for the first time while one watches. */
export const newcomer: Person = stranger('Nea', 'Rautalahti', 'nea.rautalahti@postilaatikko.example', 'fi', 'gmail');
