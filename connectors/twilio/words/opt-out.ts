import { cutName } from '../../common/cut.ts';

/** What a message asks Twilio for. */
export type OptOut = 'stop' | 'start' | 'help';

// Twilio's keywords. A keyword counts only when it is the whole message, in any case.
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

// These may also be an answer to a question. By SMS Twilio acts on them whatever was meant; on other channels, and for 'YES', only Twilio's own word counts.
const SMS_KEYWORDS: Record<string, OptOut> = { ...KEYWORDS, CANCEL: 'stop', END: 'stop', QUIT: 'stop', INFO: 'help' };

const WORDS: Record<OptOut, string> = {
  stop: 'wants no more messages',
  start: 'wants messages again',
  help: 'asks for help',
};

/** What a message asks Twilio for: by Twilio's `OptOutType`, else by its text; undefined when it asks for nothing. */
export const optOutOf = (body: string, channel: string, said?: string): OptOut | undefined => {
  const type = said?.toLowerCase();
  if (type === 'stop' || type === 'start' || type === 'help') return type;
  const keywords = channel === 'sms' ? SMS_KEYWORDS : KEYWORDS;
  const word = body.trim().toUpperCase();
  return Object.hasOwn(keywords, word) ? keywords[word] : undefined;
};

/** In words: 'STOP: wants no more messages'. */
export const optOutInWords = (body: string, optOut: OptOut): string => `${cutName(body.trim())}: ${WORDS[optOut]}`;
