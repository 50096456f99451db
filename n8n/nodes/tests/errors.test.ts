import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { inspect } from 'node:util';

import { Ytempire } from '../nodes/Ytempire/Ytempire.node';
import { YtempireCostTracker } from '../nodes/YtempireCostTracker/YtempireCostTracker.node';
import { Door, problem } from './door';
import { EXECUTION, Host, NODE_ID } from './host';
import type { Setting } from './host';

const SECRETS = /ytr_1_secret|yte_1_secret|Bearer/;
const HOLD = { resource: 'call', operation: 'hold', what: 'a title', estimateMicrousd: 5 };
const ITEM = { video_id: 'v1', token: 'ytr_1_secret' };

describe('errors', () => {
	let door: Door;
	before(async () => void (door = await Door.open()));
	beforeEach(() => door.forget());
	after(() => door.close());

	const host = (more: Partial<Setting> = {}) =>
		new Host(new YtempireCostTracker(), {
			parameters: HOLD,
			items: [ITEM],
			credential: { baseUrl: door.url, apiKey: 'yte_1_secret' },
			...more,
		});
	const thrownBy = async (host: Host) => {
		try {
			await host.run();
		} catch (error) {
			return error as Error & { description?: string; httpCode?: string };
		}
		throw new Error('it went well');
	};

	it('say detail and fix, and no token even if the server repeats it', async () => {
		door.to('POST /videos/v1/calls', ({ headers }) =>
			problem(409, 'budget_refused', `No room (asked with ${headers.authorization ?? ''})`, { fix: 'Wait until tomorrow' }),
		);
		const error = await thrownBy(host());
		assert.equal(error.message, 'No room (asked with …)');
		assert.equal(error.description, 'Wait until tomorrow. Code: budget_refused');
		assert.equal(error.httpCode, '409');
		assert.doesNotMatch(inspect(error, { depth: 20 }), SECRETS);
	});

	it('name the base URL when nobody answers, and no token', async () => {
		const error = await thrownBy(host({ credential: { baseUrl: 'http://127.0.0.1:9' } }));
		assert.match(error.message, /^YTEMPIRE can't be reached at http:\/\/127\.0\.0\.1:9: /);
		assert.doesNotMatch(inspect(error, { depth: 20 }), SECRETS);
	});

	it('come of pages that are no problem, too', async () => {
		door.to('POST /videos/v1/calls', 502, 'Bad gateway');
		assert.equal((await thrownBy(host())).message, 'YTEMPIRE answered 502');
	});

	it('become items of their own where the node goes on', async () => {
		door.to('POST /videos/v1/calls', () => problem(409, 'budget_refused', 'No room'));
		door.to('POST /videos/v2/calls', 200, { state: 'held' });
		const items = [ITEM, { video_id: 'v2', token: 'ytr_2_t' }, { token: 'x' }];
		const [given = []] = await host({ goesOn: true, items }).execute();
		assert.deepEqual(given[0], {
			json: { error: 'No room', details: { status: 409, code: 'budget_refused', detail: 'No room' } },
			pairedItem: { item: 0 },
		});
		assert.equal(given[1]?.json.state, 'held');
		assert.deepEqual(given[1]?.pairedItem, { item: 1 });
		assert.deepEqual(given[2]?.json, { error: 'Video ID is empty' });
		assert.deepEqual(door.asked.map(({ headers }) => headers.authorization), ['Bearer ytr_1_secret', 'Bearer ytr_2_t']);
	});

	it('stop who has neither token nor key, before anything is asked', async () => {
		const error = await thrownBy(host({ items: [{ video_id: 'v1' }], credential: { baseUrl: door.url } }));
		assert.match(error.message, /no run token and no API key/);
		assert.deepEqual(door.asked, []);
	});

	it('stop money that is no whole number', async () => {
		for (const estimateMicrousd of [0.5, -1, 'much']) {
			const error = await thrownBy(host({ parameters: { ...HOLD, estimateMicrousd } }));
			assert.match(error.message, /whole number/);
		}
		assert.deepEqual(door.asked, []);
	});

	it('of a settlement leave the hold under its key, and a repeat settles it', async () => {
		door.to('POST /videos/v1/calls', 200, { state: 'held' });
		const record = { ...HOLD, operation: 'record', actualMicrousd: 5, repeatKey: 'k' };
		await thrownBy(host({ parameters: record }));
		door.to('POST /videos/v1/calls/k/settle', 200, { state: 'settled' });
		assert.equal((await host({ parameters: record }).run())[0]?.[0]?.state, 'settled');
		assert.deepEqual(
			door.asked.filter(({ path }) => path.endsWith('/calls')).map(({ body }) => (body as { key: string }).key),
			['k', 'k'],
		);
	});
});

describe('repeat keys', () => {
	it('are of execution, node, round and item', async () => {
		const door = await Door.open();
		for (const video of ['v1', 'v2']) door.to(`POST /videos/${video}/calls`, 200, {});
		const items = [ITEM, { ...ITEM, video_id: 'v2' }];
		for (const runIndex of [0, 2]) {
			await new Host(new YtempireCostTracker(), { parameters: HOLD, items, runIndex, credential: { baseUrl: door.url } }).run();
		}
		const keys = door.asked.map(({ body }) => (body as { key: string }).key);
		assert.deepEqual(keys, ['0', '1', '2.0', '2.1'].map((end) => `${EXECUTION}:${NODE_ID}:${end}`));
		await door.close();
	});
});

describe('handing in recordings, one an item', () => {
	it('asks once for each video, and pairs with all its items', async () => {
		const door = await Door.open();
		door.to('PUT /videos/v1/voice', 200, { accepted: true, recordings: 2 });
		door.to('PUT /videos/v2/voice', () => problem(422, 'draft_refused', 'Recording 1 has no word times'));
		const part = (video_id: string, number: number) => ({
			...ITEM,
			video_id,
			number,
			text: `Sentence ${number}.`,
			audio_base64: 'AAAA',
			alignment: { characters: ['S'], character_start_times_seconds: [0], character_end_times_seconds: [0.1] },
		});
		const [given] = await new Host(new Ytempire(), {
			parameters: { resource: 'voice', operation: 'handIn' },
			items: [part('v1', 1), part('v2', 1), part('v1', 2)],
			credential: { baseUrl: door.url },
			goesOn: true,
		}).execute();
		assert.deepEqual(given?.[0], {
			json: { accepted: true, recordings: 2, ...ITEM },
			pairedItem: [{ item: 0 }, { item: 2 }],
		});
		assert.equal(given?.[1]?.json.error, 'Recording 1 has no word times');
		const { recordings } = door.asked[0]?.body as { recordings: Array<{ number: number; text: string }> };
		assert.deepEqual(recordings.map(({ number, text }) => [number, text]), [[1, 'Sentence 1.'], [2, 'Sentence 2.']]);
		await door.close();
	});
});
