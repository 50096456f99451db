import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import type { IDataObject, INodeParameters, INodeType } from 'n8n-workflow';

import { Ytempire } from '../nodes/Ytempire/Ytempire.node';
import { YtempireCacheHandler } from '../nodes/YtempireCacheHandler/YtempireCacheHandler.node';
import { YtempireCostTracker } from '../nodes/YtempireCostTracker/YtempireCostTracker.node';
import { YtempireQuotaManager } from '../nodes/YtempireQuotaManager/YtempireQuotaManager.node';
import { Door } from './door';
import { EXECUTION, Host, NODE_ID } from './host';

const KEY = `${EXECUTION}:${NODE_ID}:0`;
const ITEM = { video_id: 'v1', token: 'ytr_1_token' };

interface Case {
	title: string;
	node: INodeType;
	parameters: INodeParameters;
	item?: IDataObject;
	/** What is asked, in order, and what the server answers each time. */
	asks: Array<{ what: string; body?: unknown; as?: string; key?: string; answer: unknown }>;
	gives: IDataObject;
}

const cost = new YtempireCostTracker();
const quota = new YtempireQuotaManager();
const ytempire = new Ytempire();
const cache = new YtempireCacheHandler();
const HELD = { call_id: 'c1', state: 'held', held: 9000 };
const SETTLED = { call_id: 'c1', state: 'settled', actual: 8000 };

