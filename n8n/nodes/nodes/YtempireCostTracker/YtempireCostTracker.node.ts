import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

import { askOne, path } from '../door/ask';
import { repeatKeyField, runToken, videoId } from '../door/fields';
import { carried, eachItem, needed, repeatKey, runOf, text, whole } from '../door/items';
import type { Placed, Run } from '../door/items';

const call = (...operation: string[]) => ({ show: { resource: ['call'], operation } });
const ofCategory = (operation: string[], category: string[]) => ({
	show: { resource: ['call'], operation, category },
});
const IN_MONEY = ['elevenlabs', 'openai', 'thumbnail'];

const properties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Call', value: 'call', description: 'A paid call that the workflow makes' },
			{ name: 'Day', value: 'day', description: "The money of the key's owner today" },
			{ name: 'Video', value: 'video', description: 'What a video cost, and what is left for it' },
		],
		default: 'call',
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['call'] } },
		options: [
			{
				name: 'Hold',
				value: 'hold',
				action: 'Hold money before a call',
				description: 'Put money aside before a call; refused if a budget has no room for it',
			},
			{
				name: 'Record Usage',
				value: 'record',
				action: 'Record the usage of a call',
				description: 'Hold and settle in one, for a call whose cost is known',
			},
			{
				name: 'Settle',
				value: 'settle',
				action: 'Settle a hold',
				description: 'Book what the call of a hold really cost',
			},
			{
				name: 'Void',
				value: 'void',
				action: 'Void a hold',
				description: 'Give the money of a hold back: the call was not made',
			},
		],
		default: 'hold',
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['day'] } },
		options: [
			{
				name: 'Get',
				value: 'get',
				action: 'Get the costs of today',
				description: 'Spent, held and left today, by category; takes an API key, not a run token',
			},
		],
		default: 'get',
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['video'] } },
		options: [
			{
				name: 'Get Budget Left',
				value: 'means',
				action: 'Get the budget left for a video',
				description: 'Whether the video still fits, and what is left for it, the day and the platform',
			},
			{
				name: 'Get Cost',
				value: 'receipt',
				action: 'Get the cost of a video',
				description: 'The receipt: estimates, holds and actuals, line by line',
			},
		],
		default: 'receipt',
	},
	videoId({ show: { resource: ['call', 'video'] } }),
	runToken({ show: { resource: ['call', 'video'] } }),
	{
		displayName: 'Category',
		name: 'category',
		type: 'options',
		displayOptions: call('hold', 'record', 'settle'),
		options: [
			{ name: 'ElevenLabs', value: 'elevenlabs' },
			{ name: 'OpenAI', value: 'openai' },
			{ name: 'Thumbnail', value: 'thumbnail' },
			{ name: 'YouTube', value: 'youtube' },
		],
		default: 'openai',
		description: "Which budget it is of; YouTube's is counted in units, the others in money",
	},
	{
		displayName: 'What',
		name: 'what',
		type: 'string',
		displayOptions: call('hold', 'record'),
		default: '',
		required: true,
		placeholder: 'e.g. a picture of the giant squid',
		description: 'What the call is for, as the receipt shows it',
	},
	{
		displayName: 'Estimate (Micro-Dollars)',
		name: 'estimateMicrousd',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 0 },
		displayOptions: ofCategory(['hold'], IN_MONEY),
		default: 0,
		required: true,
		description: 'The most that the call may cost: 1,000,000 are a dollar',
	},
	{
		displayName: 'Actual (Micro-Dollars)',
		name: 'actualMicrousd',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 0 },
		displayOptions: ofCategory(['record', 'settle'], IN_MONEY),
		default: 0,
		required: true,
		description: 'What the vendor billed: 1,000,000 are a dollar',
	},
	{
		displayName: 'Units',
		name: 'units',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 0 },
		displayOptions: ofCategory(['hold', 'record', 'settle'], ['youtube']),
		default: 1,
		required: true,
		description: 'Units of the quota of YouTube',
	},
	repeatKeyField(call('hold', 'record'), 'this call'),
	{
		displayName: 'Key of the Hold',
		name: 'holdKey',
		type: 'string',
		displayOptions: call('settle', 'void'),
		default: '={{ $json.key }}',
		required: true,
		description: 'The key that Hold answered',
	},
];

export class YtempireCostTracker implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'YTEMPIRE Cost Tracker',
		name: 'ytempireCostTracker',
		icon: { light: 'file:../../icons/cost.svg', dark: 'file:../../icons/cost.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Hold, settle and look up what videos cost',
		defaults: { name: 'YTEMPIRE Cost Tracker' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		sensitiveOutputFields: ['token'],
		credentials: [{ name: 'ytempireApi', required: true }],
		properties,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await eachItem(this, (item) => oneItem(this, item));
	}
}

async function oneItem(node: IExecuteFunctions, item: number): Promise<Placed[]> {
	const resource = node.getNodeParameter('resource', item) as string;
	const operation = node.getNodeParameter('operation', item) as string;
	if (resource === 'day') return [{ json: await askOne(node, { method: 'GET', to: '/costs/today', item }) }];
	const run = runOf(node, item);
	if (resource === 'call') return [{ json: carried(await booked(node, operation, run, item), run) }];
	const to = operation === 'means' ? path`/videos/${run.videoId}/means` : path`/videos/${run.videoId}/receipt`;
	return [{ json: carried(await askOne(node, { method: 'GET', to, token: run.token, item }), run) }];
}

async function booked(node: IExecuteFunctions, operation: string, run: Run, item: number): Promise<IDataObject> {
	const { token } = run;
	if (operation === 'void') {
		const key = needed(node, 'holdKey', item, 'Key of the Hold');
		return await askOne(node, { method: 'POST', to: path`/videos/${run.videoId}/calls/${key}/void`, token, item });
	}
	const category = node.getNodeParameter('category', item) as string;
	const inUnits = category === 'youtube';
	if (operation === 'settle') {
		return await settled(node, run, needed(node, 'holdKey', item, 'Key of the Hold'), inUnits, item);
	}
	const estimate = operation === 'hold' ? 'estimateMicrousd' : 'actualMicrousd';
	const amount = inUnits
		? { units: whole(node, 'units', item, 'Units') }
		: { estimate_microusd: whole(node, estimate, item, operation === 'hold' ? 'Estimate' : 'Actual') };
	const key = text(node, 'repeatKey', item) || repeatKey(node, item);
	const held = await askOne(node, {
		method: 'POST',
		to: path`/videos/${run.videoId}/calls`,
		body: { category, what: needed(node, 'what', item, 'What'), key, ...amount },
		token,
		item,
	});
	return operation === 'hold' ? { key, ...held } : { key, ...(await settled(node, run, key, inUnits, item)) };
}

async function settled(node: IExecuteFunctions, run: Run, key: string, inUnits: boolean, item: number) {
	return await askOne(node, {
		method: 'POST',
		to: path`/videos/${run.videoId}/calls/${key}/settle`,
		body: inUnits
			? { units: whole(node, 'units', item, 'Units') }
			: { actual_microusd: whole(node, 'actualMicrousd', item, 'Actual') },
		token: run.token,
		item,
	});
}
