const NOBODY = 65_534;

/** Does what a user does to whom files may be closed, as whom the tests run or not. */
export const asNobody = async <T>(work: () => Promise<T>): Promise<T> => {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
};
