// SPDX-License-Identifier: GPL-3.0-or-later
// Reads PowerShell scripts with a grammar: a list of texts comes on standard input, and a list of where each is wrong
// goes out, empty where it is not.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { load } from './peer.mjs';

const { Parser, Language } = await load('web-tree-sitter');
const require = createRequire(resolve(process.env.KEYBEARER_INTEROP, 'x.js'));
await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(require.resolve('tree-sitter-powershell/tree-sitter-powershell.wasm')));

function firstFault(node) {
  if (node.isError || node.isMissing) return `line ${node.startPosition.row + 1}: ${node.text.slice(0, 80)}`;
  return node.children.filter((child) => child.hasError || child.isMissing).map(firstFault).find(Boolean) ?? '';
}
const faults = JSON.parse(readFileSync(0, 'utf8')).map((script) => {
  const root = parser.parse(script).rootNode;
  return root.hasError ? firstFault(root) || 'somewhere' : '';
});
process.stdout.write(JSON.stringify(faults));
