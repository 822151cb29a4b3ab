/**
 * Numbers that stand for a withheld one: the words "anonymous", "restricted" and so on, typed on a telephone's keys. https://help.twilio.com/articles/223179988
 */
const STAND_INS = new Set(['+266696687', '+7378742833', '+2562533', '+86282452253', '+8656696', '+464']);

/** Whether a number (with its +) only stands for a withheld one. */
export const isStandIn = (number: string): boolean => STAND_INS.has(number.replace(/\s/g, ''));
