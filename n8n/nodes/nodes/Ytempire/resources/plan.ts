import type { INodeProperties } from 'n8n-workflow';

const shown = { show: { resource: ['plan'], operation: ['claimDue'] } };

export const operation: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['plan'] } },
	options: [
		{
			name: 'Claim Due',
			value: 'claimDue',
			action: 'Claim the videos that are due',
			description: 'Take over videos whose time has come: an item with video and run token for each',
		},
	],
	default: 'claimDue',
};

export const fields: INodeProperties[] = [
	{
		displayName: 'Most',
		name: 'most',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 100, numberPrecision: 0 },
		displayOptions: shown,
		default: 20,
		description: 'Most videos to claim at once; YTEMPIRE gives fewer where enough are under way',
	},
];
