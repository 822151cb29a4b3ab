import { type Envelope, fields, transport } from '../envelope.ts';
import type { Context } from '../matter.ts';
import { type Entity, serialise } from '../mime/entity.ts';
import type { SampleMail } from '../types.ts';

export const UTF8 = { charset: 'utf-8', encoding: 'quoted-printable' } as const;
export const ASCII = { charset: 'us-ascii', encoding: '7bit' } as const;

/** A mail that comes in at the envelope's date; `zone` as in the envelope. */
export const arrive = (
  envelope: Omit<Envelope, 'zone'>,
  zone: number,
  entity: Entity,
  { random }: Context,
): SampleMail => ({
  folder: 'INBOX',
  date: envelope.date,
  raw: serialise(transport(envelope.from.email, envelope.date, random) + fields({ ...envelope, zone }, random), entity),
});
