import { expect } from 'chai';
import { Webhook } from 'standardwebhooks';
import { configSchema } from '../../../connectors/webhook/config.ts';
import { verify } from '../../../connectors/webhook/verify.ts';

const NEW = `whsec_${Buffer.from('the newest secret, 24 b.').toString('base64')}`;
const OLD = `whsec_${Buffer.from('the secret before, 24 b.').toString('base64')}`;
const GONE = `whsec_${Buffer.from('one that was taken away.').toString('base64')}`;
const BODY = Buffer.from('{"text":"Hyvää päivää €"}');

/** Signed by the reference implementation. */
const signed = (secret: string, { at = new Date(), id = 'msg_1', body = BODY } = {}) => ({
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
  'webhook-signature': new Webhook(secret).sign(id, at, body.toString()),
});

const check = (headers: Record<string, string | string[] | undefined>, body: Uint8Array = BODY, secrets = [NEW, OLD]) =>
  verify(secrets, headers, body, Math.floor(Date.now() / 1000));
const minutes = (n: number) => new Date(Date.now() + n * 60_000);

describe('webhook: Standard Webhooks', () => {
  it('takes what the reference implementation signs, by any of the secrets, with or without prefix', () => {
    check(signed(NEW));
    check(signed(OLD));
    check(signed(NEW), BODY, [NEW.slice('whsec_'.length)]);
    const both = `${signed(GONE)['webhook-signature']} ${signed(OLD)['webhook-signature']}`;
    check({ ...signed(OLD), 'webhook-signature': both });
    check(signed(NEW, { at: minutes(-4) }));
  });

  it('refuses a secret that was taken away, a changed or trimmed body, and headers that are others', () => {
    const wrong: [Record<string, string | string[] | undefined>, Uint8Array?][] = [
      [signed(GONE)],
      [signed(NEW), BODY.subarray(0, -1)],
      [signed(NEW), Buffer.concat([BODY, Buffer.from(' ')])],
      [{ ...signed(NEW), 'webhook-id': 'msg_2' }],
      [{ ...signed(NEW), 'webhook-timestamp': String(Math.floor(Date.now() / 1000) + 1) }],
      [{ ...signed(NEW), 'webhook-signature': signed(NEW)['webhook-signature'].replace('v1,', 'v2,') }],
      [{ ...signed(NEW), 'webhook-signature': 'v1,' }],
      [{ ...signed(NEW), 'webhook-signature': ' ' }],
      [{ ...signed(NEW), 'webhook-timestamp': '1e9' }],
      [{ ...signed(NEW), 'webhook-id': undefined }],
      [{ ...signed(NEW), 'webhook-id': ['msg_1', 'msg_1'] }],
    ];
    for (const [headers, body] of wrong) expect(() => check(headers, body), JSON.stringify(headers)).to.throw();
    expect(() => check(signed(NEW), BODY, [])).to.throw('no secret');
  });

  it('refuses what was signed over five minutes ago, or that far ahead', () => {
    expect(() => check(signed(NEW, { at: minutes(-5.1) }))).to.throw('more than five minutes ago');
    expect(() => check(signed(NEW, { at: minutes(5.1) }))).to.throw('ahead');
  });

  it('signs the bytes: what is no UTF-8 has a signature of its own', () => {
    const at = new Date();
    const replaced = Buffer.from('"\ufffd"');
    expect(() => check(signed(NEW, { at, body: replaced }), Buffer.from([0x22, 0xff, 0x22]))).to.throw('wrong');
  });

  it('takes secrets as a list or in one line, and no short or odd ones', () => {
    expect(configSchema.parse({ secrets: [NEW, OLD] }).secrets).to.eql([NEW, OLD]);
    expect(configSchema.parse({ secrets: `${NEW}  ${OLD}` }).secrets).to.eql([NEW, OLD]);
    expect(configSchema.parse({}).secrets).to.eql([]);
    for (const secrets of [['whsec_c2hvcnQ='], ['not base64!'], [7], 'whsec_'])
      expect(configSchema.safeParse({ secrets }).success, String(secrets)).to.equal(false);
  });
});
