/** What one browser remembers. Storage that is full or forbidden must never break the page. */
export const recall = <T>(key: string, otherwise: T): T => {
  try {
    const text = localStorage.getItem(`talteen:${key}`);
    return text === null ? otherwise : (JSON.parse(text) as T);
  } catch {
    return otherwise;
  }
};

export const remember = (key: string, value: unknown): void => {
  try {
    localStorage.setItem(`talteen:${key}`, JSON.stringify(value));
  } catch {
    // it is only a convenience
  }
};
