import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { YtempireCacheHandler } from '../nodes/YtempireCacheHandler/YtempireCacheHandler.node';
import { Door, problem } from './door';
import { Host } from './host';
import type { Setting } from './host';

const ITEM = { n: 1, token: 'ytr_1_token' };

describe('looking up', () => {
	let door: Door;
	before(async () => void (door = await Door.open()));
	beforeEach(() => door.forget());
	after(() => door.close());

	const host = (more: Partial<Setting> = {}, parameters = {}) =>
		new Host(new YtempireCacheHandler(), {
			parameters: { operation: 'get', key: 'k', ...parameters },
			items: [ITEM],
			credential: { baseUrl: door.url },
			...more,
		});

	it('leaves by Hit with the value', async () => {
		door.to('GET /cache/n8n/k', 200, { value: { a: 1 } });
		assert.deepEqual(await host().run(), [[{ ...ITEM, hit: true, value: { a: 1 } }], []]);
	});

	it('takes null for a value', async () => {
		door.to('GET /cache/n8n/k', 200, { value: null });
		assert.deepEqual(await host().run(), [[{ ...ITEM, hit: true, value: null }], []]);
	});

	it('leaves by Miss where there is none', async () => {
		door.to('GET /cache/n8n/k', () => problem(404, 'cache_miss', 'Not there'));
		assert.deepEqual(await host().run(), [[], [{ ...ITEM, hit: false }]]);
	});

	it('tells a tool by `hit`', async () => {
		door.to('GET /cache/n8n/k', () => problem(404, 'cache_miss', 'Not there'));
		assert.deepEqual(await host({ asTool: true }).run(), [[{ ...ITEM, hit: false }]]);
	});

	for (const status of [429, 500, 503]) {
		it(`is a miss, or an error if wished, on ${status}`, async () => {
			door.to('GET /cache/n8n/k', () => problem(status, 'unavailable', 'The cache is away'));
			assert.deepEqual(await host().run(), [[], [{ ...ITEM, hit: false, cache_error: 'The cache is away' }]]);
			await assert.rejects(host({}, { missIfAway: false }).run(), { message: 'The cache is away' });
		});
	}

	it('is a miss, or an error if wished, when nobody answers', async () => {
		const away = { credential: { baseUrl: 'http://127.0.0.1:9' } };
		const [hits, misses] = await host(away).run();
		assert.deepEqual(hits, []);
		assert.equal(misses?.[0]?.hit, false);
		await assert.rejects(host(away, { missIfAway: false }).run(), /can't be reached/);
	});

	for (const [what, answer] of Object.entries({
		'no such route': problem(404, 'not_found', 'No such route'),
		'a key that ended': problem(401, 'not_signed_in', 'Who is it?'),
		'an answer without a value': [200, { hello: 'world' }] as [number, unknown],
		'a list': [200, []] as [number, unknown],
	})) {
		it(`is an error on ${what}, and by Miss where the node goes on`, async () => {
			door.to('GET /cache/n8n/k', () => answer);
			await assert.rejects(host().run());
			const [hits, misses] = await host({ goesOn: true }).run();
			assert.deepEqual(hits, []);
			assert.ok(misses?.[0]?.error);
		});
	}

	it('keeps only JSON', async () => {
		await assert.rejects(host({}, { operation: 'put', value: 'just words' }).run(), /Value is not JSON/);
		assert.deepEqual(door.asked, []);
	});
});
