import { type ChangeEvent, useId } from 'react';
import { admin } from '../i18n/admin.en.ts';
import { Field } from '../ui/Field.tsx';
import { ColumnMapping } from './ColumnMapping.tsx';
import type { FieldSpec, Values } from './schema.ts';

const a = admin.connections;

interface ControlProps {
  id: string;
  spec: FieldSpec;
  value: string;
  set: (value: string | null) => void;
  /** it is saved, though it can't be shown */
  kept: boolean;
  removed: boolean;
  invalid: boolean;
}

const Choice = ({ id, spec, value, set }: ControlProps) => (
  <select id={id} name={spec.path} className="select" value={value} onChange={event => set(event.target.value)}>
    {(spec.required || spec.usual ? spec.choices : ['', ...spec.choices]).map(choice => (
      <option key={choice} value={choice}>
        {a.choices[choice] ?? choice}
      </option>
    ))}
  </select>
);

const YesNo = ({ id, spec, value, set }: ControlProps) => (
  <select id={id} name={spec.path} className="select" value={value} onChange={event => set(event.target.value)}>
    <option value="">{a.notSet}</option>
    <option value="true">{a.yes}</option>
    <option value="false">{a.no}</option>
  </select>
);

const Check = ({ id, value, set }: ControlProps) => (
  <input
    id={id}
    type="checkbox"
    className="check"
    checked={value === 'true'}
    onChange={event => set(String(event.target.checked))}
  />
);

const inputTypes = { text: 'text', secret: 'password', number: 'number', date: 'date' } as const;

/** Takes a saved secret away, as all else is by emptying its field. */
const Remove = ({ spec, removed, set }: ControlProps) => (
  <button type="button" className="link" onClick={() => set(removed ? '' : null)}>
    {removed ? a.secretKeep : a.secretRemove}
    <span className="sr-only">: {spec.label}</span>
  </button>
);

const Control = (props: ControlProps) => {
  const { id, spec, value, set, kept, removed, invalid } = props;
  if (spec.kind === 'choice') return <Choice {...props} />;
  if (spec.kind === 'check') return <Check {...props} />;
  if (spec.kind === 'yes-no') return <YesNo {...props} />;
  const shared = {
    id,
    name: spec.path,
    value,
    'aria-invalid': invalid || undefined,
    required: spec.required && !kept,
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => set(event.target.value),
  };
  if (spec.kind === 'list' || spec.kind === 'long') return <textarea {...shared} className="textarea" rows={3} />;
  const input = (
    <input
      {...shared}
      className="input"
      type={inputTypes[spec.kind]}
      min={spec.min}
      max={spec.max}
      placeholder={removed ? a.secretRemoved : kept ? a.secretKept : undefined}
      autoComplete={spec.kind === 'secret' ? 'new-password' : 'off'}
      spellCheck={false}
    />
  );
  if (!kept || spec.required) return input;
  return (
    <div className="kept-secret">
      {input}
      <Remove {...props} />
    </div>
  );
};

/** The fields of a connector's config. `faults` by path; `secrets` are those that are saved already. */
export const ConfigForm = ({
  fields,
  values,
  set,
  faults,
  secrets,
}: {
  fields: FieldSpec[];
  values: Values;
  set: (path: string, value: string | null) => void;
  faults: Record<string, string>;
  secrets: readonly string[];
}) => {
  const id = useId();
  const show = (spec: FieldSpec) => (
    <Field
      key={spec.path}
      id={id + spec.path}
      label={spec.label}
      help={[spec.help, spec.kind === 'list' ? a.list : ''].filter(Boolean).join(' · ') || undefined}
      fault={faults[spec.path]}
    >
      <Control
        id={id + spec.path}
        spec={spec}
        value={values[spec.path] ?? ''}
        set={value => set(spec.path, value)}
        kept={secrets.includes(spec.path)}
        removed={values[spec.path] === null}
        invalid={spec.path in faults}
      />
    </Field>
  );
  const columns = fields.map(({ path }) => path).filter(path => path.startsWith('columns.'));
  const more = fields.filter(({ main }) => !main);
  const faulty = more.some(({ path }) => path in faults);
  return (
    <>
      <div className="two">{fields.filter(({ main }) => main).map(show)}</div>
      {columns.length > 0 && values.dialect === 'csv' && <ColumnMapping paths={columns} values={values} set={set} />}
      {more.length > 0 && (
        <details className="more-settings" open={faulty || undefined}>
          <summary>{a.advanced}</summary>
          <div className="two">{more.map(show)}</div>
        </details>
      )}
    </>
  );
};