const CASES: Case[] = [
	{
		title: 'cost tracker: hold',
		node: cost,
		parameters: { resource: 'call', operation: 'hold', category: 'openai', what: 'a title', estimateMicrousd: 9000 },
		asks: [
			{
				what: 'POST /videos/v1/calls',
				body: { category: 'openai', what: 'a title', key: KEY, estimate_microusd: 9000 },
				answer: { ...HELD, key: KEY },
			},
		],
		gives: { ...HELD, key: KEY, ...ITEM },
	},
	{
		title: 'cost tracker: record usage is a hold and its settlement',
		node: cost,
		parameters: { resource: 'call', operation: 'record', category: 'thumbnail', what: 'a face', actualMicrousd: 8000 },
		asks: [
			{
				what: 'POST /videos/v1/calls',
				body: { category: 'thumbnail', what: 'a face', key: KEY, estimate_microusd: 8000 },
				answer: HELD,
			},
			{
				what: `POST /videos/v1/calls/${encodeURIComponent(KEY)}/settle`,
				body: { actual_microusd: 8000 },
				answer: SETTLED,
			},
		],
		gives: { ...SETTLED, key: KEY, ...ITEM },
	},
	{
		title: 'cost tracker: settle',
		node: cost,
		parameters: { resource: 'call', operation: 'settle', category: 'elevenlabs', actualMicrousd: 8000 },
		item: { ...ITEM, key: '7:n:0' },
		asks: [{ what: 'POST /videos/v1/calls/7%3An%3A0/settle', body: { actual_microusd: 8000 }, answer: SETTLED }],
		gives: { ...SETTLED, ...ITEM },
	},
	{
		title: 'cost tracker: settle units of YouTube',
		node: cost,
		parameters: { resource: 'call', operation: 'settle', category: 'youtube', units: 50, holdKey: 'k' },
		asks: [{ what: 'POST /videos/v1/calls/k/settle', body: { units: 50 }, answer: SETTLED }],
		gives: { ...SETTLED, ...ITEM },
	},
	{
		title: 'cost tracker: void',
		node: cost,
		parameters: { resource: 'call', operation: 'void', holdKey: 'k' },
		asks: [{ what: 'POST /videos/v1/calls/k/void', answer: { state: 'void' } }],
		gives: { state: 'void', ...ITEM },
	},
	{
		title: 'cost tracker: the cost of a video is its receipt',
		node: cost,
		parameters: { resource: 'video', operation: 'receipt' },
		asks: [{ what: 'GET /videos/v1/receipt', answer: { actual_microusd: 81200 } }],
		gives: { actual_microusd: 81200, ...ITEM },
	},
	{
		title: 'cost tracker: budget left',
		node: cost,
		parameters: { resource: 'video', operation: 'means' },
		asks: [{ what: 'GET /videos/v1/means', answer: { fits: true, reason: '' } }],
		gives: { fits: true, reason: '', ...ITEM },
	},
	{
		title: 'cost tracker: today, with the key',
		node: cost,
		parameters: { resource: 'day', operation: 'get' },
		asks: [{ what: 'GET /costs/today', as: 'yte_1_key', answer: { day: '2026-11-25' } }],
		gives: { day: '2026-11-25' },
	},
	{
		title: 'quota manager: check for a video',
		node: quota,
		parameters: { resource: 'video', operation: 'check' },
		asks: [{ what: 'GET /videos/v1/means', answer: { fits: false, reason: 'no units', units_left: 3 } }],
		gives: { fits: false, reason: 'no units', units_left: 3, ...ITEM },
	},
	{
		title: 'quota manager: check the day, with the key',
		node: quota,
		parameters: { resource: 'day', operation: 'check' },
		asks: [{ what: 'GET /quota', as: 'yte_1_key', answer: { buckets: [] } }],
		gives: { buckets: [] },
	},
	{
		title: 'quota manager: forecast, with the key',
		node: quota,
		parameters: { resource: 'day', operation: 'forecast' },
		asks: [{ what: 'GET /plan/forecast', as: 'yte_1_key', answer: { videos_seen: 20 } }],
		gives: { videos_seen: 20 },
	},
	{
		title: "quota manager: select today's channel",
		node: quota,
		parameters: { resource: 'channel', operation: 'select' },
		asks: [{ what: 'GET /videos/v1/run', answer: { video_id: 'v1', channel: { handle: 'deep-sea' } } }],
		gives: { channel: { handle: 'deep-sea' }, ...ITEM },
	},
	{
		title: 'quota manager: hold units',
		node: quota,
		parameters: { resource: 'units', operation: 'hold', what: 'a search', units: 100, repeatKey: 'mine' },
		asks: [
			{
				what: 'POST /videos/v1/calls',
				body: { category: 'youtube', what: 'a search', key: 'mine', units: 100 },
				answer: { ...HELD, key: 'mine' },
			},
		],
		gives: { ...HELD, key: 'mine', ...ITEM },
	},
	{
		title: 'quota manager: settle units',
		node: quota,
		parameters: { resource: 'units', operation: 'settle', units: 1, holdKey: 'mine' },
		asks: [{ what: 'POST /videos/v1/calls/mine/settle', body: { units: 1 }, answer: SETTLED }],
		gives: { ...SETTLED, ...ITEM },
	},
	{
		title: 'quota manager: void units',
		node: quota,
		parameters: { resource: 'units', operation: 'void', holdKey: 'mine' },
		asks: [{ what: 'POST /videos/v1/calls/mine/void', answer: { state: 'void' } }],
		gives: { state: 'void', ...ITEM },
	},
	{
		title: 'cache handler: put',
		node: cache,
		parameters: { operation: 'put', namespace: 'topics', key: 'a/b', value: '{"a":[1]}', ttlS: 60 },
		asks: [
			{
				what: 'PUT /cache/topics/a%2Fb',
				body: { value: { a: [1] }, ttl_s: 60 },
				answer: { kept: true, ttl_s: 60 },
			},
		],
		gives: { kept: true, ...ITEM },
	},
	{
		title: 'cache handler: invalidate',
		node: cache,
		parameters: { operation: 'invalidate', key: 'k' },
		asks: [{ what: 'DELETE /cache/n8n/k', answer: undefined }],
		gives: { invalidated: true, ...ITEM },
	},
	{
		title: 'ytempire: claim due, with the key',
		node: ytempire,
		parameters: { resource: 'plan', operation: 'claimDue', most: 3 },
		asks: [
			{
				what: 'POST /plan/due',
				as: 'yte_1_key',
				body: { driver: 'n8n', most: 3, workflow: 'wf1', execution: EXECUTION },
				answer: [{ video_id: 'v7', token: 'ytr_7_t' }],
			},
		],
		gives: { video_id: 'v7', token: 'ytr_7_t' },
	},
	{
		title: 'ytempire: ask for an approval',
		node: ytempire,
		parameters: { resource: 'approval', operation: 'ask', askedOf: 'Slack, #videos', minutes: 60 },
		asks: [
			{
				what: 'POST /videos/v1/approval',
				body: { asked_of: 'Slack, #videos', minutes: 60 },
				answer: { asked_of: 'Slack, #videos', until: '2026-11-26T12:00:00Z' },
			},
		],
		gives: { asked_of: 'Slack, #videos', until: '2026-11-26T12:00:00Z', ...ITEM },
	},
	{
		title: 'ytempire: answer an approval as a person did',
		node: ytempire,
		parameters: { resource: 'approval', operation: 'answer', why: 'too loud' },
		item: { ...ITEM, data: { approved: false } },
		asks: [
			{
				what: 'POST /videos/v1/approval/answer',
				body: { approved: false, why: 'too loud' },
				answer: { approved: false, why: 'too loud' },
			},
		],
		gives: { approved: false, why: 'too loud', ...ITEM },
	},
	{
		title: 'ytempire: get a run',
		node: ytempire,
		parameters: { resource: 'run', operation: 'get' },
		asks: [{ what: 'GET /videos/v1/run', answer: { next_step: 'script' } }],
		gives: { next_step: 'script', ...ITEM },
	},
	{
		title: 'ytempire: script brief',
		node: ytempire,
		parameters: { resource: 'script', operation: 'brief' },
		asks: [{ what: 'GET /videos/v1/script/brief', answer: { needed: true, model: 'm' } }],
		gives: { needed: true, model: 'm', ...ITEM },
	},
	{
		title: "ytempire: hand in a script as the model's text",
		node: ytempire,
		parameters: { resource: 'script', operation: 'handIn', call: 'c9' },
		item: { ...ITEM, answer: '{"title":"Squid"}' },
		asks: [
			{
				what: 'PUT /videos/v1/script',
				body: { answer: '{"title":"Squid"}', call: 'c9' },
				answer: { accepted: true, sentences: 9 },
			},
		],
		gives: { accepted: true, sentences: 9, ...ITEM },
	},
	{
		title: 'ytempire: hand in a script as an object',
		node: ytempire,
		parameters: { resource: 'script', operation: 'handIn' },
		item: { ...ITEM, answer: { title: 'Squid' } },
		asks: [{ what: 'PUT /videos/v1/script', body: { answer: { title: 'Squid' } }, answer: { accepted: true } }],
		gives: { accepted: true, ...ITEM },
	},
	{
		title: 'ytempire: voice brief',
		node: ytempire,
		parameters: { resource: 'voice', operation: 'brief' },
		asks: [{ what: 'GET /videos/v1/voice/brief', answer: { needed: false, why: 'local' } }],
		gives: { needed: false, why: 'local', ...ITEM },
	},
	{
		title: 'ytempire: hand in a list of recordings',
		node: ytempire,
		parameters: { resource: 'voice', operation: 'handIn', recordingsAre: 'list' },
		item: { ...ITEM, recordings: [{ number: 1 }] },
		asks: [{ what: 'PUT /videos/v1/voice', body: { recordings: [{ number: 1 }] }, answer: { recordings: 1 } }],
		gives: { recordings: 1, ...ITEM },
	},
	{
		title: 'ytempire: get a video with the key',
		node: ytempire,
		parameters: { resource: 'video', operation: 'get', videoId: 'v2' },
		asks: [{ what: 'GET /videos/v2', as: 'yte_1_key', answer: { state: 'published' } }],
		gives: { state: 'published', video_id: 'v2' },
	},
	{
		title: 'ytempire: create a video, once',
		node: ytempire,
		parameters: {
			resource: 'video',
			operation: 'create',
			topic: 'Why squid glow',
			additionalFields: { minutes: 1, voice: '' },
		},
		item: { channel_id: 'c1' },
		asks: [
			{
				what: 'POST /videos',
				as: 'yte_1_key',
				key: KEY,
				body: { channel_id: 'c1', topic: 'Why squid glow', minutes: 1 },
				answer: { id: 'v3' },
			},
		],
		gives: { id: 'v3', video_id: 'v3' },
	},
	{
		title: 'ytempire: retry a video from a step, once',
		node: ytempire,
		parameters: { resource: 'video', operation: 'retry', from: 'visuals' },
		asks: [{ what: 'POST /videos/v1/retry', key: KEY, as: 'yte_1_key', body: { from: 'visuals' }, answer: { allowed: true } }],
		gives: { allowed: true, video_id: 'v1' },
	},
	{
		title: 'ytempire: retry a video where it failed',
		node: ytempire,
		parameters: { resource: 'video', operation: 'retry' },
		asks: [{ what: 'POST /videos/v1/retry', key: KEY, as: 'yte_1_key', body: {}, answer: { allowed: true } }],
		gives: { allowed: true, video_id: 'v1' },
	},
	{
		title: 'ytempire: cancel a video',
		node: ytempire,
		parameters: { resource: 'video', operation: 'cancel' },
		asks: [{ what: 'POST /videos/v1/cancel', as: 'yte_1_key', answer: { state: 'cancelled' } }],
		gives: { state: 'cancelled', video_id: 'v1' },
	},
];

