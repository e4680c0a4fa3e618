// JSON-LD contexts, offline: a judge that asks the internet judges something else every day.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

const KNOWN = new Map([
  ['https://w3id.org/ro/crate/1.2/context', require('ro-crate/lib/context.json')],
]);

export async function load(url) {
  if (!KNOWN.has(url)) {
    throw new Error(`no context is kept here for ${url}`);
  }
  return { contextUrl: null, document: KNOWN.get(url), documentUrl: url };
}

// ro-crate fetches contexts itself.
globalThis.fetch = async (url) => {
  const { document } = await load(String(url));
  return { ok: true, json: async () => document };
};
