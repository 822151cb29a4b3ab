import { expect } from 'chai';
import iconv from 'iconv-lite';
import { decodeText } from '../../../../connectors/email/parse/charset.ts';
import { head, hex, parse } from './mails.ts';

const body = (bytes: Buffer, charset?: string, type = 'text/plain') =>
  parse([
    ...head(`Content-Type: ${type}${charset ? `; charset=${charset}` : ''}`, 'Content-Transfer-Encoding: 8bit'),
    '',
    bytes,
  ]).text;

describe('charsets', () => {
  const cases: [string, string | undefined, Buffer, string][] = [
    ['windows-1252 said to be iso-8859-1', 'iso-8859-1', hex('93 61 94 20 80 20 e4'), '“a” € ä'],
    ['windows-1252 said to be us-ascii', 'us-ascii', hex('e4 e4 6e 69'), 'ääni'],
    ['cp949 as ks_c_5601-1987', 'ks_c_5601-1987', hex('8c 63 b9 e6 b0 a2 c7 cf'), '똠방각하'],
    ['cp949 by its own name', 'cp949', hex('8c 63 b9 e6'), '똠방'],
    ['gbk as gb2312', 'gb2312', hex('d6 ec 20 e9 46'), '朱 镕'.replace('镕', iconv.decode(hex('e946'), 'gbk'))],
    ['gb18030 with four bytes', 'gb18030', hex('81 30 89 38'), iconv.decode(hex('81308938'), 'gb18030')],
    ['big5', 'big5', iconv.encode('繁體中文', 'big5'), '繁體中文'],
    ['shift_jis with NEC characters', 'shift_jis', hex('87 40 93 fa 96 7b'), '①日本'],
    ['euc-jp', 'euc-jp', iconv.encode('日本語', 'euc-jp'), '日本語'],
    ['iso-2022-jp', 'iso-2022-jp', hex('1b 24 42 46 7c 4b 5c 1b 28 42 21'), '日本!'],
    ['iso-2022-jp without label', undefined, hex('1b 24 42 46 7c 4b 5c 1b 28 42 21'), '日本!'],
    ['iso-2022-jp as us-ascii', 'us-ascii', hex('1b 24 42 46 7c 4b 5c 1b 28 42'), '日本'],
    ['iso-2022-jp-ms, half-width kana', 'iso-2022-jp-ms', hex('1b 28 49 31 1b 28 42'), 'ｱ'],
    ['iso-2022-kr', 'iso-2022-kr', hex('1b 24 29 43 0e 47 51 31 5b 0f 20 6f 6b'), '한글 ok'],
    ['hz-gb-2312', 'hz-gb-2312', Buffer.from('a~~ ~{<:Ky2;~} ok'), 'a~ 己所不 ok'],
    ['utf-7', 'utf-7', Buffer.from('P+AOQ-iv+AOQ- +- 1'), 'Päivä + 1'],
    ['utf-16 with BOM', 'utf-16', hex('ff fe e4 00 20 00 6a 00'), 'ä j'],
    ['koi8-r', 'koi8-r', iconv.encode('Привет', 'koi8-r'), 'Привет'],
    ['a quoted, misspelt label', '"ISO 8859-1"', hex('e4 62'), 'äb'],
    ['cp850', 'cp850', iconv.encode('Hyvää', 'cp850'), 'Hyvää'],
    ['utf-8 that is declared', 'utf-8', Buffer.from('päivää €'), 'päivää €'],
    ['utf-8 declared but windows-1252', 'utf-8', hex('70 e4 69 76 e4 e4'), 'päivää'],
    [
      'utf-8 with one byte lost',
      'utf-8',
      Buffer.concat([Buffer.from('päivää '), hex('e2 82'), Buffer.from(' ääni')]),
      'päivää \ufffd ääni',
    ],
    ['iso-8859-1 declared but utf-8', 'iso-8859-1', Buffer.from('päivää'), 'päivää'],
    ['no label, utf-8', undefined, Buffer.from('päivää'), 'päivää'],
    ['no label, windows-1252', undefined, hex('70 e4 69 76 e4 e4'), 'päivää'],
    ['a label nobody knows', 'x-nonsense', Buffer.from('päivää'), 'päivää'],
    ['utf-8 with BOM', 'utf-8', Buffer.concat([hex('ef bb bf'), Buffer.from('ä')]), 'ä'],
    ['iso-2022-jp declared but utf-8', 'iso-2022-jp', Buffer.from('注文です'), '注文です'],
    ['iso-2022-jp declared but euc-jp', 'ISO-2022-JP', iconv.encode('注文です。ﾃｽﾄ', 'euc-jp'), '注文です。ﾃｽﾄ'],
    ['iso-2022-jp declared but shift_jis', 'iso-2022-jp', iconv.encode('注文です。', 'shift_jis'), '注文です。'],
    ['iso-2022-jp with a stray byte', 'iso-2022-jp', hex('1b 24 42 46 7c 4b 5c 1b 28 42 ff'), '日本\ufffd'],
    ['iso-2022-kr declared but euc-kr', 'iso-2022-kr', iconv.encode('주문', 'euc-kr'), '주문'],
    ['hz declared but gbk', 'hz-gb-2312', iconv.encode('订单', 'gbk'), '订单'],
    ['utf-7 declared but utf-8', 'utf-7', Buffer.from('päivää'), 'päivää'],
    ['utf-7 declared but windows-1252', 'utf-7', hex('70 e4 69 76 e4'), 'päivä'],
    ['gb2312 declared, long utf-8', 'gb2312', Buffer.from('你好，这是一个测试邮件'), '你好，这是一个测试邮件'],
  ];
  for (const [name, charset, bytes, expected] of cases) it(name, () => expect(body(bytes, charset)).to.equal(expected));

  it('html says its charset itself', () => {
    const html = Buffer.concat([
      Buffer.from('<html><meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2"><p>'),
      hex('a6 6c'),
      Buffer.from('</p>'),
    ]);
    expect(body(html, undefined, 'text/html')).to.equal('Śl');
  });

  it('never throws, whatever the label and the bytes', () => {
    for (const label of [
      '',
      ';',
      '=',
      'utf-16',
      'utf-32',
      'hz-gb-2312',
      'iso-2022-kr',
      '__proto__',
      'constructor',
      'base64',
      'hex',
      'x'.repeat(1000),
    ]) {
      for (const bytes of [
        hex('ff'),
        hex('fe ff'),
        hex('ff fe'),
        hex('1b'),
        hex('1b 24'),
        hex('7e 7b 41'),
        hex('0e ff 0f'),
        Buffer.alloc(3),
      ])
        expect(decodeText(bytes, label)).to.be.a('string');
    }
  });
});
