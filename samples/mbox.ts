import { mboxDate } from './clock.ts';
import { SUPPORT_ADDRESS } from './data/organisations.ts';
import type { SampleMail } from './types.ts';

/** A mail as an mbox holds it: LF, "From " lines quoted (mboxrd). */
export const mboxEntry = ({ raw, date }: Pick<SampleMail, 'raw' | 'date'>): Buffer => {
  const text = raw
    .toString('latin1')
    .replace(/\r\n/g, '\n')
    .replace(/^(>*From )/gm, '>$1');
  return Buffer.from(
    `From ${SUPPORT_ADDRESS} ${mboxDate(date)}\n${text}${text.endsWith('\n') ? '' : '\n'}\n`,
    'latin1',
  );
};
