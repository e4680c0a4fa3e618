// crate.mjs FOLDER: judges the RO-Crate in that folder, its files too.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createRequire } from 'node:module';
import { complaints } from './jsonld.mjs';

// It takes hold of fetch when it is loaded, so it must come after the contexts.
const { Validator } = createRequire(import.meta.url)('ro-crate/lib/validator.js');

const folder = process.argv[2];
const text = readFileSync(join(folder, 'ro-crate-metadata.json'), 'utf8');
const validator = new Validator();
validator.parseJSON(text);
const about = [];
if (await validator.validate()) {
  about.push(...validator.results.filter((r) => r.status === 'error' || r.status === 'warning'));
  const files = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const below = join(entry.parentPath ?? entry.path, entry.name).slice(join(folder, '/').length);
    const id = below.split('/').map(encodeURIComponent).join('/');
    for (const name of [below, encodeURI(below), id]) {
      files[entry.isDirectory() ? name + '/' : name] = { exists: true, inCrate: false, isDir: entry.isDirectory() };
    }
  }
  const before = validator.results.length;
  validator.checkFiles(files);
  // A crate need not list every file; what it lists must be there.
  about.push(...validator.results.slice(before).filter((r) => r.status === 'error'));
} else {
  about.push(...validator.results.filter((r) => r.status !== 'success'));
}
const found = about.map((r) => `${r.id}: ${r.message}${r.entity ? ` (${r.entity})` : ''}`);
if (found.length === 0) {
  found.push(...(await complaints(JSON.parse(text), pathToFileURL(join(folder, '/')).href)));
}
found.forEach((line) => console.log(line));
process.exitCode = found.length === 0 ? 0 : 1;
