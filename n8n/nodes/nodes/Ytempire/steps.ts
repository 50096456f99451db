import { NodeOperationError, sleep } from 'n8n-workflow';
import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	IWebhookDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { askOne, path } from '../door/ask';
import { carried, eachItem, runOf } from '../door/items';
import type { Placed } from '../door/items';

const DONE = 0;
const ENDED = 1;
const SHORTEST_ROUND_MS = 1000;

/** n8n takes calls at this address for an execution that waits at the node, and only for such a one: nothing is
 * registered anywhere, so there is nothing to check, create or delete. */
export const WAKING: IWebhookDescription[] = [
	{
		name: 'default',
		httpMethod: 'POST',
		responseMode: 'onReceived',
		responseData: '',
		path: '={{ $nodeId }}',
		restartWebhook: true,
		isFullPath: true,
	},
];

/** Has a step done for each item. A single item waits: the execution is put away until YTEMPIRE calls it back. An
 * execution can only wait for one thing, so several items, and an agent's tool, ask again and again instead. */
export async function runSteps(node: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const asTool = node.isToolExecution();
	const mayWait = node.getInputData().length === 1 && !asTool;
	let waits = false;
	const placed = await eachItem(
		node,
		async (item) => {
			if (!mayWait) return [at(asTool ? DONE : undefined, await pressed(node, item))];
			const answer = await asked(node, item, resumeUrl(node));
			if (answer.state !== 'under_way') return [at(undefined, answer)];
			await node.putExecutionToWait(new Date(Date.now() + most(node, item)));
			waits = true;
			return [];
		},
		// where the node goes on in spite of an error, that must not look like a step that is done
		asTool ? { outputs: 1 } : { outputs: 2, failTo: ENDED },
	);
	return waits ? [node.getInputData()] : placed;
}

/** YTEMPIRE says that the step is no longer under way. n8n goes on with what is returned here, and does not run the
 * node again. The address is signed and names the node; the message must be about what the node waits for now, because
 * in a loop a late repeat of an earlier one may arrive. Any other is answered 409, which is tried again for a while. */
export async function called(node: IWebhookFunctions): Promise<IWebhookResponseData> {
	const { video_id, step, state, ...rest } = node.getBodyData();
	const expected = node.getNodeParameter('videoId', '') as string;
	if (video_id !== expected || step !== node.getNodeParameter('operation') || !['done', 'ended'].includes(String(state))) {
		node.getResponseObject().status(409).json({ detail: 'This execution waits for another step' });
		return { noWebhookResponse: true };
	}
	const token = String(node.getNodeParameter('runToken', '') ?? '').trim();
	const { output, json } = at(undefined, carried({ video_id, step, state, ...rest }, { token }));
	const items: INodeExecutionData[] = [{ json, pairedItem: { item: 0 } }];
	return { webhookResponse: { taken: true }, workflowData: output === DONE ? [items, []] : [[], items] };
}

function at(output: number | undefined, json: IDataObject): Placed {
	return { output: output ?? (json.state === 'done' ? DONE : ENDED), json };
}

/** The address that wakes this execution up, at this node only. */
function resumeUrl(node: IExecuteFunctions): string {
	const address = new URL(node.evaluateExpression('{{ $execution.resumeUrl }}', 0) as string);
	address.pathname += `/${node.getNode().id}`;
	return address.toString();
}

async function asked(node: IExecuteFunctions, item: number, resume?: string): Promise<IDataObject> {
	const run = runOf(node, item);
	const waitS = option(node, 'waitS', item, 20);
	const answer = await askOne(node, {
		method: 'POST',
		to: path`/videos/${run.videoId}/steps/${node.getNodeParameter('operation', item) as string}`,
		body: {
			wait_s: waitS,
			execution: node.getExecutionId(),
			workflow: node.getWorkflow().id,
			...(resume && { resume_url: resume }),
		},
		token: run.token,
		item,
		timeoutMs: (waitS + 60) * 1000,
	});
	if (!['done', 'under_way', 'ended'].includes(String(answer.state))) {
		throw new NodeOperationError(node.getNode(), `YTEMPIRE answered an unknown state: ${String(answer.state)}`, {
			itemIndex: item,
		});
	}
	return carried(answer, run);
}

async function pressed(node: IExecuteFunctions, item: number): Promise<IDataObject> {
	const until = Date.now() + most(node, item);
	for (;;) {
		const began = Date.now();
		const answer = await asked(node, item);
		if (answer.state !== 'under_way') return answer;
		if (Date.now() >= until) {
			throw new NodeOperationError(node.getNode(), `Step ${String(answer.step)} is still under way`, {
				itemIndex: item,
				description: 'Raise Wait at Most, or ask again later: what is done is kept',
			});
		}
		await sleep(Math.max(0, SHORTEST_ROUND_MS - (Date.now() - began)));
	}
}

function most(node: IExecuteFunctions, item: number): number {
	return option(node, 'mostMinutes', item, 60) * 60_000;
}

function option(node: IExecuteFunctions, name: string, item: number, initial: number): number {
	return Number(node.getNodeParameter(`options.${name}`, item, initial));
}
