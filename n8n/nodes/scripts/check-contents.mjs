// What would be published, as `npm pack` sees it: everything that package.json and the nodes name, and nothing else.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';

const [packed] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json'], { encoding: 'utf8' }));
const files = new Set(packed.files.map(({ path }) => path));
const { n8n } = JSON.parse(readFileSync('package.json', 'utf8'));

const wanted = new Set(['package.json', 'README.md', 'LICENSE', ...n8n.nodes, ...n8n.credentials]);
for (const node of n8n.nodes) wanted.add(node.replace(/\.js$/, '.json'));
for (const source of [...n8n.nodes, ...n8n.credentials]) {
	for (const [, icon] of readFileSync(source, 'utf8').matchAll(/'file:([^']+)'/g)) {
		wanted.add(join(dirname(source), icon));
	}
}
const missing = [...wanted].filter((path) => !files.has(path));
const strange = [...files].filter(
	(path) => !wanted.has(path) && !/^dist\/(nodes|credentials)\/.+\.js$/.test(path),
);
for (const path of missing) console.error(`missing: ${path}`);
for (const path of strange) console.error(`doesn't belong there: ${path}`);
if (missing.length || strange.length) process.exit(1);
console.log(`${packed.filename}: ${files.size} files, ${packed.size} bytes packed, ${packed.unpackedSize} unpacked`);
