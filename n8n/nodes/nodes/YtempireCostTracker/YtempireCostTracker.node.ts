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
import { giveBack, heldCall, hold, newCall, settle, unitsOf } from '../door/calls';
import { holdKey, repeatKeyField, runToken, units, videoId, what } from '../door/fields';
import { carried, eachItem, runOf, whole } from '../door/items';
import type { Placed, Run } from '../door/items';

const ofCall = (...operation: string[]) => ({ show: { resource: ['call'], operation } });
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
		displayOptions: ofCall('hold', 'record', 'settle'),
		options: [
			{ name: 'ElevenLabs', value: 'elevenlabs' },
			{ name: 'OpenAI', value: 'openai' },
			{ name: 'Thumbnail', value: 'thumbnail' },
			{ name: 'YouTube', value: 'youtube' },
		],
		default: 'openai',
		description: "Which budget it is of; YouTube's is counted in units, the others in money",
	},
	what(ofCall('hold', 'record'), 'e.g. a picture of the giant squid'),
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
	units(ofCategory(['hold', 'record', 'settle'], ['youtube'])),
	repeatKeyField(ofCall('hold', 'record'), 'this call'),
	holdKey(ofCall('settle', 'void')),
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
	if (operation === 'void') return await giveBack(node, heldCall(node, run, item));
	const category = node.getNodeParameter('category', item) as string;
	const amount = (field: string, shown: string, name: string): IDataObject =>
		category === 'youtube' ? unitsOf(node, item) : { [name]: whole(node, field, item, shown) };
	const bill = () => amount('actualMicrousd', 'Actual', 'actual_microusd');
	if (operation === 'settle') return await settle(node, heldCall(node, run, item), bill());
	const call = newCall(node, run, item);
	if (operation === 'hold') {
		return await hold(node, call, category, amount('estimateMicrousd', 'Estimate', 'estimate_microusd'));
	}
	await hold(node, call, category, amount('actualMicrousd', 'Actual', 'estimate_microusd'));
	return { key: call.key, ...(await settle(node, call, bill())) };
}
