import type { INodeProperties } from 'n8n-workflow';

export const operation: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['run'] } },
	options: [
		{
			name: 'Get',
			value: 'get',
			action: 'Get a run',
			description: 'Channel, topic, state, the steps and which is next',
		},
	],
	default: 'get',
};
