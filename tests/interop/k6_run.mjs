// SPDX-License-Identifier: GPL-3.0-or-later
// Stands in for k6, which is no package: runs a script once, with k6's modules as far as Keybearer writes of them.
// Every request gets the answer that comes on standard input ({status, headers, body}). What the checks said goes out as
// JSON by their names. With --send, what was asked for is then sent, as k6 would.
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const script = resolve(process.argv[2]);
const answer = { timings: { duration: 1 }, ...JSON.parse(readFileSync(0, 'utf8')) };
const asked = [];
const checks = {};

const file = (data, filename, type) => ({ data, filename, content_type: type ?? 'application/octet-stream' });
const modules = {
  'k6/http': { file, request: (method, url, body, params) => (asked.push({ method, url, body, params }), answer) },
  'k6/encoding': { b64encode: (text) => Buffer.from(text).toString('base64') },
  k6: {
    group: (name, run) => run(),
    check: (value, all) => Object.entries(all).forEach(([name, holds]) => (checks[name] = holds(value))),
  },
};
Object.assign(globalThis, { modules, __ENV: process.env, open: (path) => readFileSync(join(dirname(script), path)) });
const local = script + '.mjs';
writeFileSync(local, readFileSync(script, 'utf8').replace(/^import (.*) from ("k6.*");$/gm, 'const $1 = modules[$2];'));
(await import(pathToFileURL(local))).default();

// Fields go out URL-encoded, unless one is a file.
function bytesOf({ body, params }) {
  if (typeof body === 'string' || Buffer.isBuffer(body)) return Buffer.from(body);
  if (!Object.values(body).some((value) => value.data)) {
    params.headers['Content-Type'] = 'application/x-www-form-urlencoded';
    return Buffer.from(new URLSearchParams(body).toString());
  }
  params.headers['Content-Type'] = 'multipart/form-data; boundary=xYzZY';
  const parts = Object.entries(body).map(([name, value]) => Buffer.concat([
    Buffer.from(`--xYzZY\r\nContent-Disposition: form-data; name="${name}"`),
    Buffer.from(value.data ? `; filename="${value.filename}"\r\nContent-Type: ${value.content_type}` : ''),
    Buffer.from('\r\n\r\n'), Buffer.from(value.data ?? value), Buffer.from('\r\n')]));
  return Buffer.concat([...parts, Buffer.from('--xYzZY--\r\n')]);
}
function send(request) {
  const body = request.body === null ? null : bytesOf(request);
  const headers = { ...request.params.headers, ...(body ? { 'Content-Length': body.length } : {}) };
  return new Promise((done, failed) => {
    http.request(request.url, { method: request.method, headers }, (got) => got.resume().on('end', done))
      .on('error', failed).end(body ?? undefined);
  });
}
if (process.argv[3] === '--send') for (const request of asked) await send(request);
process.stdout.write(JSON.stringify(checks));
