// SPDX-License-Identifier: GPL-3.0-or-later
// Checks workspaces against the TypeScript types that OpenCollection publishes of its format: each .yml of the folders
// given becomes an object literal of the type it has to be, and the compiler says what does not fit. One line of JSON
// tells how many files were looked at, and what is wrong by file.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { load } from './peer.mjs';

const YAML = (await load('yaml')).default;
const ts = (await load('typescript')).default;

// A literal of a union may have the members of all its types at once, as the compiler sees it: a secret variable with
// a value, for one. `Closed` forbids in each the members of the others.
//
// Nearly everything is optional in the published types, down to a request without an address: what makes a file the
// kind it is, is wanted here.
//
// `extensions` is where we differ. The types have it in opencollection.yml alone. Keybearer keeps what is its own under
// extensions.keybearer of requests, folders and environments too: there it goes along when a file is copied or moved.
// Bruno reads such files and sends what they say (test_bruno.cpp), but drops the block from a file that it saves.
const types = `
import type { Extensions, OpenCollection } from '@opencollection/types';
import type { Folder } from '@opencollection/types/collection/item';
import type { Environment } from '@opencollection/types/config/environments';
import type { HttpRequest } from '@opencollection/types/requests/http';

type Members<T> = T extends unknown[] ? never : T extends object ? keyof T : never;
type Closed<T, Union = T> = T extends (infer Each)[] ? Closed<Each>[]
  : T extends object ? { [K in keyof T]: Closed<T[K]> } & { [K in Exclude<Members<Union>, keyof T>]?: never } : T;

type Extended = { extensions?: Extensions };
export type RootFile = Closed<OpenCollection> & { opencollection: string; info: { name: string } };
export type FolderFile = Closed<Folder> & { info: { name: string; type: 'folder' } } & Extended;
export type EnvironmentFile = Closed<Environment> & Extended;
export type RequestFile = Closed<HttpRequest> & {
  info: { name: string; type: 'http' };
  http: { method: string; url: string };
} & Extended;
`;

function typeOf(path) {
  if (path === 'opencollection.yml') return 'RootFile';
  if (/^environments\/[^/]+$/.test(path)) return 'EnvironmentFile';
  return /(^|\/)folder\.yml$/.test(path) ? 'FolderFile' : 'RequestFile';
}

// The sources are in memory, and stand where the packages are found.
const place = (name) => resolve(process.env.KEYBEARER_INTEROP, name);
const sources = new Map([[place('checked_types.ts'), types]]);
const files = new Map();
const problems = {};
const note = (file, text) => (problems[file] = (problems[file] ?? '') + text + '\n');

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory()
    ? filesBelow(join(folder, entry.name)) : entry.name.endsWith('.yml') ? [join(folder, entry.name)] : []));
}

for (const folder of process.argv.slice(2)) {
  for (const file of filesBelow(folder)) {
    const source = place(`checked_${files.size}.ts`);
    files.set(source, file);
    try {
      const value = JSON.stringify(YAML.parse(readFileSync(file, 'utf8')), null, 1); // read as Bruno reads it
      const type = typeOf(relative(folder, file));
      sources.set(source, `import type { ${type} } from './checked_types';\nexport const file: ${type} = ${value};\n`);
    } catch (error) {
      note(file, error.message);
    }
  }
}

const options = {
  strict: true, noEmit: true, types: [], target: ts.ScriptTarget.ES2020, module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
};
const host = ts.createCompilerHost(options);
const onDisk = { getSourceFile: host.getSourceFile, fileExists: host.fileExists, readFile: host.readFile };
host.fileExists = (name) => sources.has(name) || onDisk.fileExists(name);
host.readFile = (name) => sources.get(name) ?? onDisk.readFile(name);
host.getSourceFile = (name, version) => (sources.has(name)
  ? ts.createSourceFile(name, sources.get(name), version) : onDisk.getSourceFile(name, version));
const program = ts.createProgram([...sources.keys()], options, host);
for (const each of ts.getPreEmitDiagnostics(program)) {
  const line = each.file?.text.slice(each.start).split('\n', 1)[0] ?? '';
  const said = ts.flattenDiagnosticMessageText(each.messageText, '\n  ');
  note(files.get(each.file?.fileName) ?? 'the types', `${line}\n  ${said}`);
}
process.stdout.write(JSON.stringify({ files: files.size, problems }) + '\n');
