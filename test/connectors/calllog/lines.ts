/** A line as Asterisk writes it: text in quotes, numbers bare. */
export const csvLine = (fields: readonly (string | number)[]): string =>
  fields.map(field => (typeof field === 'number' ? String(field) : `"${field.replaceAll('"', '""')}"`)).join(',');

export interface Call {
  from?: string;
  clid?: string;
  to?: string;
  start?: string;
  answer?: string;
  end?: string;
  duration?: number;
  billsec?: number;
  disposition?: string;
  channel?: string;
  dstchannel?: string;
  lastapp?: string;
  lastdata?: string;
}

/** The 16 columns of every Master.csv. */
export const sixteen = ({
  from = '0401234567',
  clid = `"Päivi Mäkelä" <${from}>`,
  to = '0931570000',
  start = '2026-11-20 10:00:00',
  answer = '2026-11-20 10:00:05',
  end = '2026-11-20 10:01:00',
  duration = 60,
  billsec = 55,
  disposition = 'ANSWERED',
  channel = 'PJSIP/trunk-00000001',
  dstchannel = 'PJSIP/100-00000002',
  lastapp = 'Dial',
  lastdata = 'PJSIP/100,30',
}: Call): (string | number)[] => [
  ...['', from, to, 'from-trunk', clid, channel, dstchannel, lastapp, lastdata],
  ...[start, answer, end, duration, billsec, disposition, 'DOCUMENTATION'],
];

export const eighteen = (call: Call, uniqueid: string, userfield = ''): string =>
  csvLine([...sixteen(call), uniqueid, userfield]);

export const twentyOne = (call: Call, uniqueid: string, linkedid: string, sequence: number, userfield = ''): string =>
  csvLine([...sixteen(call), uniqueid, userfield, '', linkedid, sequence]);

/** A WAVE file of silence, 8 kHz, 16 bits. */
export const wave = (seconds: number, channels = 1): Buffer => {
  const size = seconds * 8000 * 2 * channels;
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + size, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(16_000 * channels, 28);
  head.writeUInt16LE(2 * channels, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(size, 40);
  return Buffer.concat([head, Buffer.alloc(size)]);
};
