import { type MouseEvent, type ReactNode, useRef, useState } from 'react';
import { lines } from '../api/client.ts';
import type { Rung } from '../api/types.ts';
import { admin } from '../i18n/admin.en.ts';
import { count } from '../i18n/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { Fault } from '../ui/Page.tsx';
import type { FieldSpec } from './schema.ts';
import { asSentence, faultsOf } from './useConnectors.ts';

const a = admin.connections;

export interface Climb {
  rungs: Rung[];
  running: boolean;
  error: Error | null;
}

/** Runs "test connection"; rungs come one by one. Starting anew ends the one before. */
export const useLadder = (path: string) => {
  const [climb, setClimb] = useState<Climb | null>(null);
  const ending = useRef<AbortController>(undefined);
  const start = async (config: Record<string, unknown> | undefined) => {
    ending.current?.abort();
    const controller = new AbortController();
    ending.current = controller;
    let now: Climb = { rungs: [], running: true, error: null };
    const set = (patch: Partial<Climb>) => {
      now = { ...now, ...patch };
      if (!controller.signal.aborted) setClimb(now);
    };
    set({});
    const body = config ? { config } : {};
    try {
      await lines<Rung>(path, { method: 'POST', body, signal: controller.signal }, rung =>
        set({ rungs: [...now.rungs, rung] }),
      );
      set({ running: false });
    } catch (error) {
      set({ running: false, error: error instanceof Error ? error : new Error(String(error)) });
    }
  };
  return { climb, start };
};

interface Sample {
  subject?: string;
  from?: string;
  name?: string;
  messages?: number | null;
  pulled?: boolean;
}

/** What a rung saw: folders with their counts, or sample mails. */
const Seen = ({ data }: { data: unknown }) => {
  if (!Array.isArray(data) || data.length === 0) return null;
  return (
    <ul className="seen">
      {(data as Sample[]).slice(0, 12).map(({ subject, from, name, messages, pulled }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a list that never changes
        <li key={at} className={pulled === false ? 'k' : undefined}>
          <span className="ellipsis">{name ?? (subject || '—')}</span>
          <span className="k ellipsis">{from ?? (typeof messages === 'number' ? count(messages) : '')}</span>
        </li>
      ))}
    </ul>
  );
};

const wordOf = (name: string): string => a.rungs[name.toLowerCase()] ?? asSentence(name);

/** Whether the settings (the controls that have a name) are as the form asks; says at the first that isn't what is missing. */
const isFilledIn = (form: HTMLFormElement | null): boolean =>
  [...(form?.elements ?? [])].every(
    control =>
      !(control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement) ||
      !control.name ||
      control.reportValidity(),
  );

const Step = ({ name, ok, children }: { name: string; ok: boolean; children: ReactNode }) => (
  <li className={ok ? 'rung' : 'rung broken'}>
    <span className={ok ? 'rung-mark good' : 'rung-mark bad'}>
      <Icon name={ok ? 'check' : 'cross'} />
    </span>
    <strong>{wordOf(name)}</strong>
    <div className={ok ? 'rung-detail' : 'rung-detail bad'}>{children}</div>
  </li>
);

/** The rung below all others: settings that can't be tried as they are. */
const Refused = ({ faults, fields }: { faults: Record<string, string>; fields: readonly FieldSpec[] }) => {
  const refused = fields.filter(({ path }) => path in faults);
  if (refused.length === 0) return null;
  return (
    <Step name="config" ok={false}>
      {refused.map(({ path, label }) => (
        <p key={path}>
          {label}: {faults[path]}
        </p>
      ))}
    </Step>
  );
};

/** The ladder: each rung says what it found, or why it failed and what to do. */
export const Ladder = ({ climb, fields, holds }: { climb: Climb; fields: readonly FieldSpec[]; holds: string }) => {
  const { rungs, running, error } = climb;
  const { byPath, rest } = faultsOf(error);
  const failed = error !== null || rungs.some(({ ok }) => !ok);
  return (
    <div className="ladder">
      <ol aria-live="polite" aria-busy={running}>
        <Refused faults={byPath} fields={fields} />
        {rungs.map(({ name, ok, detail, data }) => (
          <Step key={name} name={name} ok={ok}>
            {detail}
            {ok && <Seen data={data} />}
          </Step>
        ))}
        {running && (
          <li className="rung">
            <span className="rung-mark">
              <Icon name="clock" />
            </span>
            <span className="k">{a.testing}</span>
          </li>
        )}
      </ol>
      <Fault error={rest} />
      {!running && <p className={failed ? 'bad' : 'good'}>{failed ? a.testBad : holds}</p>}
    </div>
  );
};

export const TestButton = ({
  ladder,
  config,
}: {
  ladder: ReturnType<typeof useLadder>;
  config: () => Record<string, unknown>;
}) => {
  const click = ({ currentTarget: { form } }: MouseEvent<HTMLButtonElement>) => {
    if (isFilledIn(form)) void ladder.start(config());
  };
  return (
    <button type="button" className="btn" onClick={click} disabled={ladder.climb?.running}>
      <Icon name="plug" />
      {ladder.climb?.running ? a.testing : a.test}
    </button>
  );
};
