// SPDX-License-Identifier: GPL-3.0-or-later
// Reads exports as others define the formats: a HAR file with har-validator's schema, OpenAPI documents with OpenAPI's
// own, reports of runs with docs/schema. For each file named, one line of JSON tells what is wrong with it; an empty text: nothing.
import { readFileSync } from 'node:fs';
import { load } from './peer.mjs';

const har = (await load('har-validator/lib/promise.js')).har;
const { Validator } = await load('@seriousme/openapi-schema-validator');

async function problem(file) {
  const document = JSON.parse(readFileSync(file, 'utf8'));
  if (document.log) {
    return har(document).then(() => '', (error) => JSON.stringify(error.errors ?? error));
  }
  if (document.schema_version) {
    const Ajv = (await load('ajv')).default;
    const schema = new URL('../../docs/schema/matrix-run.schema.json', import.meta.url);
    const ajv = new (Ajv.default ?? Ajv)({ allErrors: true });
    return ajv.validate(JSON.parse(readFileSync(schema, 'utf8')), document) ? '' : JSON.stringify(ajv.errors);
  }
  const result = await new Validator().validate(document);
  return result.valid ? '' : JSON.stringify(result.errors);
}
for (const file of process.argv.slice(2)) process.stdout.write(JSON.stringify([await problem(file)]) + '\n');
