import type { Lang } from '../types.ts';

/** What people say besides mail; {slots} are filled as in mails (facts.ts). */
export interface Sayings {
  /** a text message of a customer, and our answer */
  sms: readonly (readonly [string, string])[];
  /** text messages that we send by ourselves */
  notices: readonly string[];
  /** chats: the customer begins, then in turn */
  chats: readonly (readonly string[])[];
  /** calls: the desk answers, then in turn */
  calls: readonly (readonly string[])[];
  feedback: readonly string[];
}

const fi: Sayings = {
  sms: [
    [
      'Kuka pitää avaimia viikonloppuna? {room} pitäisi saada auki {date} klo {time}.',
      'Ovikoodi riittää: {code}. Se toimii {date} klo {time}–{time2}.',
    ],
    ['Myöhästymme vartin varauksesta {booking}. Pysyykö ovi auki?', 'Pysyy. Koodi toimii koko vuoron ajan.'],
    ['Unohdin takin paikkaan {room}. Voiko joku katsoa?', 'Takki löytyi, se on infossa. Hae se arkisin klo 8–16.'],
    ['Voiko vuoron {date} siirtää klo {time3}?', 'Siirretty: {room}, {date} klo {time3}–{time4}.'],
    [
      'Valot eivät syty paikassa {room}.',
      'Kiitos ilmoituksesta, huolto on tulossa. Varavalot saa päälle oven vierestä.',
    ],
  ],
  notices: [
    '{room}, {date} klo {time}–{time2}: ovikoodi {code}.',
    'Muistutus: varauksenne {booking} on huomenna klo {time}. Peruutus viimeistään tänään klo 18.',
    'Laskunne {invoice} erääntyy {date}. Summa {amount} €.',
  ],
  chats: [
    [
      'Hei! Keskiviikon vuorot näkyvät, mutta avainkoodi on vielä tiistain.',
      'Hei! Koodit uusiutuvat yöllä. Lähetän uuden heti tekstiviestinä.',
      'Kiitos, tuli perille.',
      'Hienoa. Mukavaa vuoroa!',
    ],
    [
      'Miten saan kalenterin tilattua Outlookiin?',
      'Avaa Omat varaukset ja valitse Tilaa kalenteri. Liitä osoite Outlookiin kohtaan Lisää internetistä.',
      'Löytyi. Päivittyykö se itsestään?',
      'Kyllä, noin tunnin välein.',
      'Mainiota, kiitos!',
    ],
    [
      'Järjestelmä näyttää virheen {error}, kun yritän varata paikkaa {room}.',
      'Näen sen. Sarjavarauksessa on päällekkäinen vuoro {date}. Poistanko sen?',
      'Kyllä kiitos.',
      'Tehty. Kokeile uudestaan.',
      'Nyt toimii.',
    ],
  ],
  calls: [
    [
      'Varaamo, Aino puhelimessa. Kuinka voin auttaa?',
      'Hei, ovikoodi toimii, mutta pukuhuone kakkonen on varattu päällekkäin.',
      'Näen sen. Vapautan vuoron ja lähetän vahvistuksen sähköpostilla.',
      'Kiitos, se riittää hyvin.',
      'Kiitos soitosta. Hei hei!',
    ],
    [
      'Varaamo, hei!',
      'Terve, meillä on hallissa pimeää eikä huolto vastaa.',
      'Soitan huoltoon ja soitan teille takaisin viiden minuutin päästä.',
      'Selvä, odotan.',
    ],
  ],
  feedback: [
    'Uusi kalenteri on selkeä, kiitos!',
    'Laskulla saisi näkyä varaajan nimi.',
    'Ovikoodi tuli tällä kertaa ajoissa.',
  ],
};

const sv: Sayings = {
  sms: [
    [
      'Vem har nyckeln i helgen? {room} ska öppnas {date} kl. {time}.',
      'Dörrkoden räcker: {code}. Den gäller {date} kl. {time}–{time2}.',
    ],
    ['Vi blir en kvart sena till bokning {booking}. Är dörren öppen?', 'Ja, koden gäller hela passet.'],
    ['Kan passet {date} flyttas till kl. {time3}?', 'Flyttat: {room}, {date} kl. {time3}–{time4}.'],
  ],
  notices: [
    '{room}, {date} kl. {time}–{time2}: dörrkod {code}.',
    'Påminnelse: er bokning {booking} är i morgon kl. {time}.',
  ],
  chats: [
    [
      'Hej! Varför ser jag inte passen för {month}?',
      'Hej! De publiceras den 15. Vill du ha en avisering?',
      'Ja tack.',
      'Klart, du får ett mejl.',
    ],
    [
      'Fakturan {invoice} har fel förfallodag.',
      'Det stämmer, den ska vara {date}. Jag skickar en ny.',
      'Tack för snabb hjälp!',
    ],
  ],
  calls: [
    [
      'Varaamo, Mikael, hur kan jag hjälpa till?',
      'Hej, vi kommer inte in. Koden fungerar inte.',
      'Jag ser att den gäller från klockan {time}. Jag öppnar åt er nu.',
      'Tack, nu gick den upp.',
      'Så bra. Hej då!',
    ],
  ],
  feedback: ['Bra att man kan flytta passen själv.', 'Appen är långsam på kvällarna.'],
};

const en: Sayings = {
  sms: [
    [
      'Who has the keys this weekend? We need {room} on {date} at {time}.',
      'The door code will do: {code}. It works on {date}, {time} to {time2}.',
    ],
    ['We are 15 minutes late for {booking}. Will the door stay open?', 'Yes, the code works for the whole session.'],
    ['Can we move {date} to {time3}?', 'Moved: {room}, {date}, {time3} to {time4}.'],
  ],
  notices: [
    '{room}, {date}, {time} to {time2}: door code {code}.',
    'Reminder: your booking {booking} is tomorrow at {time}.',
  ],
  chats: [
    [
      'Does the calendar export include cancelled sessions?',
      'Yes, marked as cancelled. You can leave them out under Export, Options.',
      'Found it, thanks!',
      'You are welcome.',
    ],
    [
      'The API returns {error} on series bookings since version {version}.',
      'Thanks. It is fixed in the next release. Until then send one booking at a time.',
      'That works for us.',
    ],
  ],
  calls: [
    [
      'Varaamo, Ruth speaking. How can I help?',
      'Hello, our invoice shows two bookings that we cancelled in time.',
      'Let me look. You are right, I will credit them today.',
      'Lovely, thank you.',
      'Thanks for calling. Bye!',
    ],
  ],
  feedback: ['Moving a series is finally easy.', 'Please let us sort the report by room.'],
};

export const sayings: Readonly<Record<Lang, Sayings>> = { fi, sv, en };