describe('each operation asks and gives what it says', () => {
	let door: Door;
	before(async () => void (door = await Door.open()));
	beforeEach(() => door.forget());
	after(() => door.close());

	for (const { title, node, parameters, item = ITEM, asks, gives } of CASES) {
		it(title, async () => {
			for (const { what, answer } of asks) door.to(what, answer === undefined ? 204 : 200, answer);
			const credential = { baseUrl: `${door.url}/`, apiKey: 'yte_1_key' };
			const placed = await new Host(node, { parameters, items: [item], credential }).execute();
			assert.deepEqual(
				door.asked.map(({ method, path, headers, body }) => ({
					what: `${method} ${path}`,
					as: headers.authorization,
					body,
					key: headers['idempotency-key'],
				})),
				asks.map(({ what, body, key, as = 'ytr_1_token' }) => {
					const [method, path] = what.split(' ');
					return { what: `${method} /api/v1${path}`, as: `Bearer ${as}`, body, key };
				}),
			);
			assert.deepEqual(placed, [[{ json: gives, pairedItem: { item: 0 }, ...(node === cache && { binary: undefined }) }]]);
		});
	}

	it('takes no answer for neither a yes nor a no', async () => {
		const parameters = { resource: 'approval', operation: 'answer' };
		const credential = { baseUrl: door.url, apiKey: 'yte_1_key' };
		await assert.rejects(new Host(ytempire, { parameters, items: [ITEM], credential }).execute(), /Nobody answered/);
		assert.equal(door.asked.length, 0);
	});
});
