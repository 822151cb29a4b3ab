const plural = new Intl.PluralRules('en');
/** '1 file', '2 files' */
export const n = (count: number, one: string, many: string) =>
  `${count.toLocaleString('en')} ${plural.select(count) === 'one' ? one : many}`;
