// jsonld.mjs FILE: expands a JSON-LD document; every term that the context does not know is a complaint.
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import jsonld from 'jsonld';
import { load } from './contexts.mjs';

/** The complaints about a JSON-LD document. */
export async function complaints(document, base) {
  const found = [];
  try {
    const options = { safe: true, base, documentLoader: load };
    const expanded = await jsonld.expand(document, options);
    await jsonld.toRDF(expanded, options);
  } catch (e) {
    const event = e.details?.event;
    found.push(event ? `${event.code}: ${JSON.stringify(event.details)}` : `${e.name}: ${e.message}`);
  }
  return found;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const text = await readFile(process.argv[2], 'utf8');
  const found = await complaints(JSON.parse(text), pathToFileURL(process.argv[2]).href);
  found.forEach((line) => console.log(line));
  process.exitCode = found.length === 0 ? 0 : 1;
}
