import { expect } from 'chai';
import { z } from 'zod';
import { configSchema, secrets } from '../../connectors/email/imap/config.ts';
import { configOf, fieldsOf, valuesOf } from '../../web/connections/schema.ts';

describe('the form of a connection', () => {
  const schema = z.toJSONSchema(configSchema, { io: 'input' });
  const fields = fieldsOf({ schema, secrets: [...secrets] });
  const field = (path: string) => fields.find(other => other.path === path);

  it("has a field for everything in the connector's schema", () => {
    expect(field('host')).to.include({ kind: 'text', required: true, main: true, label: 'Host' });
    expect(field('port')).to.include({ kind: 'number', required: false, main: true });
    expect(field('security')).to.deep.include({ kind: 'choice', choices: ['tls', 'starttls', 'none'], usual: 'tls' });
    expect(field('password')).to.include({ kind: 'secret', main: true });
    expect(field('oauth2.refreshToken')).to.include({ kind: 'secret', main: false });
    expect(field('folders')).to.include({ kind: 'list', main: false });
    expect(field('since')).to.include({ kind: 'date', main: false });
  });

  it('shows at once what its setting says, whatever its kind', () => {
    const said = z.object({
      ...Object.fromEntries([1, 2, 3, 4, 5].map(n => [`text${n}`, z.string().optional()])),
      region: z.string().optional().meta({ main: true }),
      pause: z.number().optional().meta({ main: false }),
    });
    const made = fieldsOf({ schema: z.toJSONSchema(said, { io: 'input' }), secrets: [] });
    expect(made.filter(({ main }) => main).map(({ path }) => path)).to.deep.equal(['region']);
  });

  it('makes a config that the connector takes, without what was left empty', () => {
    const values = {
      ...valuesOf(fields, {}),
      host: ' imap.example.org ',
      user: 'tuki',
      password: ' secret ',
      port: '143',
      folders: 'INBOX\n\n Sent ',
    };
    const config = configOf(fields, values);
    expect(config).to.deep.equal({
      host: 'imap.example.org',
      port: 143,
      security: 'tls',
      user: 'tuki',
      password: ' secret ',
      folders: ['INBOX', 'Sent'],
    });
    expect(configSchema.safeParse(config).success).to.equal(true);
  });

  it('clears what is emptied, keeps a secret that is not touched', () => {
    const saved = { host: 'a', port: 993, security: 'tls', user: 'b', since: '2024-01-01' };
    const values = { ...valuesOf(fields, saved), since: '' };
    const config = configOf(fields, values, { config: saved, secrets: ['password'] });
    expect(config).to.include({ since: null, host: 'a', port: 993 });
    expect(config).not.to.have.property('password');
    expect(config).not.to.have.property('oauth2');
  });

  describe('of what is saved', () => {
    const config = { host: 'a', user: 'b', oauth2: { clientId: 'c', tokenUrl: 'https://login.example/token' } };
    const saved = { config, secrets: ['password', 'oauth2.refreshToken'] };
    const values = valuesOf(fields, config);

    it('takes a secret away that is removed', () => {
      expect(configOf(fields, { ...values, password: null }, saved)).to.deep.include({ password: null, host: 'a' });
    });

    it('takes away as a whole what has nothing left in it', () => {
      const emptied = { ...values, 'oauth2.clientId': '', 'oauth2.tokenUrl': '' };
      expect(configOf(fields, emptied, saved).oauth2).to.deep.equal({ clientId: null, tokenUrl: null });
      expect(configOf(fields, { ...emptied, 'oauth2.refreshToken': null }, saved).oauth2).to.equal(null);
    });

    it('says only what was changed', () => {
      const changed = fields.filter(({ path }) => path === 'password');
      expect(configOf(fields, { ...values, password: null }, saved, changed)).to.deep.equal({ password: null });
    });
  });

  it('puts the parts of OAuth 2.0 where they belong', () => {
    const values = {
      ...valuesOf(fields, {}),
      host: 'a',
      user: 'b',
      'oauth2.clientId': 'c',
      'oauth2.refreshToken': 'r',
      'oauth2.tokenUrl': 'https://login.example/token',
    };
    const config = configOf(fields, values);
    expect(config.oauth2).to.deep.equal({ clientId: 'c', refreshToken: 'r', tokenUrl: 'https://login.example/token' });
    expect(configSchema.safeParse(config).success).to.equal(true);
  });
});
