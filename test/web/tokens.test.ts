import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';

const css = readFileSync(new URL('../../web/styles/tokens.css', import.meta.url), 'utf8');

type Theme = 'light' | 'dark';

/** Every colour token: one value for both themes, or light-dark(light, dark). */
const tokens = (theme: Theme): Map<string, string> =>
  new Map(
    [...css.matchAll(/--([a-z-]+):\s*(?:light-dark\((#\w+),\s*(#\w+)\)|(#\w+));/g)].map(
      ([, name, light, dark, both]) => [name as string, (both ?? (theme === 'light' ? light : dark)) as string],
    ),
  );

const channel = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

/** Relative luminance of #rrggbb (WCAG 2.2). */
const luminance = (colour: string): number => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(at =>
    channel(Number.parseInt(colour.slice(at, at + 2), 16) / 255),
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

const contrast = (one: string, other: string): number => {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
};

const surfaces = ['page', 'surface', 'raised', 'hover', 'accent-soft', 'note', 'bad-soft'];
const texts = [
  'text',
  'dim',
  'faint',
  'accent',
  'bad',
  'good',
  'warn',
  'note-text',
  'mail',
  'sms',
  'chat',
  'call',
  'event',
];
const filled: [string, string][] = [
  ['on-fill', 'fill'],
  ['on-inverse', 'inverse'],
  ['paper-text', 'paper'],
];

describe('the tokens of the page', () => {
  for (const theme of ['light', 'dark'] as const) {
    const all = tokens(theme);
    const of = (name: string): string => {
      const value = all.get(name);
      if (!value) throw new Error(`no token --${name}`);
      return value;
    };

    for (const surface of surfaces) {
      it(`${theme}: every text reads on --${surface} (4.5:1)`, () => {
        for (const text of texts)
          expect(contrast(of(text), of(surface)), `--${text} on --${surface}`).to.be.at.least(4.5);
      });
      it(`${theme}: borders of controls, the focus ring and fills stand out from --${surface} (3:1)`, () => {
        for (const line of ['control', 'ring', 'fill'])
          expect(contrast(of(line), of(surface)), `--${line} on --${surface}`).to.be.at.least(3);
      });
    }

    it(`${theme}: text on filled controls, on the pill and on paper reads (4.5:1)`, () => {
      for (const [text, surface] of filled)
        expect(contrast(of(text), of(surface)), `--${text} on --${surface}`).to.be.at.least(4.5);
    });

    it(`${theme}: no colour token is left out of these checks`, () => {
      const checked = [...surfaces, ...texts, ...filled.flat(), 'control', 'ring', 'line', 'shade'];
      expect([...all.keys()].filter(name => !checked.includes(name))).to.deep.equal([]);
    });
  }

  it('are the only place that names a colour', () => {
    const root = new URL('../../web/', import.meta.url);
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
      // the widget stands on other sites and has a palette of its own
      name => /\.(css|tsx?)$/.test(name) && !name.endsWith('tokens.css') && !name.startsWith('widget/'),
    );
    expect(files.length).to.be.greaterThan(50);
    const naming = files.filter(name => {
      const text = readFileSync(new URL(name, root), 'utf8').replace(/^\s*(\/\/|\*|\/\*).*$/gm, '');
      return /(#[0-9a-f]{3,8}\b(?=\s*[;,)"'])|\b(rgb|hsl|oklch)a?\()/i.test(text);
    });
    expect(naming).to.deep.equal([]);
  });
});
