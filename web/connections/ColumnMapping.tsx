import { useEffect, useId, useState } from 'react';
import { Icon } from '../ui/Icon.tsx';
import { columnWords as w } from './columns.en.ts';
import { type Sample, sampleOf } from './sample.ts';
import type { Values } from './schema.ts';
import './columns.css';

const PREFIX = 'columns.';

interface Mapping {
  /** paths of the settings, `columns.…` */
  paths: string[];
  values: Values;
  set: (path: string, value: string) => void;
}

const meaningOf = ({ paths, values }: Mapping, header: string): string =>
  paths.find(path => (values[path] ?? '').trim() === header.trim()) ?? '';

/** One column has one meaning, and a meaning one column. */
const choose = (mapping: Mapping, header: string, path: string): void => {
  const before = meaningOf(mapping, header);
  if (before && before !== path) mapping.set(before, '');
  if (path) mapping.set(path, header.trim());
};

const Meaning = ({ header, mapping }: { header: string; mapping: Mapping }) => (
  <select
    className="select"
    aria-label={w.means(header)}
    value={meaningOf(mapping, header)}
    onChange={event => choose(mapping, header, event.target.value)}
  >
    <option value="">{w.unused}</option>
    {mapping.paths.map(path => (
      <option key={path} value={path}>
        {w.names[path.slice(PREFIX.length)] ?? path}
      </option>
    ))}
  </select>
);

const Preview = ({ sample: { header, rows }, mapping }: { sample: Sample; mapping: Mapping }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
  <div className="columns-scroll" tabIndex={0}>
    <table className="columns-table">
      <thead>
        <tr>
          {header.map((name, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one name
            <th key={at} scope="col">
              {name}
              <Meaning header={name} mapping={mapping} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((cells, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of a file don't move
          <tr key={row}>
            {header.map((_, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: as above
              <td key={at} className={meaningOf(mapping, header[at] ?? '') ? 'used' : undefined}>
                {cells[at] ?? ''}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

/** Says of each column of a sample file what it is, by which the settings `columns.…` are filled in. */
export const ColumnMapping = (mapping: Mapping) => {
  const id = useId();
  const [sample, setSample] = useState<Sample | null>(null);
  const [fault, setFault] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const encoding = mapping.values.encoding ?? '';
  useEffect(() => {
    let isCurrent = true;
    const read = async (chosen: File) => {
      const found = await sampleOf(chosen, encoding).catch(() => null);
      if (!isCurrent) return;
      setSample(found);
      setFault(found ? (found.rows.length === 0 ? w.noRows : '') : w.unreadable);
    };
    if (file) void read(file);
    return () => {
      isCurrent = false;
    };
  }, [file, encoding]);
  const has = (name: string) => Boolean(mapping.values[PREFIX + name]?.trim());
  const isShort = sample !== null && !(has('startedAt') && (has('from') || has('to')));
  return (
    <fieldset className="columns stack tight">
      <legend>{w.title}</legend>
      <p className="k">{w.help}</p>
      <div className="row">
        <input
          id={id}
          type="file"
          className="sr-only"
          accept=".csv,.txt,.log,text/csv,text/plain"
          onChange={event => setFile(event.target.files?.[0] ?? file)}
        />
        <label htmlFor={id} className="btn">
          <Icon name="upload" />
          {w.choose}
        </label>
        {sample && <span className="k">{sample.name}</span>}
      </div>
      {fault && (
        <p className="fault" role="alert">
          {fault}
        </p>
      )}
      {sample && <Preview sample={sample} mapping={mapping} />}
      {isShort && <p className="k">{w.missing}</p>}
    </fieldset>
  );
};
