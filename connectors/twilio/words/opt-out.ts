import { cutName } from '../../common/cut.ts';

export type OptOut = 'stop' | 'start' | 'help';

// Twilio's own keywords: the whole message, in any case.
const KEYWORDS: Record<string, OptOut> = {
  STOP: 'stop',
  STOPALL: 'stop',
  UNSUBSCRIBE: 'stop',
  REVOKE: 'stop',
  OPTOUT: 'stop',
  START: 'start',
  UNSTOP: 'start',
  HELP: 'help',
};

// These may answer a question as well. By SMS Twilio acts on them whatever they were meant for; elsewhere, and 'YES', only when it says so.
const SMS_KEYWORDS: Record<string, OptOut> = { ...KEYWORDS, CANCEL: 'stop', END: 'stop', QUIT: 'stop', INFO: 'help' };

const WORDS: Record<OptOut, string> = {
  stop: 'wants no more messages',
  start: 'wants messages again',
  help: 'asks for help',
};

/** What a message asks Twilio for, by what Twilio says of it, else by its words. */
export const optOutOf = (body: string, channel: string, said?: string): OptOut | undefined => {
  const type = said?.toLowerCase();
  if (type === 'stop' || type === 'start' || type === 'help') return type;
  const keywords = channel === 'sms' ? SMS_KEYWORDS : KEYWORDS;
  const word = body.trim().toUpperCase();
  return Object.hasOwn(keywords, word) ? keywords[word] : undefined;
};

/** 'STOP: wants no more messages' */
export const optOutInWords = (body: string, optOut: OptOut): string => `${cutName(body.trim())}: ${WORDS[optOut]}`;
