// cyclonedx.mjs VERSION FILE: judges a CycloneDX document by the schema of that version, such as 1.6.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const CDX = createRequire(import.meta.url)('@cyclonedx/cyclonedx-library');
const [version, file] = process.argv.slice(2);
const text = readFileSync(file, 'utf8');
const faults = (await new CDX.Validation.JsonStrictValidator(version).validate(text)) ?? [];
const found = faults.map((f) => `${f.instancePath || '/'}: ${f.message} ${JSON.stringify(f.params)}`);
// The schemas take any version word.
if (JSON.parse(text).specVersion !== version) {
  found.push(`/specVersion: is not ${version}`);
}
found.forEach((line) => console.log(line));
process.exitCode = found.length === 0 ? 0 : 1;
