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

  it('a caller’s name is read whether it was written in UTF-8 or not', async () => {
    for (const name of ['P%C3%A4ivi%20M%C3%A4kel%C3%A4', 'P%E4ivi%20M%E4kel%E4'])
      expect((await read(leg(A, {}, { caller_id_name: name }))).items[0]?.participants[0]?.name).to.equal(
        'Päivi Mäkelä',
      );
  });

  it('the far side of a loopback is of the call that went into it', async () => {
    const { items } = await read(
      leg(A, { call_uuid: A, direction: 'inbound' }),
      leg(B, { call_uuid: B, direction: 'inbound', is_loopback: '1', other_loopback_from_uuid: A }),
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

  describe('of which the switch placed the first, to one of ours (click-to-dial)', () => {
    const customer = '0401234567';
    const originatee = (number: string) => ({
      originatee: { originatee_caller_profiles: [{ destination_number: number, uuid: B }] },
    });
    const first = (caller: string, called: object) =>
      leg(
        A,
        { call_uuid: A, direction: 'outbound' },
        { caller_id_number: caller, destination_number: '100', ...called },
      );
    const told = async (...legs: object[]) => {
      const [one] = (await read(...legs)).items;
      return [
        one?.direction,
        ...(one?.participants ?? []).map(({ role, identifier: { value } }) => `${role} ${value}`),
      ];
    };

    it('it is outbound, by the number that was called then, whoever is said to call', async () => {
      for (const caller of ['0000000000', '0931570000', '100', customer])
        expect(await told(first(caller, originatee(customer))), caller).to.eql([
          'outbound',
          'from 100',
          'to +358401234567',
        ]);
    });

    it('or by the caller’s where that isn’t told, and with its other leg', async () => {
      const a = first(customer, { originatee: {} });
      expect(await told(a)).to.eql(['outbound', 'from 100', 'to +358401234567']);
      const b = leg(
        B,
        { call_uuid: A, originator: A, direction: 'outbound', start_epoch: '1795161605' },
        { caller_id_number: '0000000000', destination_number: customer },
      );
      const { details, summary } = onlyCall((await read(first('0000000000', { originatee: {} }), b)).items);
      expect(details.call.legs.map(({ direction }) => direction)).to.eql(['internal', 'outbound']);
      expect(summary).to.equal('No answer');
    });

    it('it is internal to a colleague; one who called nobody was called', async () => {
      expect(await told(first('0000000000', originatee('200')))).to.eql(['internal', 'from 100', 'to 200']);
      expect(await told(first(customer, {}))).to.eql(['inbound', 'from +358401234567', 'to 100']);
    });

    it('one that it placed to somebody outside goes to them', async () => {
      const called = { caller_id_number: '0931570000', destination_number: customer, ...originatee('100') };
      expect(await told(leg(A, { call_uuid: A, direction: 'outbound' }, called))).to.eql([
        'outbound',
        'from +358931570000',
        'to +358401234567',
      ]);
    });
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
