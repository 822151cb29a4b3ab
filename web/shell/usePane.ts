import { useCallback, useState } from 'react';
import { recall, remember } from '../ui/storage.ts';

/** A value of the layout (a width, open or not) that this browser remembers. */
export const usePane = <T>(name: string, usual: T): [T, (next: T) => void] => {
  const [value, setValue] = useState<T>(() => recall(`pane:${name}`, usual));
  const set = useCallback(
    (next: T) => {
      setValue(next);
      remember(`pane:${name}`, next);
    },
    [name],
  );
  return [value, set];
};
