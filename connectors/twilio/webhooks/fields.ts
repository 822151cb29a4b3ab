import type { Params } from './verify.ts';

/** A signed request in which a field is missing or can't be read. */
export class WrongShape extends Error {
  readonly field: string;
  constructor(field: string, detail: string) {
    super(detail);
    this.name = 'WrongShape';
    this.field = field;
  }
}

/** Longest value of a field that isn't a text. */
const LONGEST = 1000;

/** Readers for the parameters of a request. The first value of a repeated parameter counts; an empty one counts as missing. They throw WrongShape. */
export const fieldsOf = (params: Params) => {
  /** a value of any length */
  const text = (name: string): string | undefined => {
    const value = params[name];
    return (Array.isArray(value) ? value[0] : value) || undefined;
  };
  const optional = (name: string): string | undefined => {
    const value = text(name);
    if (value !== undefined && value.length > LONGEST)
      throw new WrongShape(name, `it is longer than ${LONGEST} characters`);
    return value;
  };
  const sid = (name: string): string | undefined => {
    const value = optional(name);
    if (value !== undefined && !/^\w{2,64}$/.test(value)) throw new WrongShape(name, 'it is no SID');
    return value;
  };
  const needed = <T>(name: string, value: T | undefined): T => {
    if (value === undefined) throw new WrongShape(name, 'it is missing');
    return value;
  };
  /** undefined for a negative number, which stands for "unknown": a recording under way is -1 seconds long */
  const number = (name: string): number | undefined => {
    const value = optional(name);
    if (value === undefined) return undefined;
    if (!/^-?\d{1,9}$/.test(value)) throw new WrongShape(name, 'it is no number');
    return Number(value) < 0 ? undefined : Number(value);
  };
  const time = (name: string): Date | undefined => {
    const at = new Date(optional(name) ?? '');
    return Number.isNaN(at.getTime()) ? undefined : at;
  };
  return {
    text,
    optional,
    number,
    time,
    sid,
    neededSid: (name: string) => needed(name, sid(name)),
    needed: (name: string) => needed(name, optional(name)),
  };
};
export type Fields = ReturnType<typeof fieldsOf>;

/** The fields of a JSON body as parameters; null when it is no object. */
export const paramsOfJson = (value: unknown): Params | null => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const entries = Object.entries(value).flatMap(([name, field]): [string, string][] => {
    if (field === null || field === undefined) return [];
    return [[name, typeof field === 'object' ? JSON.stringify(field) : String(field)]];
  });
  return Object.assign(Object.create(null), Object.fromEntries(entries));
};
