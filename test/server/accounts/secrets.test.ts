import { expect } from 'chai';
import type { Connector } from '../../../connectors/contract.ts';
import { makeTwilioConnector } from '../../../connectors/twilio/index.ts';
import { makeWebhookConnector } from '../../../connectors/webhook/index.ts';
import type { AccountDoc } from '../../../models/accounts.ts';
import { makeConfigs } from '../../../server/accounts/config.ts';
import { splitSecrets, withSecrets } from '../../../server/accounts/secrets.ts';
import type { FieldErrors } from '../../../server/errors.ts';

describe('accounts: what is a secret', () => {
  it('is nothing that is left empty', () => {
    const config = { secrets: [], password: '', oauth2: { refreshToken: null, clientId: 'c' }, user: 'tuki' };
    const { open, secrets } = splitSecrets(config, ['secrets', 'password', 'oauth2.refreshToken', 'none.such']);
    expect(secrets).to.deep.equal({});
    expect(open).to.deep.equal({ oauth2: { clientId: 'c' }, user: 'tuki' });
  });

  it('is there again in the config that its connector sees', () => {
    const config = { secrets: ['whsec_a', 'whsec_b'], password: 'p', oauth2: { refreshToken: 'r', clientId: 'c' } };
    const { open, secrets } = splitSecrets(config, ['secrets', 'password', 'oauth2.refreshToken']);
    expect(Object.keys(secrets)).to.deep.equal(['secrets', 'password', 'oauth2.refreshToken']);
    expect(withSecrets(open, secrets)).to.deep.equal(config);
  });

  it('is none of a webhook’s that posts by token only', () => {
    const { configSchema, secrets: paths } = makeWebhookConnector();
    const { open, secrets } = splitSecrets(configSchema.parse({}), paths);
    expect(secrets).to.deep.equal({});
    expect(configSchema.parse(open).secrets).to.deep.equal([]);
  });

  it('is given anew for another address of Twilio’s, the token before too', async () => {
    const twilio = makeTwilioConnector({ fetch: () => Promise.reject(new Error('nobody is asked')) });
    const kept = { authToken: 'a'.repeat(32), previousAuthToken: 'b'.repeat(32) };
    const { changed } = makeConfigs({
      connectors: new Map([['twilio', twilio as unknown as Connector]]),
      sealer: { seal: () => '', open: () => kept },
      country: 'FI',
      dataDir: '/nowhere',
    });
    const doc = { _id: 'a', connector: 'twilio', config: { accountSid: `AC${'1'.repeat(32)}` }, sealed: 'sealed' };
    const refused = (changes: object) =>
      changed(doc as unknown as AccountDoc, { apiUrl: 'https://evil.example', ...changes }, { accounts: null }).then(
        () => [],
        ({ errors }: FieldErrors) => errors.map(({ pointer }) => pointer),
      );
    expect(await refused({})).to.eql(['/config/authToken', '/config/previousAuthToken']);
    expect(await refused({ authToken: 'junk' })).to.eql(['/config/previousAuthToken']);
    expect(await refused({ authToken: 'junk', previousAuthToken: null })).to.eql([]);
  });
});
