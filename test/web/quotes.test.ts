import { expect } from 'chai';
import { splitQuote } from '../../web/message/quotes.ts';

const quote = '> Onko vuoro vapaa?\n> Terveisin tuki';

describe('the quote at the end of a plain text', () => {
  const lines = [
    'On Mon, 3 Nov 2025 at 10:01, Tuki <tuki@varaamo.example> wrote:',
    'ma 3. marrask. 2025 klo 10.01 Tuki (tuki@varaamo.example) kirjoitti:',
    'Den mån 3 nov. 2025 kl 10:01 skrev:',
    'Aino Leppäniemi kirjoitti 4.11.2026 klo 12.05:',
  ];
  for (const line of lines)
    it(`goes with its line "${line.slice(0, 24)}…"`, () => {
      expect(splitQuote(`Kiitos!\n\n${line}\n${quote}\n`)).to.deep.equal({
        body: 'Kiitos!',
        quote: `${line}\n${quote}\n`,
      });
    });

  it('takes a line along that was wrapped', () => {
    const wrapped = 'On Mon, 3 Nov 2025 at 10:01, Tuki <tuki@varaamo.example>\nwrote:';
    expect(splitQuote(`Thanks\n\n${wrapped}\n${quote}`).quote).to.equal(`${wrapped}\n${quote}`);
  });

  it('is what Outlook puts below, too', () => {
    const below =
      'Lähettäjä: Tuki <tuki@varaamo.example>\nLähetetty: maanantai 3. marraskuuta 2025 10.01\nAihe: Vuorot\n\nHei!';
    expect(splitQuote(`Sopii.\n\n${below}`)).to.deep.equal({ body: 'Sopii.', quote: below });
    const line = `-----Original Message-----\nFrom: Tuki\nSent: Monday\nSubject: Vuorot\n\nHei!`;
    expect(splitQuote(`Fine.\n${line}`)).to.deep.equal({ body: 'Fine.', quote: line });
  });

  for (const below of [
    'Von: Tuki <tuki@varaamo.example>\nGesendet: Montag, 3. November 2025 10:01\nAn: Aino\nBetreff: Termine\n\nHallo!',
    'Fra: Tuki\nSendt: mandag 3. november 2025 10:01\nTil: Aino\nEmne: Tider\n\nHei!',
    'De : Tuki\nEnvoyé : lundi 3 novembre 2025 10:01\nÀ : Aino\nObjet : Horaires\n\nBonjour',
    '-----Ursprüngliche Nachricht-----\nVon: Tuki\nGesendet: Montag\nBetreff: Termine\n\nHallo!',
  ])
    it(`is what Outlook puts below in other languages: "${below.slice(0, 9)}…"`, () => {
      expect(splitQuote(`Ja.\n\n${below}`)).to.deep.equal({ body: 'Ja.', quote: below });
    });

  it('is none when the answers stand between the quoted lines', () => {
    const text = '> Onko vuoro vapaa?\nOn.\n> Entä avain?\nOvella.';
    expect(splitQuote(text)).to.deep.equal({ body: text, quote: '' });
  });

  it('is none when there is nothing else', () => {
    expect(splitQuote(quote)).to.deep.equal({ body: quote, quote: '' });
    expect(splitQuote('')).to.deep.equal({ body: '', quote: '' });
  });

  it('is looked for once in each line, whatever stands there', () => {
    for (const line of [
      `${'-'.repeat(100_000)}x`,
      `--${' '.repeat(100_000)}x`,
      'wrote '.repeat(40_000),
      `wrote${' '.repeat(100_000)}x`,
      `From:${' '.repeat(100_000)}`,
    ])
      expect(splitQuote(`${line}\n> Hei`).body).to.equal(line.trimEnd());
  });

  for (const text of [
    'From: my side all is well.\nSee you tomorrow.',
    'We need a bus:\n\nFrom: Helsinki\nTo: Turku\nDate: 5.6.2026\nPassengers: 40\n\nWhat does it cost?',
    'Raum 3, bitte\n\nVon: 10:00 Uhr\nDatum: 5.6.2026\n\nDanke, Anna',
    'Readers write\n\nFrom: Eino\nSubject: Keys\n\nWhere are they?\n\nOur answer: at the door.',
  ])
    it(`is none where "From:" is no header of a mail: ${text.slice(0, 14)}…`, () => {
      expect(splitQuote(text)).to.deep.equal({ body: text, quote: '' });
    });

  it('is none when the answer stands below what is quoted line by line under a header', () => {
    const header = 'Hi,\n\n-----Original Message-----\nFrom: Tuki\nSent: Monday\nSubject: Vuorot\n\n';
    const answered = `${header}> Onko vapaa?\n\nYes it is.\n`;
    expect(splitQuote(answered)).to.deep.equal({ body: answered, quote: '' });
    for (const end of ['wrapped line', '\n______________________\nThe list of halls', '\n-- \nTuki'])
      expect(splitQuote(`${header}> Onko vapaa?\n${end}`).body).to.equal('Hi,');
  });
});
