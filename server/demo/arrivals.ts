export interface Arrival {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
  at: Date;
  /** it was sent before, but perhaps not to the end */
  again: boolean;
}

type Mails = Iterator<{ folder: string; raw: Uint8Array }, never>;

/**
 * The mails of the living day from where it was: `sent` are the moments of those that were sent already. They are made once more,
 * so that what follows answers them; the last of them is given again, in case its sending was cut off.
 * `make` gives the day's mails, each as of the moment that `clock` says.
 */
export function* arrivalsAfter(
  sent: readonly Date[],
  make: (clock: () => Date) => Mails,
): Generator<Arrival, never, undefined> {
  let n = 0;
  let at = new Date();
  const mails = make(() => {
    at = sent[n] ?? new Date();
    return at;
  });
  for (; ; n++) {
    const { folder, raw } = mails.next().value;
    if (n < sent.length - 1) continue;
    yield { name: `${folder}-${n + 1}.eml`, bytes: new Uint8Array(raw), at, again: n < sent.length };
  }
}
