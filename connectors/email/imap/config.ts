import { z } from 'zod';

const isDate = (value: string) => /^\d{4}-\d{2}-\d{2}/.test(value) && !Number.isNaN(Date.parse(value));

const oauth2 = z.object({
  clientId: z.string().min(1),
  clientSecret: z.string().optional(),
  refreshToken: z.string().min(1),
  tokenUrl: z.url({ protocol: /^https?$/ }),
  scope: z.string().optional(),
});

/** Config of a mailbox (DESIGN 10). Without `port`: 993 with TLS, else 143. */
export const configSchema = z
  .object({
    host: z.string().trim().min(1).meta({ title: 'Host' }),
    port: z.coerce.number().int().min(1).max(65535).optional().meta({ title: 'Port' }),
    security: z.enum(['tls', 'starttls', 'none']).default('tls').meta({ title: 'Security' }),
    user: z.string().min(1).meta({ title: 'User' }),
    password: z.string().min(1).nullish().meta({ title: 'Password' }),
    oauth2: oauth2.nullish().meta({ title: 'OAuth 2.0' }),
    folders: z
      .array(z.string().min(1))
      .nullish()
      .meta({ title: 'Folders', description: 'None: all but Trash, Junk and Drafts' }),
    since: z
      .string()
      .refine(isDate, 'not a date')
      .nullish()
      .meta({ title: 'Since', description: 'Mail that arrived before this day is left out' }),
    addresses: z
      .array(z.string().min(1))
      .nullish()
      .meta({ title: 'Our addresses', description: 'None: the user, when that is an address' }),
    tls: z
      .object({
        ca: z.string().optional().meta({ title: 'CA certificate (PEM)' }),
        servername: z.string().optional().meta({ title: 'Name in the certificate' }),
      })
      .nullish()
      .meta({ title: 'TLS' }),
  })
  .refine(config => !!config.password || !!config.oauth2, {
    path: ['password'],
    message: 'a password or OAuth 2.0 is needed',
  });

export type EmailConfig = z.output<typeof configSchema>;

/** See `Connector.secrets`. */
export const secrets = ['password', 'oauth2.clientSecret', 'oauth2.refreshToken'] as const;

const server = ['host', 'security', 'tls.ca', 'tls.servername'] as const;
/** See `Connector.secretsGoTo`. The access tokens that a refresh token gives go to the mail server. */
export const secretsGoTo = {
  password: server,
  'oauth2.clientSecret': ['oauth2.tokenUrl'],
  'oauth2.refreshToken': ['oauth2.tokenUrl', ...server],
} as const;

/** The configured port, else 993 with TLS and 143 without. */
export const portOf = ({ port, security }: EmailConfig): number => port ?? (security === 'tls' ? 993 : 143);

/** Our own addresses by this config: those it lists, else the user when that is an address. */
export const addressesOf = ({ addresses, user }: EmailConfig): string[] => {
  if (addresses?.length) return addresses;
  return user.includes('@') ? [user] : [];
};
