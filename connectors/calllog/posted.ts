const isDocument = (text: string): boolean => /^\uFEFF?\s*[<{[]/.test(text);

const unescaped = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
};

/** Decodes base64 in which url-decoding has turned `+` into a space. */
const fromBase64 = (text: string): string => Buffer.from(text.replaceAll(' ', '+').trim(), 'base64').toString('utf8');

/**
 * The document in a body that FreeSWITCH posts, depending on `encode` in its configuration: as it is, or in a field `cdr=` as it is, url-encoded or in base64.
 * Null when there is none. A document that isn't encoded is taken literally: an `&` in it doesn't begin another field, and a `+` is no space.
 */
export const documentOf = (text: string): string | null => {
  const rest = text.replace(/^\uFEFF?\s*cdr=/, '');
  if (isDocument(rest)) return rest;
  const field = text.split('&').find(part => part.startsWith('cdr='));
  const value = (field ?? text).replace(/^cdr=/, '');
  const forms = [unescaped(value), fromBase64(unescaped(value))];
  return forms.find(isDocument) ?? null;
};
