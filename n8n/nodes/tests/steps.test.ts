import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { STEPS } from '../nodes/Ytempire/resources/step';
import { Ytempire } from '../nodes/Ytempire/Ytempire.node';
import { Door, problem } from './door';
import { EXECUTION, Host, NODE_ID } from './host';
import type { Setting } from './host';

const ITEM = { video_id: 'v1', token: 'ytr_1_token' };

describe('run step', () => {
	let door: Door;
	before(async () => void (door = await Door.open()));
	beforeEach(() => door.forget());
	after(() => door.close());

	const host = (step: string, more: Partial<Setting> = {}) =>
		new Host(new Ytempire(), {
			parameters: { resource: 'step', operation: step },
			items: [ITEM],
			credential: { baseUrl: door.url },
			...more,
		});
	const state = (state: string, more = {}) => ({ video_id: 'v1', step: 'render', state, reason: '', ...more });

	for (const step of STEPS) {
		it(`has ${step} done`, async () => {
			door.to(`POST /videos/v1/steps/${step}`, 200, state('done', { step }));
			assert.deepEqual(await host(step).run(), [[{ ...state('done', { step }), ...ITEM }], []]);
			assert.deepEqual(door.last().body, {
				wait_s: 20,
				execution: EXECUTION,
				workflow: 'wf1',
				resume_url: `http://n8n.test/webhook-waiting/${EXECUTION}/${NODE_ID}?signature=abc`,
			});
			assert.equal(door.last().headers.authorization, 'Bearer ytr_1_token');
		});
	}

	it('leaves by Ended when the video came to rest', async () => {
		const ended = state('ended', { video_state: 'in_review', reason: 'waits for review' });
		door.to('POST /videos/v1/steps/render', 200, ended);
		assert.deepEqual(await host('render').run(), [[], [{ ...ended, ...ITEM }]]);
	});

	it('puts the execution to wait while the step is under way', async () => {
		door.to('POST /videos/v1/steps/render', 200, state('under_way'));
		const waiting = host('render', {
			parameters: { resource: 'step', operation: 'render', options: { waitS: 0, mostMinutes: 5 } },
		});
		assert.deepEqual(await waiting.run(), [[ITEM]]);
		const ms = Number(waiting.waitsUntil) - Date.now();
		assert.ok(ms > 290_000 && ms <= 300_000, `${ms} ms`);
		assert.equal((door.last().body as { wait_s: number }).wait_s, 0);
	});

	it('goes on by Done or Ended with what the callback says', async () => {
		const done = await host('render').call(JSON.stringify(state('done')));
		assert.deepEqual(done.given.workflowData, [[{ json: { ...state('done'), token: ITEM.token }, pairedItem: { item: 0 } }], []]);
		const ended = await host('render').call(JSON.stringify(state('ended', { reason: 'cancelled' })));
		assert.deepEqual(ended.given.workflowData?.[0], []);
		assert.equal(ended.given.workflowData?.[1]?.[0]?.json.reason, 'cancelled');
	});

	for (const [about, told] of Object.entries({
		'another video': state('done', { video_id: 'v2' }),
		'another step': state('done', { step: 'voice' }),
		'a step still under way': state('under_way'),
		nothing: {},
	})) {
		it(`is not woken up by a message about ${about}`, async () => {
			const called = await host('render').call(JSON.stringify(told));
			assert.equal(called.status, 409);
			assert.deepEqual(called.given, { noWebhookResponse: true });
		});
	}

	for (const [who, more] of Object.entries({
		'several items': { items: [ITEM, { ...ITEM, video_id: 'v2' }] },
		"an agent's tool": { asTool: true },
	})) {
		it(`asks again instead of waiting for ${who}`, async () => {
			let rounds = 0;
			door.to('POST /videos/v1/steps/render', () => [200, state(++rounds < 3 ? 'under_way' : 'done')]);
			door.to('POST /videos/v2/steps/render', 200, state('ended', { video_id: 'v2' }));
			const asking = host('render', more);
			const outputs = await asking.run();
			assert.equal(rounds, 3);
			assert.equal(asking.waitsUntil, undefined);
			assert.deepEqual(outputs[0]?.map(({ video_id }) => video_id), ['v1']);
			assert.deepEqual(outputs[1]?.map(({ video_id }) => video_id), 'items' in more ? ['v2'] : undefined);
			assert.ok(door.asked.every(({ body }) => !('resume_url' in (body as object))));
		});
	}

	it('is an error when YTEMPIRE refuses', async () => {
		door.to('POST /videos/v1/steps/render', () => problem(409, 'taken_over', 'The built-in driver has it', { fix: 'Claim it anew' }));
		await assert.rejects(host('render').run(), { message: 'The built-in driver has it', httpCode: '409' });
		const goesOn = await host('render', { goesOn: true }).run();
		assert.deepEqual(goesOn[0], [], 'an error is never Done');
		assert.equal(goesOn[1]?.[0]?.error, 'The built-in driver has it');
		assert.equal((goesOn[1]?.[0]?.details as { fix: string }).fix, 'Claim it anew');
	});
});
