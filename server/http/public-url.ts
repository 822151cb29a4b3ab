import type { Request } from 'express';

/** The address at which other systems reach the hub: TALTEEN_PUBLIC_URL, else that of this request. */
export const publicUrlOf = ({ publicUrl }: { publicUrl: string | undefined }, req: Request): string =>
  publicUrl ?? `${req.protocol}://${req.host}`;
