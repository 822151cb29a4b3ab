import { Worker, type WorkerOptions } from 'node:worker_threads';

/** Code that runs a TypeScript module in a worker: workers don't inherit the loader's hooks (of tests, and in the project's folder). */
const fromSource = (url: URL): string =>
  `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(url.href)}); })`;

/** Starts a worker thread on a module, compiled or not. */
export const startWorker = (url: URL, options: WorkerOptions): Worker =>
  url.pathname.endsWith('.ts') ? new Worker(fromSource(url), { ...options, eval: true }) : new Worker(url, options);
