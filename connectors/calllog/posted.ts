const isDocument = (text: string): boolean => /^\uFEFF?\s*[<{[]/.test(text);

const unescaped = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
};

/** A `+` that was taken for a space is one again. */
const fromBase64 = (text: string): string => Buffer.from(text.replaceAll(' ', '+').trim(), 'base64').toString('utf8');

/**
 * The document in what FreeSWITCH posts, by its `encode`: as it stands, or `cdr=` with it as it stands, url-encoded or in base64. Null when there is none.
 * What stands there is taken as it is: an `&` in XML begins no other field, and a `+` is no space.
 */
export const documentOf = (text: string): string | null => {
  const rest = text.replace(/^\uFEFF?\s*cdr=/, '');
  if (isDocument(rest)) return rest;
  const field = text.split('&').find(part => part.startsWith('cdr='));
  const value = (field ?? text).replace(/^cdr=/, '');
  const forms = [unescaped(value), fromBase64(unescaped(value))];
  return forms.find(isDocument) ?? null;
};
