import type { Lang, Phrases, Topic } from '../types.ts';
import { bookings as bookingsEn } from './en/bookings.ts';
import { phrases as phrasesEn } from './en/phrases.ts';
import { service as serviceEn } from './en/service.ts';
import { bookings as bookingsFi } from './fi/bookings.ts';
import { phrases as phrasesFi } from './fi/phrases.ts';
import { service as serviceFi } from './fi/service.ts';
import { bookings as bookingsSv } from './sv/bookings.ts';
import { phrases as phrasesSv } from './sv/phrases.ts';
import { service as serviceSv } from './sv/service.ts';

/** What customers and the desk write about. */
export const topics: Readonly<Record<Lang, readonly Topic[]>> = {
  fi: [...bookingsFi, ...serviceFi],
  sv: [...bookingsSv, ...serviceSv],
  en: [...bookingsEn, ...serviceEn],
};

export const phrases: Readonly<Record<Lang, Phrases>> = { fi: phrasesFi, sv: phrasesSv, en: phrasesEn };
