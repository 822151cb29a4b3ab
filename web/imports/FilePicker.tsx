import { type DragEvent, useId, useState } from 'react';
import { admin } from '../i18n/admin.en.ts';
import { bytes } from '../i18n/format.ts';
import { Icon } from '../ui/Icon.tsx';

const a = admin.imports;

/** Files by the browser's chooser or dropped here. */
export const FilePicker = ({
  files,
  set,
  accept,
  multiple,
}: {
  files: File[];
  set: (files: File[]) => void;
  accept: string;
  multiple?: boolean;
}) => {
  const id = useId();
  const [over, setOver] = useState(false);
  const take = (list: FileList | null) => set(list ? [...list].slice(0, multiple ? undefined : 1) : []);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut for those with a mouse; the button inside does the same
    <div
      className={over ? 'drop over' : 'drop'}
      onDragOver={event => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <input
        id={id}
        type="file"
        className="sr-only"
        accept={accept}
        multiple={multiple}
        onChange={event => take(event.target.files)}
      />
      <label htmlFor={id} className="btn">
        <Icon name="upload" />
        {a.choose}
      </label>
      <span className="k">
        {files.length
          ? `${files.map(({ name }) => name).join(', ')} · ${bytes(files.reduce((sum, { size }) => sum + size, 0))}`
          : a.drop}
      </span>
    </div>
  );
};
