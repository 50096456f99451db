import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';

import { Ytempire } from '../nodes/Ytempire/Ytempire.node';
import { YtempireTrigger } from '../nodes/YtempireTrigger/YtempireTrigger.node';
import { Door, problem } from './door';
import { EXECUTION, Host } from './host';

const SECRET = `whsec_${Buffer.from('a secret of the test').toString('base64')}`;
const URL_HERE = 'https://n8n.test/webhook/1/webhook';
const EVENT = { id: 1042, type: 'video.published', timestamp: '2026-11-25T12:00:00.000Z', subject: 'v1', data: { url: 'u' } };

/** By the words of the specification, not by the code under test. */
function signed(body: string, { secret = SECRET, ageS = 0, id = 'msg_1' } = {}) {
	const timestamp = String(Math.floor(Date.now() / 1000) - ageS);
	const mac = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'));
	return {
		'webhook-id': id,
		'webhook-timestamp': timestamp,
		'webhook-signature': `v1,${mac.update(`${id}.${timestamp}.${body}`).digest('base64')}`,
	};
}

describe('the trigger', () => {
	let door: Door;
	before(async () => void (door = await Door.open()));
	beforeEach(() => door.forget());
	after(() => door.close());

	const host = (webhookSecret = '') =>
		new Host(new YtempireTrigger(), {
			parameters: { events: ['video.published', 'video.review_wanted'] },
			credential: { baseUrl: door.url, apiKey: 'yte_1_key', webhookSecret },
		});
	const made = async () => {
		door.to('POST /webhooks', 201, { id: 'w1', secret: SECRET, url: URL_HERE, enabled: true });
		const trigger = host();
		await trigger.hook('create', URL_HERE);
		return trigger;
	};

	it('makes a webhook when it is activated', async () => {
		const trigger = host();
		assert.equal(await trigger.hook('checkExists', URL_HERE), false);
		door.to('POST /webhooks', 201, { id: 'w1', secret: SECRET });
		assert.equal(await trigger.hook('create', URL_HERE), true);
		assert.deepEqual(door.last().body, {
			url: URL_HERE,
			types: ['video.published', 'video.review_wanted'],
			description: 'n8n: Daily',
		});
		assert.equal(door.last().headers.authorization, 'Bearer yte_1_key');
	});

	it('finds its webhook again, and makes another where it is gone, moved or switched off', async () => {
		const trigger = await made();
		door.to('GET /webhooks/w1', 200, { id: 'w1', url: URL_HERE, enabled: true });
		assert.equal(await trigger.hook('checkExists', URL_HERE), true);
		door.to('GET /webhooks/w1', () => problem(404, 'not_found', 'Gone'));
		assert.equal(await trigger.hook('checkExists', URL_HERE), false);
		for (const now of [{ url: 'https://n8n.test/before', enabled: true }, { url: URL_HERE, enabled: false }]) {
			const again = await made();
			door.to('GET /webhooks/w1', 200, { id: 'w1', ...now }).to('DELETE /webhooks/w1', 204);
			assert.equal(await again.hook('checkExists', URL_HERE), false);
			assert.equal(door.last().method, 'DELETE');
		}
	});

	it('deletes its webhook when it is deactivated, also one that is gone', async () => {
		for (const answer of [() => [204] as [number], () => problem(404, 'not_found', 'Gone')]) {
			const trigger = await made();
			door.to('DELETE /webhooks/w1', answer);
			assert.equal(await trigger.hook('delete', URL_HERE), true);
			assert.deepEqual(trigger.staticData, {});
		}
	});

	it('fails to activate or deactivate when YTEMPIRE refuses', async () => {
		door.to('POST /webhooks', () => problem(422, 'invalid', 'The address begins with https://'));
		await assert.rejects(host().hook('create', URL_HERE), { message: 'The address begins with https://' });
		const trigger = await made();
		door.to('DELETE /webhooks/w1', () => problem(503, 'unavailable', 'Not now'));
		await assert.rejects(trigger.hook('delete', URL_HERE), { message: 'Not now' });
		assert.equal(trigger.staticData.webhookId, 'w1');
	});

	it('emits an event that is signed', async () => {
		const body = JSON.stringify(EVENT);
		const { given } = await (await made()).call(body, signed(body));
		assert.deepEqual(given, { workflowData: [[{ json: EVENT }]] });
	});

	it('emits an event once, however often it is delivered', async () => {
		const trigger = await made();
		const deliver = async (id: string) => {
			const body = JSON.stringify(EVENT); // its number comes again after a restore, the message's id does not
			return (await trigger.call(body, signed(body, { id }))).given;
		};
		assert.ok((await deliver('e-0')).workflowData);
		assert.deepEqual(await deliver('e-0'), { webhookResponse: { repeated: true } });
		for (let number = 1; number <= 300; number++) assert.ok((await deliver(`e-${number}`)).workflowData);
		assert.deepEqual(await deliver('e-101'), { webhookResponse: { repeated: true } });
		assert.equal((trigger.staticData.taken as string[]).length, 200, 'it does not grow for ever');
	});

	it('takes an event again that was refused before', async () => {
		const trigger = await made();
		const body = JSON.stringify(EVENT);
		assert.equal((await trigger.call(body, {})).status, 401);
		assert.ok((await trigger.call(body, signed(body))).given.workflowData);
	});

	it('takes a signature by the secret before beside one by the new', async () => {
		const body = JSON.stringify(EVENT);
		const headers = signed(body);
		headers['webhook-signature'] = `v1,b2xk ${headers['webhook-signature']}`;
		assert.ok((await (await made()).call(body, headers)).given.workflowData);
	});

	it("falls back on the credential's secret for a webhook that it did not make", async () => {
		const body = JSON.stringify(EVENT);
		assert.ok((await host(SECRET).call(body, signed(body))).given.workflowData);
	});

	const body = JSON.stringify(EVENT);
	for (const [what, sent, headers] of [
		['unsigned', body, {}],
		['signed by another secret', body, signed(body, { secret: `whsec_${Buffer.from('other').toString('base64')}` })],
		['changed on the way', body.replace('published', 'ordered'), signed(body)],
		['six minutes old', body, signed(body, { ageS: 360 })],
		['six minutes ahead', body, signed(body, { ageS: -360 })],
		['of no time', body, { ...signed(body), 'webhook-timestamp': 'now' }],
		['of another version', body, { ...signed(body), 'webhook-signature': 'v2,AAAA' }],
	] as Array<[string, string, Record<string, string>]>) {
		it(`refuses a message that is ${what}`, async () => {
			const { given, status } = await (await made()).call(sent, headers);
			assert.equal(status, 401);
			assert.deepEqual(given, { noWebhookResponse: true });
		});
	}

	it('refuses everything while there is no secret', async () => {
		assert.equal((await host().call(body, signed(body, { secret: 'whsec_' }))).status, 401);
	});
});

