import { type Facts, fillParagraph } from './facts.ts';
import type { Random } from './random.ts';
import { phrases } from './texts/index.ts';
import type { Lang, Person, Topic } from './types.ts';

/** Steps of a matter that are written by hand. */
export type TextStep = 'ask' | 'answer' | 'more' | 'done' | 'thanks' | 'reminder';

/** What someone wrote, without what they quote. */
export interface Letter {
  paragraphs: string[];
  closing: string;
  signature: string[];
}

interface Writing {
  step: TextStep;
  topic: Topic;
  facts: Facts;
  lang: Lang;
  author: Person;
  /** the person at the other end */
  reader: Person;
  /** the desk writes */
  ours: boolean;
}

const variants = (step: TextStep, topic: Topic, lang: Lang): readonly (readonly string[])[] => {
  if (step === 'ask' || step === 'answer') return topic[step];
  if (step === 'more' || step === 'done') return [topic[step]];
  return [step === 'thanks' ? phrases[lang].thanks : phrases[lang].reminders];
};

/** Lines under a letter: who it is, where they work, how to reach them. */
export const signatureOf = (person: Person, ours: boolean): string[] => {
  const name = `${person.first} ${person.last}`;
  if (ours) return [name, person.title, 'Varaamo · 040 000 0100 · https://ohje.varaamo.example'];
  if (!person.organisation) return [person.first];
  if (person.client === 'gmail' || person.client === 'apple') return [name, person.organisation.name];
  return [
    name,
    person.title,
    person.organisation.name,
    person.organisation.address,
    ...(person.phone ? [person.phone] : []),
  ];
};

/** Whether a letter speaks of a file that comes with it. */
export const speaksOfFile = (letter: Letter): boolean =>
  letter.paragraphs.some(text => /\bliit(?:t|e)|bifoga|\battach|in the table|finns i tabellen/i.test(text));

/** Says that `names` are attached, unless the letter speaks of a file already. */
export const mentionFiles = (letter: Letter, names: readonly string[], lang: Lang, random: Random): Letter => {
  if (names.length === 0 || (names.length === 1 && speaksOfFile(letter))) return letter;
  const remark = random.pick(phrases[lang].attached).replace('{file}', () => names.join(', '));
  return { ...letter, paragraphs: [...letter.paragraphs, remark] };
};

/** Composes what `author` writes at this step: one variant of each paragraph, and now and then a remark. */
export const composeLetter = (writing: Writing, random: Random): Letter => {
  const { step, topic, facts, lang, author, reader, ours } = writing;
  const words = phrases[lang];
  const body = variants(step, topic, lang).map(list => random.pick(list));
  const remarks = random.shuffle(ours ? words.agentExtras : words.extras);
  const many = step === 'thanks' ? 0 : random.pick([0, 0, 1, 1, 2]);
  body.push(...remarks.slice(0, many));
  const greeting = random.pick(ours ? words.agentGreetings : words.greetings).replace('{first}', reader.first);
  return {
    paragraphs: [greeting, ...body.map(paragraph => fillParagraph(paragraph, facts))],
    closing: random.pick(ours ? words.agentClosings : words.closings),
    signature: signatureOf(author, ours),
  };
};
