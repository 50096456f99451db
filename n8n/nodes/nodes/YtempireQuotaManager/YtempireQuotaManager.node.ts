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
import { carried, eachItem, runOf } from '../door/items';
import type { Placed, Run } from '../door/items';

const ofVideo = {
	show: { resource: ['channel', 'units', 'video'] },
};
const ofUnits = (...operation: string[]) => ({ show: { resource: ['units'], operation } });

const properties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Channel', value: 'channel', description: 'The channel whose turn it is' },
			{ name: 'Day', value: 'day', description: "The quota of the key's owner today" },
			{ name: 'Unit', value: 'units', description: 'Units of YouTube that the workflow spends itself' },
			{ name: 'Video', value: 'video', description: 'What is left for the video of a run' },
		],
		default: 'video',
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['channel'] } },
		options: [
			{
				name: "Select Today's",
				value: 'select',
				action: 'Select the channel of the day',
				description: "The channel that the plan chose for this run's video, with topic and steps",
			},
		],
		default: 'select',
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['day'] } },
		options: [
			{
				name: 'Check',
				value: 'check',
				action: 'Check the quota of today',
				description: "YouTube's uploads and units: used, held and left; takes an API key, not a run token",
			},
			{
				name: 'Forecast',
				value: 'forecast',
				action: 'Forecast whether the day fits',
				description: "What the day's money and quota will hold; takes an API key, not a run token",
			},
		],
		default: 'check',
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['units'] } },
		options: [
			{
				name: 'Hold',
				value: 'hold',
				action: 'Hold units before a call',
				description: 'Put units aside before a call to YouTube; refused if too few are left',
			},
			{
				name: 'Settle',
				value: 'settle',
				action: 'Settle units of a hold',
				description: 'Book the units that the call really took',
			},
			{
				name: 'Void',
				value: 'void',
				action: 'Void a hold of units',
				description: 'Give the units back: the call was not made',
			},
		],
		default: 'hold',
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['video'] } },
		options: [
			{
				name: 'Check',
				value: 'check',
				action: 'Check the quota for a video',
				description: 'Whether the video fits (fits, reason), and the money, units and uploads that are left for it',
			},
		],
		default: 'check',
	},
	videoId(ofVideo),
	runToken(ofVideo),
	what(ofUnits('hold'), 'e.g. search for similar videos'),
	units(ofUnits('hold', 'settle')),
	repeatKeyField(ofUnits('hold'), 'this call'),
	holdKey(ofUnits('settle', 'void')),
];

export class YtempireQuotaManager implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'YTEMPIRE Quota Manager',
		name: 'ytempireQuotaManager',
		icon: { light: 'file:../../icons/quota.svg', dark: 'file:../../icons/quota.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: "Check what is left, select today's channel, hold units of YouTube",
		defaults: { name: 'YTEMPIRE Quota Manager' },
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
	if (resource === 'day') {
		const to = operation === 'forecast' ? '/plan/forecast' : '/quota';
		return [{ json: await askOne(node, { method: 'GET', to, item }) }];
	}
	const run = runOf(node, item);
	if (resource === 'units') return [{ json: carried(await booked(node, operation, run, item), run) }];
	const to = resource === 'channel' ? path`/videos/${run.videoId}/run` : path`/videos/${run.videoId}/means`;
	return [{ json: carried(await askOne(node, { method: 'GET', to, token: run.token, item }), run) }];
}

async function booked(node: IExecuteFunctions, operation: string, run: Run, item: number): Promise<IDataObject> {
	if (operation === 'hold') return await hold(node, newCall(node, run, item), 'youtube', unitsOf(node, item));
	const call = heldCall(node, run, item);
	return operation === 'void' ? await giveBack(node, call) : await settle(node, call, unitsOf(node, item));
}