describe('a report', () => {
	it('is signed over the very bytes that are sent', async () => {
		const door = await Door.open();
		door.to('POST /webhooks/n8n', 204);
		const item = {
			workflow: { id: 'daily' },
			execution: { id: '77', lastNodeExecuted: 'Render', error: { message: 'broke' } },
			video_id: 'v1',
		};
		const parameters = { resource: 'workflow', operation: 'report', event: 'workflow.failed' };
		const credential = { baseUrl: door.url, apiKey: 'yte_1_key', webhookSecret: SECRET };
		const [given] = await new Host(new Ytempire(), { parameters, items: [item], credential }).run();
		const told = {
			event: 'workflow.failed',
			workflow: 'daily',
			execution: '77',
			node: 'Render',
			message: 'broke',
			video_id: 'v1',
		};
		assert.deepEqual(given, [{ reported: true, ...told }]);
		const { headers, raw, body } = door.last();
		assert.deepEqual(body, told);
		const mac = createHmac('sha256', Buffer.from(SECRET.slice(6), 'base64'));
		mac.update(`${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${raw}`);
		assert.equal(headers['webhook-signature'], `v1,${mac.digest('base64')}`);
		await door.close();
	});

	it('is of this workflow where nothing else is said, and needs a secret', async () => {
		const door = await Door.open();
		door.to('POST /webhooks/n8n', 204);
		const parameters = { resource: 'workflow', operation: 'report', event: 'run.finished' };
		const setting = { parameters, items: [{}], credential: { baseUrl: door.url, apiKey: 'k', webhookSecret: SECRET } };
		await new Host(new Ytempire(), setting).run();
		assert.deepEqual(door.last().body, { event: 'run.finished', workflow: 'wf1', execution: EXECUTION });
		const bare = { ...setting, credential: { baseUrl: door.url, apiKey: 'k' } };
		await assert.rejects(new Host(new Ytempire(), bare).run(), /no Webhook Secret/);
		await door.close();
	});
});
