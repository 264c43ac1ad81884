// SPDX-License-Identifier: GPL-3.0-or-later
// What the peers share: they are run from any folder, on any free port, and end with their standard input.
import { createRequire } from 'node:module';
import { webcrypto } from 'node:crypto';
import { pathToFileURL } from 'node:url';

// What the packages use and Node 18, that of Debian 12, lacks: Web Crypto as a global, and URL.parse.
globalThis.crypto ??= webcrypto;
URL.parse ??= (text, base) => {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
};

/** The folder that scripts/setup-interop filled. */
const folder = process.env.KEYBEARER_INTEROP;
if (!folder) throw new Error('KEYBEARER_INTEROP names no folder: run scripts/setup-interop.');
const require = createRequire(pathToFileURL(folder + '/'));

/** A package out of that folder, as `import` gives it. */
export async function load(name) {
  const at = require.resolve(name);
  return import(pathToFileURL(at));
}

/** Listens on loopback, on the port asked for or any free one, and gives the port. */
export function listen(server, port = 0) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server.address().port));
  });
}

/** Tells the test where it is, in one line, and ends when the test does. */
export function serve(facts) {
  process.stdout.write(JSON.stringify(facts) + '\n');
  process.stdin.on('end', () => process.exit(0));
  process.stdin.resume();
}
