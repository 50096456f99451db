import type { INodeProperties } from 'n8n-workflow';

const shown = { show: { resource: ['script'], operation: ['handIn'] } };

export const operation: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: ['script'] } },
	options: [
		{
			name: 'Get Brief',
			value: 'brief',
			action: 'Get the brief of a script',
			description: 'Whether a model has to be asked, which, and with what',
		},
		{
			name: 'Hand In',
			value: 'handIn',
			action: 'Hand in a script',
			description: "Give the model's answer to YTEMPIRE, which checks it against the schema",
		},
	],
	default: 'brief',
};

export const fields: INodeProperties[] = [
	{
		displayName: 'Answer',
		name: 'answer',
		type: 'json',
		displayOptions: shown,
		default: '={{ $json.answer }}',
		required: true,
		description: "What the model answered, as an object or as the model's text: it has to fit the schema of the brief",
	},
	{
		displayName: 'Call ID',
		name: 'call',
		type: 'string',
		displayOptions: shown,
		default: '',
		description: "The model call that was paid through the relay (its answer's header Ytempire-Call); may be empty",
	},
];
