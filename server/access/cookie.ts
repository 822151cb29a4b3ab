export const SESSION_COOKIE = 'talteen_session';

/** The value of one cookie of a Cookie header (RFC 6265 5.4), as it stands; ours needs no decoding. */
export const readCookie = (header: string | undefined, name: string): string | null => {
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim() || null;
  }
  return null;
};
