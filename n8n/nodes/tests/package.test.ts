import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';

import type { ICredentialType, INodeType } from 'n8n-workflow';

const { n8n } = JSON.parse(readFileSync('package.json', 'utf8')) as { n8n: { nodes: string[]; credentials: string[] } };

/** As n8n loads them: the compiled file, and of it the class of the file's name. */
function loaded<T extends object>(source: string): T {
	const name = source.split('/').at(-1)?.split('.')[0] ?? '';
	// eslint-disable-next-line @typescript-eslint/no-require-imports
	const module = require(join(process.cwd(), source)) as Record<string, new () => T>;
	const found = module[name];
	assert.ok(found, `${source} has no class ${name}`);
	return new found();
}

describe('what is built', () => {
	it('has the nodes by the names that workflows use', () => {
		const names = n8n.nodes.map((source) => loaded<INodeType>(source).description.name).sort();
		const wanted = ['ytempire', 'ytempireCacheHandler', 'ytempireCostTracker', 'ytempireQuotaManager', 'ytempireTrigger'];
		assert.deepEqual(names, wanted);
	});

	for (const source of n8n.nodes) {
		it(`${source} has icons, a codex file and the credential`, () => {
			const { description } = loaded<INodeType>(source);
			for (const icon of Object.values(description.icon as { light: string; dark: string })) {
				assert.ok(existsSync(join(dirname(source), icon.slice('file:'.length))), icon);
			}
			const codex = JSON.parse(readFileSync(source.replace(/\.js$/, '.json'), 'utf8')) as { node: string };
			assert.equal(codex.node, `n8n-nodes-ytempire.${description.name}`);
			assert.deepEqual(description.credentials, [{ name: 'ytempireApi', required: true }]);
		});
	}

	it('offers events that there are', () => {
		const page = readFileSync('../../docs/reference/events.md', 'utf8');
		const written = new Set([...page.matchAll(/^## `(.+)`$/gm)].map(([, type]) => type));
		const trigger = loaded<INodeType>('dist/nodes/YtempireTrigger/YtempireTrigger.node.js');
		const offered = trigger.description.properties[0]?.options?.map((option) => 'value' in option && option.value) ?? [];
		assert.ok(offered.length > 10);
		assert.deepEqual(offered.filter((type) => !written.has(String(type))), []);
	});

	it('has a credential with icon, test and hidden secrets', () => {
		const [source = ''] = n8n.credentials;
		const { icon, test, properties } = loaded<ICredentialType>(source);
		for (const one of Object.values(icon as { light: string; dark: string })) {
			assert.ok(existsSync(join(dirname(source), one.slice('file:'.length))), one);
		}
		assert.equal(test?.request.url, '/api/v1/users/me');
		const hidden = properties.filter(({ typeOptions }) => typeOptions?.password).map(({ name }) => name);
		assert.deepEqual(hidden, ['apiKey', 'webhookSecret']);
	});
});
