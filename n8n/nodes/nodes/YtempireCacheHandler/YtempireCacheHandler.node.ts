import { NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';
import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

import { ask, askOne, attempt, path } from '../door/ask';
import type { Answer } from '../door/ask';
import { runToken } from '../door/fields';
import { eachItem, jsonOf, needed, tokenOf, whole } from '../door/items';
import type { Placed } from '../door/items';
import { asNodeError, problemIn, problemOf, refused } from '../door/problem';

const HIT = 0;
const MISS = 1;

const properties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Get',
				value: 'get',
				action: 'Get a value from the cache',
				description: 'Look a value up: the item leaves by Hit, with the value, or by Miss',
			},
			{
				name: 'Invalidate',
				value: 'invalidate',
				action: 'Invalidate a value of the cache',
				description: 'Forget a value; one that is not there is no error',
			},
			{
				name: 'Put',
				value: 'put',
				action: 'Put a value into the cache',
				description: 'Keep a value for a while',
			},
		],
		default: 'get',
	},
	{
		displayName: 'Namespace',
		name: 'namespace',
		type: 'string',
		default: 'n8n',
		required: true,
		description: 'Keeps the keys of different uses apart: small letters, digits, dot, dash and underscore',
	},
	{
		displayName: 'Key',
		name: 'key',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. topic-42',
		description: 'What the value is found by: visible ASCII, at most 200 characters',
	},
	{
		displayName: 'Value',
		name: 'value',
		type: 'json',
		displayOptions: { show: { operation: ['put'] } },
		default: '={{ $json }}',
		required: true,
		description: 'Any JSON of at most 256,000 bytes',
	},
	{
		displayName: 'Keep for (Seconds)',
		name: 'ttlS',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 2592000, numberPrecision: 0 },
		displayOptions: { show: { operation: ['put'] } },
		default: 3600,
		description: 'How long the value is of use, 30 days at most; the cache may forget it earlier',
	},
	runToken(),
	{
		displayName: 'Miss if the Cache Is Away',
		name: 'missIfAway',
		type: 'boolean',
		displayOptions: { show: { operation: ['get'] } },
		default: true,
		description:
			'Whether the item leaves by Miss, with cache_error, where the cache does not answer; else it is an error. It is never a hit.',
	},
];

export class YtempireCacheHandler implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'YTEMPIRE Cache Handler',
		name: 'ytempireCacheHandler',
		icon: { light: 'file:../../icons/cache.svg', dark: 'file:../../icons/cache.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["namespace"] }}',
		description: 'Keep values that are costly to make, and find them again',
		defaults: { name: 'YTEMPIRE Cache Handler' },
		inputs: [NodeConnectionTypes.Main],
		outputs:
			'={{ $parameter["operation"] === "get" ? [{ type: "main", displayName: "Hit" }, { type: "main", displayName: "Miss" }] : [{ type: "main" }] }}',
		usableAsTool: true,
		sensitiveOutputFields: ['token'],
		credentials: [{ name: 'ytempireApi', required: true }],
		properties,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const looksUp = this.getNodeParameter('operation', 0, 'get') === 'get';
		// a tool has one output: there `hit` tells
		const outputs = looksUp && !this.isToolExecution() ? 2 : 1;
		const placed = await eachItem(this, async (item) => [await oneItem(this, outputs, item)], {
			outputs,
			failTo: outputs - 1, // an error must never look like a hit
		});
		for (const one of placed.flat()) one.binary = this.getInputData()[itemOf(one)]?.binary;
		return placed;
	}
}

function itemOf({ pairedItem }: INodeExecutionData): number {
	return typeof pairedItem === 'object' && !Array.isArray(pairedItem) ? pairedItem.item : 0;
}

async function oneItem(node: IExecuteFunctions, outputs: number, item: number): Promise<Placed> {
	const operation = node.getNodeParameter('operation', item) as string;
	const to = path`/cache/${needed(node, 'namespace', item, 'Namespace')}/${needed(node, 'key', item, 'Key')}`;
	const token = tokenOf(node, item);
	const input = node.getInputData()[item]?.json ?? {};
	if (operation === 'put') {
		const body = {
			value: jsonOf(node, 'value', item, 'Value') as IDataObject,
			ttl_s: whole(node, 'ttlS', item, 'Keep for'),
		};
		const { kept } = await askOne(node, { method: 'PUT', to, body, token, item });
		return { json: { ...input, kept } };
	}
	if (operation === 'invalidate') {
		await ask(node, { method: 'DELETE', to, token, item });
		return { json: { ...input, invalidated: true } };
	}
	const found = await lookedUp(node, to, token, item);
	return { output: Math.min(found.hit ? HIT : MISS, outputs - 1), json: { ...input, ...found } };
}

type Found = { hit: true; value: IDataObject[string] } | { hit: false; cache_error?: string };

async function lookedUp(node: IExecuteFunctions, to: string, token: string, item: number): Promise<Found> {
	const missIfAway = node.getNodeParameter('missIfAway', item, true) as boolean;
	let answer: Answer;
	try {
		answer = await attempt(node, { method: 'GET', to, token, item });
	} catch (error) {
		const problem = problemIn(error);
		if (missIfAway && problem) return { hit: false, cache_error: problem.detail ?? 'no answer' };
		throw asNodeError(node.getNode(), error, item);
	}
	const { status, body } = answer;
	const problem = problemOf(status, body);
	if (status === 404 && problem.code === 'cache_miss') return { hit: false };
	if (missIfAway && (status === 429 || status >= 500)) {
		return { hit: false, cache_error: problem.detail ?? `YTEMPIRE answered ${status}` };
	}
	if (status !== 200) throw refused(node.getNode(), problem, item);
	if (Array.isArray(body) || !('value' in body)) {
		throw new NodeOperationError(node.getNode(), 'What answered is not the cache', {
			itemIndex: item,
			description: 'Is this the base URL of YTEMPIRE?',
		});
	}
	return { hit: true, value: body.value };
}
