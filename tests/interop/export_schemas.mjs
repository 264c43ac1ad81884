// SPDX-License-Identifier: GPL-3.0-or-later
// Reads exports as others define the formats: a HAR file with har-validator's schema, OpenAPI documents with OpenAPI's
// own. For each file named, one line of JSON tells what is wrong with it; an empty text: nothing.
import { readFileSync } from 'node:fs';
import { load } from './peer.mjs';

const har = (await load('har-validator/lib/promise.js')).har;
const { Validator } = await load('@seriousme/openapi-schema-validator');

async function problem(file) {
  const document = JSON.parse(readFileSync(file, 'utf8'));
  if (document.log) {
    return har(document).then(() => '', (error) => JSON.stringify(error.errors ?? error));
  }
  const result = await new Validator().validate(document);
  return result.valid ? '' : JSON.stringify(result.errors);
}
for (const file of process.argv.slice(2)) process.stdout.write(JSON.stringify([await problem(file)]) + '\n');
