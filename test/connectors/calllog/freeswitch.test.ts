import { expect } from 'chai';
import { contextOf } from '../../../connectors/calllog/context.ts';
import { freeswitchCdr } from '../../../connectors/calllog/dialects/freeswitch.ts';
import { freeswitchDocuments } from '../../../connectors/calllog/dialects/freeswitch-documents.ts';
import { makeRecordings } from '../../../connectors/calllog/files/recordings.ts';
import { emptyCall } from '../../../connectors/common/call.ts';
import { connector, importText, onlyCall } from './support.ts';

const CONFIG = {
  dialect: 'freeswitch',
  defaultCountry: 'FI',
  timezone: 'Europe/Helsinki',
  ownNumbers: ['+358931570000'],
};
const HUB = { country: 'FI', zone: 'Europe/Helsinki' };
const A = 'aaaaaaaa-0000-4000-8000-000000000001';
const B = 'bbbbbbbb-0000-4000-8000-000000000002';

const leg = (uuid: string, variables: object = {}, profile: object = {}) => ({
  variables: { uuid, start_epoch: '1795161600', duration: '60', ...variables },
  callflow: [
    { caller_profile: { caller_id_number: '0401234567', destination_number: '0931570000', uuid, ...profile } },
  ],
});
const read = (...legs: object[]) => importText(CONFIG, JSON.stringify(legs), { name: 'cdr.json' });

describe('calllog: legs of FreeSWITCH', () => {
  it('a leg that was called is its caller’s, also where its call_uuid is its own', async () => {
    const { items } = await read(
      leg(A, { call_uuid: A, direction: 'inbound', bridge_uuid: B }),
      leg(B, { call_uuid: B, originating_leg_uuid: A, originator: A, direction: 'outbound', bridge_uuid: A }),
    );
    expect(onlyCall(items).first.belongsToExternalId).to.equal(A);
  });

  it('a leg that the switch placed and that names itself is its own call', async () => {
    const { items } = await read(
      leg(A, { call_uuid: A, direction: 'outbound', bridge_uuid: B }),
      leg(B, { call_uuid: A, direction: 'outbound', bridge_uuid: A }),
    );
    expect(onlyCall(items).first.belongsToExternalId).to.equal(A);
  });

  it('a call began with its first leg, whichever was told of first', async () => {
    const later = (await read(leg(B, { call_uuid: A, start_epoch: '1795161780' }))).items[0];
    const first = (await read(leg(A, { call_uuid: A }))).items[0];
    if (!first || !later) throw new Error('Expected two legs.');
    for (const [one, other] of [
      [later, first],
      [first, later],
    ] as const) {
      const { details } = connector.fold?.(emptyCall(), one, 1) ?? {};
      expect(connector.fold?.(details, other, 1)).to.deep.include({ occurredAt: new Date('2026-11-20T08:00:00Z') });
    }
  });

  it('names its recording where only what was run in the call does', async () => {
    const path = '/var/lib/freeswitch/recordings/0401234567.2026-11-20-10-05-00.wav';
    const file = { name: '0401234567.2026-11-20-10-05-00.wav', path: '' };
    const applications = [
      { app_name: 'set', app_data: 'x=other.wav' },
      { app_name: 'record_session', app_data: path },
    ];
    const xml = `<cdr><app_log><application app_name="answer" app_data=""></application><application app_name="record" app_data="${encodeURIComponent(path)} 60 200"></application></app_log></cdr>`;
    for (const more of [
      { app_log: { applications } },
      freeswitchDocuments(xml)?.[0] as object,
      { variables: { ...leg(A).variables, last_app: 'record_session', last_arg: path } },
    ]) {
      const context = contextOf({ ...CONFIG, dialect: 'freeswitch' }, HUB);
      const cdr = freeswitchCdr({ ...leg(A), ...more }, context);
      expect(cdr.recordings).to.deep.equal([path]);
      expect(makeRecordings([file], context.clock).of(cdr)).to.deep.equal([file]);
    }
  });
});
