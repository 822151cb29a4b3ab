import { expect } from 'chai';
import { makeWebhookConnector } from '../../../connectors/webhook/index.ts';
import { splitSecrets, withSecrets } from '../../../server/accounts/secrets.ts';

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
});
