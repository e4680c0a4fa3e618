// citations.mjs FORM FILE: reads citations in the form csl, bibtex or ris and prints what it understood: `items` as CSL-JSON, `apa` as APA would have it.
import { readFileSync } from 'node:fs';
import { Cite } from '@citation-js/core';
import { clean as strictly } from '@citation-js/core/lib/plugins/input/csl.js';
import '@citation-js/plugin-bibtex';
import '@citation-js/plugin-csl';
import '@citation-js/plugin-ris';

const TYPES = { csl: '@csl/list+object', bibtex: '@bibtex/text', ris: '@ris/file' };
const [form, file] = process.argv.slice(2);
const text = readFileSync(file, 'utf8');

// Reading strictly, it drops without a word what is no CSL-JSON.
function dropped(given) {
  const understood = strictly(given, false);
  return given.flatMap((item, i) =>
    Object.keys(item)
      .filter((key) => JSON.stringify(item[key]) !== JSON.stringify(understood[i][key]))
      .map((key) => `item ${i + 1}: ${key} is ${JSON.stringify(item[key])}`),
  );
}

try {
  const given = form === 'csl' ? JSON.parse(text) : text;
  const cite = new Cite(given, { forceType: TYPES[form], strict: true, generateGraph: false });
  const lost = form === 'csl' ? dropped(given) : [];
  const apa = cite.format('bibliography', { template: 'apa', format: 'text' });
  console.log(lost.length === 0 ? JSON.stringify({ items: cite.data, apa }) : lost.join('\n'));
  process.exitCode = lost.length === 0 ? 0 : 1;
} catch (e) {
  console.log(`${e.name}: ${e.message}`);
  process.exitCode = 1;
}
