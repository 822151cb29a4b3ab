import type { Lang, Organisation } from '../types.ts';

export const OWN_DOMAIN = 'varaamo.example';
export const SUPPORT_ADDRESS = `tuki@${OWN_DOMAIN}`;

const organisation = (
  externalId: string,
  name: string,
  domains: string[],
  lang: Lang,
  address: string,
  startedDaysAgo: number,
  more: Partial<Organisation> = {},
): Organisation => ({
  externalId,
  name,
  domains,
  lang,
  address,
  startedDaysAgo,
  zone: { fi: 2, sv: 1, en: 0 }[lang],
  ...more,
});

/** The customers: towns, universities and companies, none of them real. */
export const organisations: readonly Organisation[] = [
  organisation('O-01', 'Kaislaniemen kaupunki', ['kaislaniemi.example'], 'fi', 'Torikatu 4, 99010 Kaislaniemi', 3100, {
    disclaimer: true,
  }),
  organisation('O-02', 'Hietasuon kunta', ['hietasuo.example'], 'fi', 'Kuntatie 1, 99120 Hietasuo', 2400),
  organisation(
    'O-03',
    'Tunturilahden yliopisto',
    ['tunturilahti.example', 'yo.tunturilahti.example'],
    'fi',
    'Yliopistonranta 12, 99230 Tunturilahti',
    2900,
    {
      disclaimer: true,
    },
  ),
  organisation(
    'O-04',
    'Järvikylän Jäähalli Oy',
    ['jarvikylanjaahalli.example'],
    'fi',
    'Halliraitti 7, 99340 Järvikylä',
    1700,
  ),
  organisation(
    'O-05',
    'Koskenrannan Liikuntakeskus Oy',
    ['koskenranta.example'],
    'fi',
    'Myllytie 22, 99450 Koskenranta',
    1500,
  ),
  organisation(
    'O-06',
    'Louhivaaran Kuljetus Oy',
    ['louhivaarankuljetus.example'],
    'fi',
    'Varikkotie 3, 99560 Louhivaara',
    2650,
    {
      endedDaysAgo: 425,
    },
  ),
  organisation('O-07', 'Sundbacka stad', ['sundbacka.example'], 'sv', 'Strandgatan 9, 99670 Sundbacka', 2200, {
    zone: 2,
    disclaimer: true,
  }),
  organisation('O-08', 'Björkvikens kommun', ['bjorkviken.example'], 'sv', 'Kommunalvägen 2, 999 10 Björkviken', 1900, {
    disclaimer: true,
  }),
  organisation(
    'O-09',
    'Skärgårdens Konferens AB',
    ['skargardskonferens.example'],
    'sv',
    'Hamnplan 5, 999 21 Granholmen',
    1300,
  ),
  organisation(
    'O-10',
    'Åsheda universitet',
    ['asheda-universitet.example'],
    'sv',
    'Akademigatan 1, 999 32 Åsheda',
    2050,
  ),
  organisation(
    'O-11',
    'University of Northmere',
    ['northmere.example', 'estates.northmere.example'],
    'en',
    'College Road, Northmere NM1 4AA',
    1650,
    {
      disclaimer: true,
    },
  ),
  organisation(
    'O-12',
    'Harlow & Pyke Facilities Ltd',
    ['harlowpyke.example'],
    'en',
    '18 Quay Street, Eastmoor EM2 7QQ',
    1100,
  ),
];
