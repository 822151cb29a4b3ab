import { MARKS } from '../marks.ts';
import type { Header } from './header.ts';

const IOS_FILE = /\u200e?<[^<>:\n]{2,30}?\s?:\s?([^<>/\\\n]+\.\w{1,8})>/g;
const ANDROID_FILE = /^\u200e?([^/\\\n]+\.\w{1,8}) \([^()\n]{3,40}\)$/;

/** Names of the files that a message says are attached. */
export const filesIn = (text: string): string[] => {
  const android = ANDROID_FILE.exec(text.split('\n', 1)[0] ?? '')?.[1];
  const ios = [...text.matchAll(IOS_FILE)].map(([, name = '']) => name.trim());
  return [...(android ? [android] : []), ...ios];
};

/** Whose lines keys are made of that were made when no more words were known. */
export const OMITTED =
  /omitted|weggelassen|ausgelassen|ausgeschlossen|jätetty pois|jätettiin pois|pois jätetty|ohitettu|omis|omitid|omess|absent|weggelaten|utelämna|utelat|udelad|pominięt|пропущен/i;
const LEFT_OUT =
  /ocult|revelad|exclu|ometid|omes|ignorat|без |вилучен|изключен|изостав|отсутств|dahil edilm|edilmədi|vynech|kihagy|hiányz|välja|jäetud|praleist|izlaist|izņemt|izostav|ispušt|izpušč|uten |utan |sleppt|παραλε|παραλή|tidak disertakan|dikecualikan|bỏ qua|省略|忽略|含まれて|생략|ไม่รวม|ละเว้น|استبعاد|مستبعد|حذف|הושמ|הוסר|छोड़|शामिल नहीं/i;

/** Android: '<Media omitted>' on the first line. */
const ANDROID_LEFT_OUT = /^\u200e?<([^<>:\n]{3,60})>(?=\n|$)/;
/** iOS: 'image omitted' behind a mark, at the end of a line. */
const IOS_LEFT_OUT = /\u200e([^\u200e:\n]{3,60})$/m;

const isLeftOut = (words: string | undefined): boolean =>
  words !== undefined && (OMITTED.test(words) || LEFT_OUT.test(words));

/** What stands for a file that was left out of the export; null: nothing does. */
const leftOutIn = (text: string, { isBracketed, isMarked }: Header): string | null => {
  const found = (isBracketed ? IOS_LEFT_OUT : ANDROID_LEFT_OUT).exec(text);
  return found && (isMarked || isLeftOut(found[1])) ? found[0] : null;
};

/** What was written with a file, whether it came along or was left out; null: there is none. It reads alike in both exports. */
export const captionOf = (text: string, header: Header, files: readonly string[]): string | null => {
  const leftOut = files.length > 0 ? null : leftOutIn(text, header);
  if (files.length === 0 && leftOut === null) return null;
  const [first = '', ...more] = text.split('\n');
  const others =
    leftOut === null ? [ANDROID_FILE.test(first) ? '' : first, ...more].join('\n') : text.replace(leftOut, '');
  return others.replace(IOS_FILE, '').replace(MARKS, '').normalize('NFC').replace(/\s+/g, ' ').trim();
};
