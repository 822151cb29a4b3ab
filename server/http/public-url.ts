import type { Request } from 'express';

/** Where other systems reach us: TALTEEN_PUBLIC_URL, else the address that this request came to. */
export const publicUrlOf = ({ publicUrl }: { publicUrl: string | undefined }, req: Request): string =>
  publicUrl ?? `${req.protocol}://${req.host}`;
