import { randomUUID } from 'crypto';

import { NodeOperationError } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { ask, askOne, credentialOf, path } from '../door/ask';
import { carried, jsonOf, needed, repeatKey, runOf, text, tokenOf, whole } from '../door/items';
import type { Placed } from '../door/items';
import { signatureOf } from '../door/signature';

type Operation = (node: IExecuteFunctions, item: number) => Promise<IDataObject[]>;

/** By resource and operation, what is done for one item. Steps and recordings are not here: they look at all items. */
const OPERATIONS: Record<string, Operation> = {
	'plan.claimDue': async (node, item) => {
		const claimed = await ask(node, {
			method: 'POST',
			to: '/plan/due',
			body: {
				driver: 'n8n',
				most: whole(node, 'most', item, 'Most'),
				workflow: node.getWorkflow().id,
				execution: node.getExecutionId(),
			},
			item,
		});
		if (!Array.isArray(claimed)) {
			throw new NodeOperationError(node.getNode(), 'YTEMPIRE did not answer with a list', { itemIndex: item });
		}
		return claimed;
	},

	'approval.ask': async (node, item) => {
		const run = runOf(node, item);
		const asked = await askOne(node, {
			method: 'POST',
			to: path`/videos/${run.videoId}/approval`,
			body: { asked_of: needed(node, 'askedOf', item, 'Asked Of'), minutes: whole(node, 'minutes', item, 'Wait For') },
			token: run.token,
			item,
		});
		return [carried(asked, run)];
	},

	'approval.answer': async (node, item) => {
		const run = runOf(node, item);
		const said = text(node, 'approved', item);
		// where nobody answered in time n8n goes on with what came in: that is neither a yes nor a no
		if (said !== 'true' && said !== 'false') {
			throw new NodeOperationError(node.getNode(), 'Nobody answered: there is neither a yes nor a no', {
				itemIndex: item,
			});
		}
		const to = path`/videos/${run.videoId}/approval/answer`;
		const body = { approved: said === 'true', why: text(node, 'why', item) };
		return [carried(await askOne(node, { method: 'POST', to, body, token: run.token, item }), run)];
	},

	'run.get': async (node, item) => {
		const run = runOf(node, item);
		const to = path`/videos/${run.videoId}/run`;
		return [carried(await askOne(node, { method: 'GET', to, token: run.token, item }), run)];
	},

	'script.brief': async (node, item) => {
		const run = runOf(node, item);
		const to = path`/videos/${run.videoId}/script/brief`;
		return [carried(await askOne(node, { method: 'GET', to, token: run.token, item }), run)];
	},

	'script.handIn': async (node, item) => {
		const run = runOf(node, item);
		const answer: unknown = node.getNodeParameter('answer', item, null);
		if (answer === null || answer === undefined || answer === '') {
			throw new NodeOperationError(node.getNode(), 'Answer is empty', { itemIndex: item });
		}
		const call = text(node, 'call', item);
		return [
			carried(
				await askOne(node, {
					method: 'PUT',
					to: path`/videos/${run.videoId}/script`,
					body: { answer: answer as IDataObject | string, ...(call && { call }) },
					token: run.token,
					item,
				}),
				run,
			),
		];
	},

	'voice.brief': async (node, item) => {
		const run = runOf(node, item);
		const to = path`/videos/${run.videoId}/voice/brief`;
		return [carried(await askOne(node, { method: 'GET', to, token: run.token, item }), run)];
	},

	'voice.handIn': async (node, item) => {
		const run = runOf(node, item);
		const recordings = jsonOf(node, 'recordings', item, 'Recordings');
		if (!Array.isArray(recordings)) {
			throw new NodeOperationError(node.getNode(), 'Recordings is not a list', { itemIndex: item });
		}
		const to = path`/videos/${run.videoId}/voice`;
		const body = { recordings: recordings as IDataObject[] };
		return [carried(await askOne(node, { method: 'PUT', to, body, token: run.token, item }), run)];
	},

	'video.get': async (node, item) => {
		const { videoId, token } = runOf(node, item);
		const video = await askOne(node, { method: 'GET', to: path`/videos/${videoId}`, token, item });
		return [carried(video, { videoId, token })];
	},

	'video.create': async (node, item) => {
		const given = node.getNodeParameter('additionalFields', item, {}) as IDataObject;
		const topic = text(node, 'topic', item);
		const fields = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
		const video = await askOne(node, {
			method: 'POST',
			to: '/videos',
			body: { channel_id: needed(node, 'channelId', item, 'Channel ID'), ...(topic && { topic }), ...fields },
			headers: once(node, item),
			token: tokenOf(node, item),
			item,
		});
		return [carried(video, { videoId: String(video.id), token: tokenOf(node, item) })];
	},

	'video.retry': async (node, item) => {
		const { videoId, token } = runOf(node, item);
		const from = text(node, 'from', item);
		const to = path`/videos/${videoId}/retry`;
		const asked = { method: 'POST', to, body: from ? { from } : {}, headers: once(node, item), token, item } as const;
		return [carried(await askOne(node, asked), { videoId, token })];
	},

	'video.cancel': async (node, item) => {
		const { videoId, token } = runOf(node, item);
		const video = await askOne(node, { method: 'POST', to: path`/videos/${videoId}/cancel`, token, item });
		return [carried(video, { videoId, token })];
	},

	'workflow.report': async (node, item) => {
		const { webhookSecret } = await credentialOf(node, item);
		if (!webhookSecret) {
			throw new NodeOperationError(node.getNode(), 'The credential has no Webhook Secret to sign with', {
				itemIndex: item,
			});
		}
		const optional = {
			node: text(node, 'failedNode', item),
			message: text(node, 'message', item),
			video_id: text(node, 'reportedVideoId', item),
		};
		const body = JSON.stringify({
			event: node.getNodeParameter('event', item) as string,
			workflow: needed(node, 'workflow', item, 'Workflow'),
			execution: needed(node, 'execution', item, 'Execution'),
			...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== '')),
		});
		const id = `msg_${randomUUID()}`;
		const timestamp = String(Math.floor(Date.now() / 1000));
		await ask(node, {
			method: 'POST',
			to: '/webhooks/n8n',
			body,
			headers: {
				'webhook-id': id,
				'webhook-timestamp': timestamp,
				'webhook-signature': signatureOf({ id, timestamp, body }, webhookSecret),
			},
			item,
		});
		return [{ reported: true, ...(JSON.parse(body) as IDataObject) }];
	},
};

export async function operated(node: IExecuteFunctions, name: string, item: number): Promise<Placed[]> {
	const work = OPERATIONS[name];
	if (!work) throw new NodeOperationError(node.getNode(), `There is no operation ${name}`, { itemIndex: item });
	return (await work(node, item)).map((json) => ({ json }));
}

function once(node: IExecuteFunctions, item: number): IDataObject {
	return { 'Idempotency-Key': text(node, 'repeatKey', item) || repeatKey(node, item) };
}
