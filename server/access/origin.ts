/** Our own Origin: the public one when it is set, else the host that the request itself names (a page of another site can't choose that). */
export const isOwnOrigin = (
  origin: string | undefined,
  host: string | undefined,
  publicUrl: string | undefined,
): boolean => {
  if (!origin || !URL.canParse(origin)) return false;
  return publicUrl === undefined ? new URL(origin).host === host?.toLowerCase() : origin === publicUrl;
};
